import type { Correction } from "../../domain/hit.ts";
import { wordForms, type Relation, type WordForms } from "../../lexical/word-forms.ts";
import { absentWords, type FoundAsWritten, passageText } from "./misspelt-words.ts";
import { languageOfQuestion } from "./question-words.ts";

const WORD = /[\p{L}\p{M}]+/gu;

/**
 * Reads words of a German, French or Spanish question that the collection does not have as the related words that the
 * passages found for the rest have: another form ("abgeholt", "Abholung"), the two parts of a compound ("Frist" and
 * "Kündigung" for "Kündigungsfrist"), or a compound with it ("Restmülltonne" for "Restmüll"). One part of a compound alone
 * is another thing.
 */
export function findRelatedWords(asWritten: readonly FoundAsWritten[]): readonly Correction[] {
  const read = new Map<string, string>();
  for (const one of asWritten) {
    const language = languageOfQuestion(one.query);
    const words = new Set(language === null ? [] : absentWords(one).filter((word) => !read.has(word)));
    if (language === null || words.size === 0) continue;
    const forms = wordForms(language);
    const passages = one.found.candidates.map(({ chunk }) => new Set(passageText(chunk).match(WORD)));
    const vocabulary = new Set(passages.flatMap((found) => [...found]));
    for (const word of words) {
      const related = nearestWords(word, { vocabulary, passages, forms });
      if (related !== null) read.set(word, related);
    }
  }
  return [...read].map(([written, other]) => ({ written, read: other }));
}

interface FoundWords {
  readonly vocabulary: Iterable<string>;
  readonly passages: readonly ReadonlySet<string>[];
  readonly forms: WordForms;
}

/** The words of the passages that say the same as a word: the kind of relation decides, then how many passages have it. */
function nearestWords(asked: string, { vocabulary, passages, forms }: FoundWords): string | null {
  const relations = [...vocabulary].flatMap((word) => {
    const relation = forms.relationOf(asked, word);
    return relation === null ? [] : [{ word, relation }];
  });
  const counts = new Map<Relation | "parts", Map<string, number>>();
  const count = (relation: Relation | "parts", word: string): void => {
    const own = counts.get(relation) ?? new Map<string, number>();
    counts.set(relation, own.set(word, (own.get(word) ?? 0) + 1));
  };
  for (const words of passages) {
    const parts: Partial<Record<Relation, string>> = {};
    for (const { word, relation } of relations) {
      if (!words.has(word)) continue;
      count(relation, word);
      parts[relation] ??= word;
    }
    const { head, modifier } = parts;
    if (head !== undefined && modifier !== undefined) count("parts", `${modifier} ${head}`);
  }
  for (const relation of ["same", "parts", "compound"] as const) {
    const [first] = [...(counts.get(relation) ?? [])].toSorted(
      ([left, few], [right, many]) => many - few || (left < right ? -1 : 1),
    );
    if (first !== undefined) return first[0];
  }
  return null;
}
