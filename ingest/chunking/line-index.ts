import type { LineRange, Span } from "../../src/domain/document.ts";
import { lastStarting } from "../last-starting.ts";
import { textLines } from "./text-unit.ts";

/** Notes where each line of a text begins, and makes the function that tells the lines of a span, counted from 1. */
export function createLineIndex(text: string): (span: Span) => LineRange {
  const starts: number[] = [];
  for (const { start } of textLines(text)) starts.push(start);
  const lineAt = (offset: number): number =>
    Math.max(
      0,
      lastStarting(starts.length, (index) => starts[index] ?? 0, offset),
    ) + 1;
  return ({ start, end }) => ({ start: lineAt(start), end: lineAt(Math.max(start, end - 1)) });
}
