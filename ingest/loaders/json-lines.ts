import { listFirst } from "../../src/domain/list-first.ts";
import { articleFields, formatArticle } from "./articles.ts";
import { parseJson } from "./json.ts";
import { recordCells } from "./json-record.ts";
import type { LoadedText } from "./loader.ts";
import { formatRow, type NamedCell } from "./table-rows.ts";

/** How many line numbers a note lists. */
const LINES_NAMED = 5;
/** A line of the file: the cells of its record, or the line itself where it cannot be taken apart. */
interface Line {
  readonly number: number;
  readonly cells: readonly NamedCell[] | string;
}

/**
 * Converts JSON Lines to articles if its records have titles and texts, else to one line of text for each record, with
 * the path of its field in front of each value (`user.name: Ann`), numbered by its line in the file. Lines that are not
 * JSON, or nested so deeply that paths would be longer than the values, are kept as they are.
 */
export function loadJsonLines(text: string): LoadedText {
  const broken: number[] = [];
  const deep: number[] = [];
  const lines: Line[] = [];
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    if (line.trim() === "") continue;
    const number = index + 1;
    const record = parseJson(line);
    const cells = record === null ? null : recordCells(record.value);
    if (cells === null) (record === null ? broken : deep).push(number);
    lines.push({ number, cells: cells ?? line.trim() });
  }
  const notes = [keptNote("not valid JSON", broken), keptNote("nested too deeply to name its values", deep)];
  return { text: formatLines(lines), title: null, notes: notes.filter((note) => note !== "") };
}

function formatLines(lines: readonly Line[]): string {
  const records = lines.flatMap(({ cells }) => (typeof cells === "string" ? [] : [cells]));
  const fields = articleFields(records);
  if (fields === null) {
    return lines
      .map(({ number, cells }) =>
        typeof cells === "string" ? `| row ${number} | ${cells} |\n` : formatRow(`row ${number}`, cells),
      )
      .join("");
  }
  const kept = (number: number, line: string): string => `# (line ${number})\n\n${line}\n`;
  return lines
    .map(({ number, cells }) => (typeof cells === "string" ? kept(number, cells) : formatArticle(cells, fields)))
    .join("\n");
}

function keptNote(why: string, lines: readonly number[]): string {
  if (lines.length === 0) return "";
  return `${why}, kept as it is: line ${listFirst(lines, LINES_NAMED)}`;
}
