import { joinLines } from "../join-lines.ts";
import { oneLine } from "../../../src/domain/one-line.ts";

/** A line of a text with its place in a list, if it is in one. */
export interface ListLine {
  readonly text: string;
  /** Depth in lists from 0; -1 outside of them. */
  readonly level: number;
  readonly isNumbered: boolean;
}

/** Lines as Markdown: lists with their levels, paragraphs with an empty line between them. */
export function renderLines(lines: readonly ListLine[]): string {
  let text = "";
  let counts: number[] = [];
  let before: ListLine | null = null;
  for (const line of lines) {
    if (line.text === "") continue;
    const isItem = line.level >= 0;
    counts = isItem ? counts.slice(0, line.level + 1) : [];
    if (isItem) counts[line.level] = (counts[line.level] ?? 0) + 1;
    const marker = isItem ? `${"  ".repeat(line.level)}${line.isNumbered ? `${counts[line.level] ?? 1}.` : "-"} ` : "";
    if (before !== null) text += isItem && before.level >= 0 ? "\n" : "\n\n";
    text += marker + (isItem ? joinLines(line.text) : line.text);
    before = line;
  }
  return text;
}

/** Rows of cells as Markdown. A rule under the first row says that it names the columns. */
export function renderGrid(
  rows: readonly (readonly string[])[],
  { hasHeader }: { readonly hasHeader: boolean },
): string {
  const lines = rows
    .filter((cells) => cells.some((cell) => cell !== ""))
    .map((cells) => `| ${cells.map(oneLine).join(" | ")} |`);
  if (hasHeader && lines.length > 1) lines.splice(1, 0, `|${" --- |".repeat(rows[0]?.length ?? 1)}`);
  return lines.join("\n");
}

/** The description of a picture; empty where nobody wrote one. */
export function renderDescription(description: string | undefined): string {
  const words = oneLine(description ?? "");
  // Some programs put the name of the file there.
  return words === "" || /^\S+\.\w{2,5}$/.test(words) ? "" : `Picture: ${words}`;
}

/** A text with its line breaks, without other runs of white space and white space at the ends of lines. */
export function tidied(text: string): string {
  return text
    .replaceAll(/[^\S\n]+/g, " ")
    .replaceAll(/ ?\n ?/g, "\n")
    .trim();
}
