import type { Span } from "../domain/document.ts";
import { createFencePlaces, fencedBlocks } from "../lexical/fences.ts";

/**
 * A record of a table or of JSON lines, as ingestion writes it: one or more lines with the row's label, or an article under
 * a heading of level 1.
 */
export interface DocumentRow extends Span {
  /** What tells it from the document's other rows, such as `row 17`. */
  readonly label: string;
}

const ROW_LINE = /^\| (?<label>[^|\n]*?\d+)(?:, continued)? \|.*$/gm;

const ID_COLUMNS = ["id", "_id", "doc", "doc_id"] as const;

/** The records of a document's text, in order; none if it holds no records. */
export function rowsOf(text: string): readonly DocumentRow[] {
  const rows = tableRows(text);
  return rows.length > 0 ? rows : articlesOf(text);
}

function tableRows(text: string): readonly DocumentRow[] {
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

function articlesOf(text: string): readonly DocumentRow[] {
  const fenceAt = createFencePlaces(fencedBlocks(text));
  const starts = Array.from(text.matchAll(/^# /gm), ({ index }) => index).filter((start) => fenceAt(start) === null);
  return starts.map((start, index) => ({
    label: `article ${index + 1}`,
    start,
    end: start + text.slice(start, starts[index + 1]).trimEnd().length,
  }));
}

/** The record whose `id` (or `_id`, `doc`, `doc_id`) has this value; null where there is none. */
export function findRow(text: string, id: string): DocumentRow | null {
  const marks = ID_COLUMNS.flatMap((column) => [`| ${column}: ${id} |`, `\n- ${column}: ${id}\n`]);
  const isIt = ({ start, end }: Span): boolean => marks.some((mark) => `${text.slice(start, end)}\n`.includes(mark));
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
