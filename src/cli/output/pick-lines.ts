import type { WordMatcher } from "../../domain/match-words.ts";
import type { CommandContext } from "../command-context.ts";
import { printable, wrapText } from "./text-layout.ts";

/** How many lines a snippet has. */
const SNIPPET_LINES = 3;
const CUT = "…";

/** A line of a snippet. */
export interface SnippetLine {
  readonly text: string;
  /** The number of the document's line that it is, or is a part of. */
  readonly line: number;
}

/** Options of {@link pickLines}. */
export interface PickLinesOptions {
  readonly matcher: WordMatcher;
  /** Width to wrap long lines to. */
  readonly width: number;
  /** Number of the text's first line in its document. */
  readonly firstLine: number;
}

/**
 * The few lines in a row that hold the most different words of the query; the first ones when there are none. Where they
 * begin or end within a line of the text, there is an ellipsis.
 */
export function pickLines(text: string, { matcher, width, firstLine }: PickLinesOptions): readonly SnippetLine[] {
  const lines = text
    .split(/\r\n|\n|\r/)
    .flatMap((whole, index) =>
      wrapText(printable(whole), width - 2 * CUT.length).map((piece) => ({ text: piece, line: firstLine + index })),
    )
    .filter((line) => line.text.trim() !== "");
  const found = lines.map((line) => matcher.find(line.text));
  let best = { start: 0, count: 0 };
  for (let start = 0; start + SNIPPET_LINES <= lines.length; start += 1) {
    const count = new Set(found.slice(start, start + SNIPPET_LINES).flat()).size;
    if (count > best.count) best = { start, count };
  }
  const end = Math.min(best.start + SNIPPET_LINES, lines.length);
  const isCutAt = (at: number): boolean => lines[at - 1]?.line === lines[at]?.line;
  return lines.slice(best.start, end).map(({ text: piece, line }, index) => {
    const start = index === 0 && isCutAt(best.start) ? CUT : "";
    return { text: start + piece + (best.start + index === end - 1 && isCutAt(end) ? CUT : ""), line };
  });
}

/** The line of a text that holds the most different words of the query; its first one when there are none. */
export function bestLine(text: string, options: Omit<PickLinesOptions, "width">): number {
  const lines = pickLines(text, { ...options, width: Number.MAX_SAFE_INTEGER });
  let best = { line: options.firstLine, count: 0 };
  for (const { text: one, line } of lines) {
    const count = new Set(options.matcher.find(one)).size;
    if (count > best.count) best = { line, count };
  }
  return best.line;
}

/** A text with the words of the query in colour. */
export function markWords(
  text: string,
  { matcher, colors }: { readonly matcher: WordMatcher; readonly colors: CommandContext["colors"] },
): string {
  const pieces = matcher.split(text);
  return pieces.map((piece) => (piece.isMatch ? colors.yellow(colors.bold(piece.text)) : piece.text)).join("");
}
