import snowball from "snowball-stemmers";
import { plainLetters } from "./plain-letters.ts";

/** Languages, beside English, whose words are compared by their forms. */
export type ForeignLanguage = "german" | "french" | "spanish";

/** The same with English, whose stemmer leaves little to compare. */
export type FormLanguage = ForeignLanguage | "english";

/** How a written word is related to one that somebody asked for. */
export type Relation =
  /** Another form of it: "Fahrräder", "abgeholt" and "Abholung". */
  | "same"
  /** A compound with it as its last part, or with it in front where it is long: "Grundmiete" for "Miete". */
  | "compound"
  /** A compound with it in front: "Radweg" for "Rad". */
  | "beginning"
  /** The last part of what was asked for: "Frist" for "Kündigungsfrist". */
  | "head"
  /** The first part of it: "Kündigung". */
  | "modifier";

/** What of an asked word is said by a word that is related to it; a head and a modifier together say all of it. */
export const RELATION_SHARES: Readonly<Record<Relation, number>> = {
  same: 1,
  compound: 0.8,
  beginning: 0.5,
  head: 0.6,
  modifier: 0.4,
};

/** Shorter parts of compounds stand in too many words by chance. */
const SHORTEST_PART = 4;
const SHORTEST_REST = 3;
/** From so many letters on, a word says most of what a compound says that begins with it. */
const LONG_PART = 7;
const CACHE_SIZE = 50_000;
const IS_ASCII = /^[\u0020-\u007e]*$/;
const LETTERS = /^[\p{L}\p{N}]+$/u;
/** What German puts between the parts of a compound. */
const LINKS: readonly string[] = ["", "s", "es", "n", "en", "er", "e"];
/** "abgeholt", "gewartet": what a participle has of its verb. */
const PARTICIPLE =
  /^(ab|an|auf|aus|bei|durch|ein|fest|her|hin|los|mit|nach|um|unter|vor|weg|weiter|zu|zuruck|zusammen)?ge(\p{L}{3,}?)(?:e?t|en)$/u;
/** "auszuschalten". */
const LONG_INFINITIVE =
  /^(ab|an|auf|aus|bei|durch|ein|fest|her|hin|los|mit|nach|um|unter|vor|weg|weiter|zuruck|zusammen)zu(\p{L}{4,}n)$/u;
/** Verbs end so, and nouns of what they do. */
const VERB_END = /(?:e?t|ung|ungen)$/u;
const SHORTEST_VERB = 4;
/** "Kassenwartin", "Prüferinnen". */
const FEMININE_END = /in(?:nen)?$/u;

const FRENCH_PLURAL = /(?<=\p{L}{3})ent$/u;

/** "Decision" and "extension", which the stemmer keeps apart from "decide" and "extend". */
const ENGLISH_DEED = /(?<=[aiou]|en|an)sions?$/u;

interface Forms {
  /** In small letters without marks. */
  readonly plain: string;
  readonly stem: string;
  readonly all: ReadonlySet<string>;
  /** German nouns alone make compounds, and begin with a capital letter. */
  readonly isCapital: boolean;
}

/** Compares words of one language. */
export interface WordForms {
  /** How a word that was written is related to one that was asked for; null if it is another word. */
  relationOf(asked: string, written: string): Relation | null;
  /** What of an asked word some other words say, from 0 to 1. */
  shareOf(asked: string, written: Iterable<string>): number;
}

const made = new Map<FormLanguage, WordForms>();

/** The comparison of words for a language; one for all callers, since it remembers the forms of words. */
export function wordForms(language: FormLanguage): WordForms {
  const known = made.get(language);
  if (known !== undefined) return known;
  const forms = createWordForms(language);
  made.set(language, forms);
  return forms;
}

