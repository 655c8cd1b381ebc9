import type { SearchResult } from "./hit.ts";

/** Finds the words of a query in texts. It only decides what is shown and in bold; ranking has its own rules. */
export interface WordMatcher {
  /** The query's words in a text, each in a form that is the same for all its inflections. */
  find(text: string): readonly string[];
  /** The text in pieces that make it up again: such words, and what stands between them. */
  split(text: string): readonly TextPiece[];
}

/** A piece of a text. */
export interface TextPiece {
  readonly text: string;
  /** Whether it is a word of the query. */
  readonly isMatch: boolean;
}

const WORD = /[\p{L}\p{N}\p{M}]+/gu;
const ENDING = /(?<=.{3})(?:ings?|edly|ed|ies|es|s|ly|e|y)$/;
const STOP_WORDS = new Set(
  "a an and are as at be but by can could did do does for from had has have how i if in into is it its may of on or should so such that the their them then there these they this to was were what when where which while who why will with would you your".split(
    " ",
  ),
);

/** Builds a matcher for a query; stop words of English are not looked for. */
export function createWordMatcher(query: string): WordMatcher {
  const wanted = new Set(
    partsOf(query)
      .filter((word) => !STOP_WORDS.has(word))
      .map(stem),
  );
  const matches = (word: string): readonly string[] =>
    partsOf(word)
      .map(stem)
      .filter((part) => wanted.has(part));
  return {
    find: matches,
    split(text) {
      const pieces: TextPiece[] = [];
      let end = 0;
      for (const { 0: word, index } of text.matchAll(WORD)) {
        if (matches(word).length === 0) continue;
        if (index > end) pieces.push({ text: text.slice(end, index), isMatch: false });
        pieces.push({ text: word, isMatch: true });
        end = index + word.length;
      }
      return end < text.length ? [...pieces, { text: text.slice(end), isMatch: false }] : pieces;
    },
  };
}

/** Builds a matcher for what a search has searched for: the question and the queries that were made of it. */
export function createResultMatcher({
  query,
  interpretation,
}: Pick<SearchResult, "query" | "interpretation">): WordMatcher {
  return createWordMatcher([query, ...(interpretation?.queries.map((one) => one.query) ?? [])].join(" "));
}

/** Lower-case words, identifiers split at their capitals too. */
function partsOf(text: string): readonly string[] {
  return (text.match(WORD) ?? []).flatMap((word) => {
    const pieces = word.split(/(?<=\p{Ll})(?=\p{Lu})/u);
    return (pieces.length === 1 ? [word] : [word, ...pieces]).map((piece) => piece.toLowerCase());
  });
}

function stem(word: string): string {
  return word.replace(ENDING, "");
}
