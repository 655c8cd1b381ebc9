import snowball from "snowball-stemmers";
import { STOP_WORDS } from "./stop-words.ts";

/**
 * Version of the rules in this file. A collection records it, because the terms of a query must be made by the same
 * rules as those of its chunks.
 */
export const ANALYSER_VERSION = 2;

/**
 * The oldest version whose terms are found by the query terms of this one, but for those of few words: collections of such
 * versions answer as before until they are re-indexed, those of older ones by vectors alone. To be raised with a change of
 * the rules that gives most words other terms. Version 2 changed plurals of acronyms only.
 */
export const OLDEST_READABLE_TERMS = 1;

const WORD = /[\p{L}\p{N}\p{M}_$]+/gu;
const ASCII = /^[\u0020-\u007e\s]*$/;
const LATIN_MARKS = /(?<=\p{Script=Latin})\p{M}+/gu;
const UNSEGMENTED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+/gu;
const HAS_UNSEGMENTED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
/**
 * Where an identifier is cut into its parts: `getUserName`, `HTMLElement`, `user_name`. `URLs` is one word in the
 * plural, and not `UR` and `Ls`.
 */
export const IDENTIFIER_SEAM: RegExp =
  /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})(?!\p{Lu}s(?!\p{Ll}))|[_$]+/u;
const PLURAL_ACRONYM = /^\p{Lu}{2,}s$/u;
/** The stemmer does not remove the `s` from a word without vowels: `pdfs`, `llms`. */
const PLURAL_WITHOUT_VOWEL = /^(?!https$)[b-df-hj-np-tv-xz]{2,}[b-df-hj-np-rtv-xz]s$/;
/** Longer runs of letters are data (hashes, base64), not words: they are kept as they are. */
const LONGEST_STEMMED = 40;
const CACHE_SIZE = 200_000;

const stemmer = snowball.newStemmer("english");
const cache = new Map<string, readonly string[]>();

/**
 * The terms of a text, with repeats and in order: normalised (NFKC), identifiers cut into their parts (`getUserName` gives
 * `getusername`, `get`, `user`, `name`), lower-cased, without stop words, stemmed (Snowball English). Scripts without
 * spaces give pairs of neighbouring characters.
 */
export function analyse(text: string): string[] {
  const normal = ASCII.test(text) ? text : text.normalize("NFKD").replace(LATIN_MARKS, "").normalize("NFKC");
  const terms: string[] = [];
  for (const [word] of normal.matchAll(WORD)) {
    for (const term of termsOfWord(word)) terms.push(term);
  }
  return terms;
}

function termsOfWord(word: string): readonly string[] {
  const known = cache.get(word);
  if (known !== undefined) return known;
  const terms = HAS_UNSEGMENTED.test(word) ? unsegmentedTerms(word) : identifierTerms(word);
  if (cache.size >= CACHE_SIZE) cache.clear();
  cache.set(word, terms);
  return terms;
}

function identifierTerms(word: string): string[] {
  const parts = word.split(IDENTIFIER_SEAM).filter((part) => part !== "");
  const terms = parts.flatMap((part) => plainTerm(part));
  // The whole identifier is a term too, so that its exact name ranks above a text that only has its parts.
  if (parts.length > 1) terms.unshift(parts.join("").toLowerCase());
  return terms;
}

function plainTerm(part: string): string[] {
  const small = part.toLowerCase();
  const lower = PLURAL_ACRONYM.test(part) || PLURAL_WITHOUT_VOWEL.test(small) ? small.slice(0, -1) : small;
  if (STOP_WORDS.has(small)) return [];
  if (lower.length < 3 || lower.length > LONGEST_STEMMED) return [lower];
  return [stemmer.stem(lower)];
}

function unsegmentedTerms(word: string): string[] {
  const terms: string[] = [];
  let end = 0;
  for (const match of word.matchAll(UNSEGMENTED)) {
    if (match.index > end) terms.push(...identifierTerms(word.slice(end, match.index)));
    terms.push(...pairs(match[0]));
    end = match.index + match[0].length;
  }
  if (end < word.length) terms.push(...identifierTerms(word.slice(end)));
  return terms;
}

function pairs(run: string): string[] {
  const characters = Array.from(run);
  if (characters.length === 1) return characters;
  return characters.slice(1).map((character, index) => `${characters[index] ?? ""}${character}`);
}