function createWordForms(language: FormLanguage): WordForms {
  const stemmer = snowball.newStemmer(language);
  const cache = new Map<string, Forms>();
  const formsOf = (word: string): Forms => {
    const known = cache.get(word);
    if (known !== undefined) return known;
    if (cache.size >= CACHE_SIZE) cache.clear();
    const forms = readForms(word, (text) => withoutMarks(stemmer.stem(text)), language);
    cache.set(word, forms);
    return forms;
  };
  const pairs = new Map<string, Relation | null>();
  const likeness = new Map<string, RegExp>();
  const isLike = (asked: string, written: string): boolean => {
    const known = likeness.get(asked);
    const letters = known ?? commonLetters(formsOf(asked));
    if (likeness.size >= CACHE_SIZE) likeness.clear();
    if (known === undefined) likeness.set(asked, letters);
    return letters.test(withoutMarks(written));
  };
  const relationOf = (asked: string, written: string): Relation | null => {
    if (!isLike(asked, written)) return null;
    const pair = `${asked}\n${written}`;
    const known = pairs.get(pair);
    if (known !== undefined) return known;
    if (pairs.size >= CACHE_SIZE) pairs.clear();
    const relation = relate(asked, written);
    pairs.set(pair, relation);
    return relation;
  };
  const relate = (asked: string, written: string): Relation | null => {
    const [one, other] = [formsOf(asked), formsOf(written)];
    if ([...one.all].some((form) => other.all.has(form))) return "same";
    return language === "german" && other.isCapital ? compoundRelation(one, other) : null;
  };
  const shareOf = (asked: string, written: Iterable<string>): number => {
    let best = 0;
    const parts = { head: 0, modifier: 0 };
    for (const word of written) {
      const relation = relationOf(asked, word);
      if (relation === null) continue;
      if (relation === "head" || relation === "modifier") parts[relation] = RELATION_SHARES[relation];
      else best = Math.max(best, RELATION_SHARES[relation]);
      if (best === 1) break;
    }
    return Math.max(best, parts.head + parts.modifier);
  };
  return { relationOf, shareOf };
}

function readForms(word: string, stemOf: (word: string) => string, language: FormLanguage): Forms {
  const lower = word.normalize("NFC").toLowerCase();
  const plain = withoutMarks(lower);
  const stem = stemOf(lower);
  const all = new Set([stem]);
  const isCapital = /^\p{Lu}/u.test(word);
  // "coûtent": the stemmer leaves the ending, which nouns such as "argent" have too.
  if (language === "french" && FRENCH_PLURAL.test(lower)) all.add(stemOf(lower.replace(FRENCH_PLURAL, "e")));
  if (language === "english" && ENGLISH_DEED.test(lower)) all.add(stemOf(lower.replace(ENGLISH_DEED, "de")));
  if (language === "german") {
    const [, prefix = "", root] = PARTICIPLE.exec(plain) ?? [];
    if (root !== undefined) all.add(`${prefix}${root}`);
    const [, particle, infinitive] = LONG_INFINITIVE.exec(plain) ?? [];
    if (particle !== undefined && infinitive !== undefined) all.add(stemOf(`${particle}${infinitive}`));
    const verb = plain.replace(VERB_END, "");
    if (verb !== plain && verb.length >= SHORTEST_VERB) all.add(stemOf(verb));
    const masculine = plain.replace(FEMININE_END, "");
    if (isCapital && masculine !== plain && masculine.length >= SHORTEST_VERB) all.add(stemOf(masculine));
  }
  return { plain, stem, all, isCapital };
}

function compoundRelation(asked: Forms, written: Forms): Relation | null {
  if (endsWith(written, asked)) return "compound";
  if (beginsWith(written, asked)) return asked.stem.length >= LONG_PART ? "compound" : "beginning";
  if (endsWith(asked, written)) return "head";
  return beginsWith(asked, written) ? "modifier" : null;
}

function endsWith(whole: Forms, part: Forms): boolean {
  return [...part.all].some(
    (end) =>
      end.length >= SHORTEST_PART &&
      [...whole.all].some((form) => form.length >= end.length + SHORTEST_REST && form.endsWith(end)),
  );
}

function beginsWith(whole: Forms, part: Forms): boolean {
  if (part.stem.length < SHORTEST_PART) return false;
  return [part.plain, part.stem].some((start) =>
    LINKS.some((link) => {
      const begin = `${start}${link}`;
      return whole.plain.length >= begin.length + SHORTEST_PART && whole.plain.startsWith(begin);
    }),
  );
}

/** Matches whatever has three letters in a row with one of the forms: every related word does, and few others. */
function commonLetters({ plain, all }: Forms): RegExp {
  const runs = [plain, ...all].flatMap((form) =>
    Array.from({ length: Math.max(1, form.length - 2) }, (_, at) => form.slice(at, at + 3)),
  );
  return new RegExp([...new Set(runs)].filter((run) => LETTERS.test(run)).join("|"), "u");
}

function withoutMarks(word: string): string {
  if (IS_ASCII.test(word)) return word;
  return plainLetters(word).replaceAll("ß", "ss");
}
