/** Finds the words of a query in lines of text. It only decides what is shown in bold; ranking has its own rules. */
export interface WordMatcher {
  /** The query's words in a line, each in a form that is the same for all its inflections. */
  find(line: string): readonly string[];
  /** The line with every such word passed through `emphasise`. */
  mark(line: string, emphasise: (word: string) => string): string;
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
    mark: (line, emphasise) => line.replace(WORD, (word) => (matches(word).length > 0 ? emphasise(word) : word)),
  };
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
