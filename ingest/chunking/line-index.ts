import type { LineRange, Span } from "../../src/domain/document.ts";
import { textLines } from "./text-unit.ts";

/** Tells the lines of a span, counted from 1. */
export interface LineIndex {
  linesOf(span: Span): LineRange;
}

/** Notes where each line of a text begins. */
export function createLineIndex(text: string): LineIndex {
  const starts: number[] = [];
  for (const { start } of textLines(text)) starts.push(start);
  const lineAt = (offset: number): number => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
  return {
    linesOf: ({ start, end }) => ({ start: lineAt(start), end: lineAt(Math.max(start, end - 1)) }),
  };
}
