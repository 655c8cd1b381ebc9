import { titleFromFirstLine } from "./first-line-title.ts";
import type { LoadedText } from "./loader.ts";
import { markPlainHeadings } from "./plain-headings.ts";
import { markTables } from "./plain-tables.ts";

/** Plain text as it is; where it has headings or tables, as Markdown, line by line. */
export function loadPlainText(text: string): LoadedText {
  const lines = text.split(/\r\n|\r|\n/);
  const title = titleFromFirstLine(text);
  const tabled = markTables(lines);
  const marked = markPlainHeadings(tabled, title);
  if (marked !== null) {
    return { text: marked.join("\n"), title, format: { language: "markdown", mediaType: "text/markdown" } };
  }
  const isTabled = tabled.some((line, at) => line !== lines[at]);
  return { text: isTabled ? tabled.join("\n") : text, title: null };
}
