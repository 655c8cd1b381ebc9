import type { Span } from "../../src/domain/document.ts";

/** Size of a text in tokens. */
export type Measure = (text: string) => number;

/**
 * One token counts for at most so many characters. A word-piece tokenizer takes a word of 10,000 letters for a single
 * unknown token; without this bound such a word would become one chunk with a meaningless vector.
 */
const MOST_CHARACTERS_PER_TOKEN = 16;

/** Size settings of a chunker. */
export interface SizeOptions {
  /** Largest chunk. */
  readonly budget: number;
  readonly measure: Measure;
}

/** Makes the measure of texts: their tokens, or one token for sixteen characters if that is more. */
export function createMeasure(countTokens: (text: string) => number): Measure {
  return (text) => Math.max(countTokens(text), Math.ceil(text.length / MOST_CHARACTERS_PER_TOKEN));
}

/** Whether the length alone proves that a text is over a budget, so that no tokens need to be counted. */
export function isCertainlyOver(length: number, budget: number): boolean {
  return length > budget * MOST_CHARACTERS_PER_TOKEN;
}

/** Size of a stretch of text; null where it is over the budget. */
export function tokensWithin(text: string, { start, end }: Span, { budget, measure }: SizeOptions): number | null {
  if (isCertainlyOver(end - start, budget)) return null;
  const tokens = measure(text.slice(start, end));
  return tokens <= budget ? tokens : null;
}
