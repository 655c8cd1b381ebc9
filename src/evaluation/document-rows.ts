import type { Span } from "../domain/document.ts";

/** A row of a table or of JSON lines, as ingestion writes it: one or more lines with the row's label. */
export interface DocumentRow extends Span {
  /** What its lines begin with, such as `row 17`. */
  readonly label: string;
}

const ROW_LINE = /^\| (?<label>[^|\n]*?\d+)(?:, continued)? \|.*$/gm;

const ID_COLUMNS = ["id", "_id", "doc", "doc_id"] as const;

/** The rows of a document's text, in order; none if it is no table. */
export function rowsOf(text: string): readonly DocumentRow[] {
  const rows: DocumentRow[] = [];
  for (const match of text.matchAll(ROW_LINE)) {
    const label = match.groups?.["label"] ?? "";
    const end = match.index + match[0].length;
    const last = rows.at(-1);
    if (last?.label === label) rows[rows.length - 1] = { ...last, end };
    else rows.push({ label, start: match.index, end });
  }
  return rows;
}

/** The row whose `id` (or `_id`, `doc`, `doc_id`) has this value; null where there is none. */
export function findRow(text: string, id: string): DocumentRow | null {
  const cells = ID_COLUMNS.map((column) => `| ${column}: ${id} |`);
  const isIt = ({ start, end }: Span): boolean => cells.some((cell) => text.slice(start, end).includes(cell));
  return rowsOf(text).find(isIt) ?? null;
}

/** Labels of the rows that a span of the text shows: at least half of the row, or half of the span. */
export function rowsWithin(rows: readonly DocumentRow[], span: Span): readonly string[] {
  return rows
    .filter((row) => {
      const common = Math.min(row.end, span.end) - Math.max(row.start, span.start);
      return common > 0 && 2 * common >= Math.min(row.end - row.start, span.end - span.start);
    })
    .map(({ label }) => label);
}
