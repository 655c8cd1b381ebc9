/** Size of a text in tokens. */
export type Measure = (text: string) => number;

/**
 * Characters that one token stands for at most. A word-piece tokenizer takes a word of 10,000 letters for one unknown
 * token; without this bound such a word would become one chunk whose vector says nothing.
 */
const MOST_CHARACTERS_PER_TOKEN = 16;

/** Size of a text: its tokens, or its characters at sixteen a token where that is more. */
export function createMeasure(countTokens: (text: string) => number): Measure {
  return (text) => Math.max(countTokens(text), Math.ceil(text.length / MOST_CHARACTERS_PER_TOKEN));
}

/** Whether a length alone says that a text is over a budget, so that nothing needs to be counted. */
export function isCertainlyOver(length: number, budget: number): boolean {
  return length > budget * MOST_CHARACTERS_PER_TOKEN;
}
