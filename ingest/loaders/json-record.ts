import type { NamedCell } from "./table-rows.ts";

/** Deepest nesting of a record whose values are named by their paths, and the longest such path in characters. */
const MAX_DEPTH = 100;
const LONGEST_PATH = 300;

/**
 * The values of a record with the paths that lead to them (`user.name`); a list of plain values is one value. Null for a
 * record that is nested so deeply that paths would be longer than the values.
 */
export function recordCells(record: unknown): readonly NamedCell[] | null {
  return isDeep(record, { depth: MAX_DEPTH, length: LONGEST_PATH }) ? null : cellsOf(record, "");
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

/** A plain value as text. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
