import { CitewellError } from "../../src/errors.ts";
import type { Chunker, ChunkPiece } from "./chunker.ts";
import { cutLong } from "./cut-long.ts";
import { type SizeOptions, tokensWithin } from "./measure.ts";
import { textLines, type TextUnit, trimmedSpan } from "./text-unit.ts";

/** How AutoGen cuts: several lines a chunk, or one. */
export type AutogenChunkMode = "multi_lines" | "one_line";

/** Settings of AutoGen's chunker. */
export interface AutogenOptions extends SizeOptions {
  /** @default "multi_lines" */
  readonly mode?: AutogenChunkMode;
  /**
   * Whether a chunk ends before an empty line where there is one within reach.
   * @default true
   */
  readonly mustBreakAtEmptyLine?: boolean;
  /**
   * Lines that neighbouring chunks share.
   * @default 0
   */
  readonly overlapLines?: number;
}

interface Line extends TextUnit {
  readonly isEmpty: boolean;
}

/**
 * Cuts by lines as AutoGen 0.2 does: as many lines as stay under the budget, and all the rest once it is within it; line
 * breaks do not count. Unlike there, a line over the budget is cut into as few pieces as fit, texts of fewer than five
 * characters are kept, a stretch without an empty line does not change how the rest is cut, and `one_line` holds to the
 * last line.
 *
 * @throws CitewellError `usage_invalid` for an unknown mode.
 */
export function createAutogenChunker(options: AutogenOptions): Chunker {
  const { budget, measure, mode = "multi_lines", mustBreakAtEmptyLine = true, overlapLines = 0 } = options;
  if (mode !== "multi_lines" && mode !== "one_line") {
    throw new CitewellError("usage_invalid", `Unknown chunk mode ${String(mode)}; use "multi_lines" or "one_line".`);
  }
  return {
    *cut({ text }) {
      const lines = [...linesWithin(text, { budget, measure })];
      if (mode === "one_line") {
        for (const line of lines) yield* toPiece(text, line, line);
        return;
      }
      let left = lines.reduce((sum, line) => sum + line.tokens, 0);
      let from = 0;
      while (from < lines.length) {
        const to = left <= budget ? lines.length : findBreak(lines, from, { budget, mustBreakAtEmptyLine });
        yield* toPiece(text, lines[from], lines[to - 1]);
        const next = to < lines.length ? overlapStart(lines, { from, to, overlapLines }) : to;
        for (let index = from; index < next; index += 1) left -= lines[index]?.tokens ?? 0;
        from = next;
      }
    },
  };
}

/** Where the next chunk begins. An overlap that would not move on, or only repeat empty lines, is left out. */
function overlapStart(
  lines: readonly Line[],
  { from, to, overlapLines }: { readonly from: number; readonly to: number; readonly overlapLines: number },
): number {
  let firstFilled = from;
  while (firstFilled < to && lines[firstFilled]?.isEmpty === true) firstFilled += 1;
  return to - overlapLines > firstFilled ? to - overlapLines : to;
}

function* toPiece(text: string, first: Line | undefined, last: Line | undefined): Generator<ChunkPiece> {
  if (first === undefined || last === undefined) return;
  const span = trimmedSpan(text, { start: first.start, end: last.end });
  if (span !== null) yield { span, symbol: null };
}

/** Index after the last line of a chunk that starts at `from`. */
function findBreak(
  lines: readonly Line[],
  from: number,
  { budget, mustBreakAtEmptyLine }: { readonly budget: number; readonly mustBreakAtEmptyLine: boolean },
): number {
  let to = from;
  let tokens = 0;
  let emptyLine = -1;
  while (to < lines.length) {
    const line = lines[to];
    if (line === undefined || (to > from && tokens + line.tokens >= budget)) break;
    if (line.isEmpty && to > from && tokens > 0) emptyLine = to;
    tokens += line.tokens;
    to += 1;
  }
  if (lines[to]?.isEmpty === true) return to;
  return mustBreakAtEmptyLine && emptyLine > from ? emptyLine : to;
}

function* linesWithin(text: string, size: SizeOptions): Generator<Line> {
  for (const line of textLines(text)) {
    const tokens = line.start === line.end ? 0 : tokensWithin(text, line, size);
    if (tokens !== null) yield { ...line, tokens, isEmpty: text.slice(line.start, line.end).trim() === "" };
    else for (const piece of cutLong(text, line, size)) yield { ...piece, isEmpty: false };
  }
}
