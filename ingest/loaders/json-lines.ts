import type { LoadedText } from "./loader.ts";
import { formatRow, type NamedCell } from "./table-rows.ts";

/** Line numbers that a note lists. */
const LINES_NAMED = 5;

/**
 * JSON Lines as one line of text a record, with the path of its field before each value (`user.name: Ann`). A record is
 * numbered by its line in the file. Lines that are not JSON are kept as they are.
 */
export function loadJsonLines(text: string): LoadedText {
  const broken: number[] = [];
  const parts: string[] = [];
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    if (line.trim() === "") continue;
    const number = index + 1;
    const record = parseRecord(line);
    if (record === null) {
      broken.push(number);
      parts.push(`| row ${number} | ${line.trim()} |\n`);
    } else parts.push(formatRow(`row ${number}`, cellsOf(record.value, "")));
  }
  return { text: parts.join(""), title: null, notes: broken.length === 0 ? [] : [brokenNote(broken)] };
}

function brokenNote(broken: readonly number[]): string {
  const more = broken.length > LINES_NAMED ? ` and ${broken.length - LINES_NAMED} more` : "";
  return `not valid JSON, kept as it is: line ${broken.slice(0, LINES_NAMED).join(", ")}${more}`;
}

function parseRecord(line: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(line) };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** The values of a record with the paths that lead to them; a list of plain values is one value. */
function cellsOf(value: unknown, path: string): readonly NamedCell[] {
  const name = path === "" ? "value" : path;
  if (value === null || value === undefined) return [];
  if (typeof value !== "object") return [{ name, value: textOf(value) }];
  if (Array.isArray(value)) {
    const isFlat = value.every((one) => typeof one !== "object" || one === null);
    if (isFlat) return [{ name, value: value.map(textOf).join(", ") }];
    return value.flatMap((one: unknown, index) => cellsOf(one, `${path}[${index}]`));
  }
  return Object.entries(value).flatMap(([key, one]: [string, unknown]) =>
    cellsOf(one, path === "" ? key : `${path}.${key}`),
  );
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
