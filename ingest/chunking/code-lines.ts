import type { LoadedDocument } from "../../src/domain/document.ts";
import { lastStarting } from "../last-starting.ts";
import { cutLong } from "./cut-long.ts";
import { isCertainlyOver, type SizeOptions } from "./measure.ts";
import { textLines, type TextUnit } from "./text-unit.ts";

/** A line of source code, or a part of one that is over the budget; `end` lies before the line break. */
export interface CodeLine extends TextUnit {
  /** Whether it is a later part of a line that was cut. */
  readonly isRest: boolean;
}

/** The lines of a text. A line over the budget becomes several, none of them blank. */
export function codeLines({ text }: Pick<LoadedDocument, "text">, { budget, measure }: SizeOptions): CodeLine[] {
  const lines: CodeLine[] = [];
  for (const { start, end } of textLines(text)) {
    const isOver = isCertainlyOver(end - start, budget);
    const content = text.slice(start, end);
    const tokens = isOver ? Number.POSITIVE_INFINITY : content.trim() === "" ? 0 : measure(content);
    if (tokens <= budget) {
      lines.push({ start, end, tokens, isRest: false });
      continue;
    }
    let isRest = false;
    for (const part of cutLong(text, { start, end }, { budget, measure })) {
      lines.push({ ...part, isRest });
      isRest = true;
    }
  }
  return lines;
}

/** Index of the line that holds an offset, or of the last one before it. */
export function lineAt(lines: readonly CodeLine[], offset: number): number {
  return Math.max(
    0,
    lastStarting(lines.length, (index) => lines[index]?.start ?? 0, offset),
  );
}

/** Whether a line holds nothing, or only what closes something opened above. */
export function isClosing(content: string): boolean {
  // Trimmed first: with several runs of blanks in one pattern, every way to divide a long run would be tried.
  return /^(?:[)\]}>;,]+|end|fi|done|esac|\*\/)?\s*;?$/.test(content.trim());
}
