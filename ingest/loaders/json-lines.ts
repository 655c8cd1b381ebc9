import { listFirst } from "../../src/domain/list-first.ts";
import type { LoadedText } from "./loader.ts";
import { formatRow, type NamedCell } from "./table-rows.ts";

/** How many line numbers a note lists. */
const LINES_NAMED = 5;
/** Deepest nesting of a record whose values are named by their paths, and the longest such path in characters. */
const MAX_DEPTH = 100;
const LONGEST_PATH = 300;

/**
 * Converts JSON Lines to one line of text for each record, with the path of its field in front of each value
 * (`user.name: Ann`). A record is numbered by its line in the file. Lines that are not JSON, or nested so deeply that
 * paths would be longer than the values, are kept as they are.
 */
export function loadJsonLines(text: string): LoadedText {
  const broken: number[] = [];
  const deep: number[] = [];
  const parts: string[] = [];
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    if (line.trim() === "") continue;
    const number = index + 1;
    const record = parseRecord(line);
    if (record === null || isDeep(record.value, { depth: MAX_DEPTH, length: LONGEST_PATH })) {
      (record === null ? broken : deep).push(number);
      parts.push(`| row ${number} | ${line.trim()} |\n`);
    } else parts.push(formatRow(`row ${number}`, cellsOf(record.value, "")));
  }
  const notes = [keptNote("not valid JSON", broken), keptNote("nested too deeply to name its values", deep)];
  return { text: parts.join(""), title: null, notes: notes.filter((note) => note !== "") };
}

function keptNote(why: string, lines: readonly number[]): string {
  if (lines.length === 0) return "";
  return `${why}, kept as it is: line ${listFirst(lines, LINES_NAMED)}`;
}

/** Whether the path to a value in a record is longer than allowed. */
function isDeep(value: unknown, { depth, length }: { readonly depth: number; readonly length: number }): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (depth === 0) return true;
  const next = (key: string): number => length - key.length - 1;
  return Object.entries(value).some(
    ([key, one]: [string, unknown]) => next(key) < 0 || isDeep(one, { depth: depth - 1, length: next(key) }),
  );
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
