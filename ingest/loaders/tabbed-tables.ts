import { hasHead } from "../../src/lexical/table-head.ts";

const TABBED = /\S\t+\S/;
/** A table has so many lines. */
const FEWEST_LINES = 3;
const MOST_LINES = 500;

/**
 * The lines of a page with its tables as Markdown has them: lines whose cells tabs keep apart, below a first one that names
 * the columns. A rule is added below these names.
 */
export function markTabbedTables(lines: readonly string[]): readonly string[] {
  const marked: string[] = [];
  for (let at = 0; at < lines.length;) {
    let end = at;
    while (end < lines.length && end - at < MOST_LINES && TABBED.test(lines[end] ?? "")) end += 1;
    const block = lines.slice(at, Math.max(end, at + 1));
    marked.push(...(block.length < FEWEST_LINES ? block : tableOf(block)));
    at += block.length;
  }
  return marked;
}

function tableOf(lines: readonly string[]): readonly string[] {
  const rows = lines.map((line) => line.trim().split(/\t+/));
  if (!hasHead(rows.map((cells) => ({ cells, isMarked: false })))) return lines;
  // A bar within a cell would end it.
  const [head = "", ...others] = rows.map(
    (cells) => `| ${cells.map((cell) => cell.trim().replaceAll("|", String.raw`\|`)).join(" | ")} |`,
  );
  return [head, `|${" --- |".repeat(rows[0]?.length ?? 0)}`, ...others];
}
