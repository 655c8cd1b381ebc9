import { type Attributes, convertAsciidocInline } from "./asciidoc-inline.ts";
import type { MarkupLines } from "./markup-lines.ts";

interface OpenTable {
  hasHeader: boolean;
  /** Of its first row; 0 before that. */
  columns: number;
}

/** An AsciiDoc document while it is converted. */
export interface AsciidocReading extends MarkupLines {
  /** For each line around a block, the one that ends it. */
  readonly closings: readonly (number | null)[];
  /** Lines that end a block which has begun. */
  readonly open: Set<number>;
  readonly attributes: Map<string, string>;
  /** What is put in front of a line's prose. */
  readonly prefixes: Map<number, string>;
  /** The table that is open. */
  table: OpenTable | null;
  /** Language of the code that is announced; empty for an unnamed one. */
  language: string | null;
  /** First heading. */
  title: string | null;
}

/** What may stand before the bar of a cell: how far it spans, where its text stands, what kind it is. */
const CELL_STYLE = /^\s*(?:\d*(?:\.\d+)?[+*])?(?:[<^>](?:\.[<^>])?|\.[<^>])?[adehlms]?(?=\|)/;
const BAR = /(?<!\\)\|/;

/** Whether a line begins or ends a table. */
export function isTableEdge(line: string): boolean {
  return /^[|,:!]={3,}$/.test(line);
}

/** Turns a line of a table into a row, and the empty line behind the first row into the rule below a header. */
export function convertTableLine({ source, out, attributes }: AsciidocReading, at: number, table: OpenTable): void {
  const line = (source[at] ?? "").trim();
  if (line === "") {
    const isRule = !table.hasHeader && table.columns > 0;
    // An empty row holds the table together.
    out[at] = isRule ? `|${" --- |".repeat(table.columns)}` : table.columns > 0 ? "|  |" : "";
    table.hasHeader ||= isRule;
    return;
  }
  const content = line.replace(CELL_STYLE, "");
  const cells = content.startsWith("|") ? content.slice(1).split(BAR) : [content];
  const isSecond = table.columns > 0;
  table.columns = isSecond ? table.columns : cells.length;
  table.hasHeader ||= isSecond;
  out[at] = row(cells, attributes);
}

function row(cells: readonly string[], attributes: Attributes): string {
  return `| ${cells.map((cell) => convertAsciidocInline(cell.trim(), attributes)).join(" | ")} |`;
}
