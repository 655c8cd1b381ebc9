import type { Span } from "./document.ts";

/**
 * The lines of a text without their breaks: `\n`, `\r\n` or `\r`. A break at the very end opens one more line, which is
 * empty.
 */
export function* linesOf(text: string): Generator<Span> {
  let start = 0;
  for (const { 0: lineBreak, index } of text.matchAll(/\r\n|\n|\r/g)) {
    yield { start, end: index };
    start = index + lineBreak.length;
  }
  yield { start, end: text.length };
}
