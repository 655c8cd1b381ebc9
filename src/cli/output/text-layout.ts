import { stripVTControlCharacters } from "node:util";
import { oneLine } from "../../domain/one-line.ts";

/** Options of {@link formatTable}. */
export interface TableOptions {
  /** Columns, by position from 0, whose cells end at the right edge. */
  readonly right?: readonly number[];
  /**
   * Text before each row.
   * @default ""
   */
  readonly indent?: string;
}

/** Rows with aligned columns, two spaces apart; colours do not count as width. */
export function formatTable(
  rows: readonly (readonly string[])[],
  { right = [], indent = "" }: TableOptions = {},
): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, visibleLength(cell));
  }
  const pad = (cell: string, column: number): string => {
    const space = " ".repeat((widths[column] ?? 0) - visibleLength(cell));
    return right.includes(column) ? space + cell : cell + space;
  };
  return rows.map((row) => (indent + row.map(pad).join("  ")).trimEnd()).join("\n");
}

/** Cuts a text into lines of at most `width` characters, at spaces where there are some. */
export function wrapText(text: string, width: number): readonly string[] {
  return text.split(/\r?\n/).flatMap((line) => wrapLine(line.trimEnd(), width));
}

function wrapLine(line: string, width: number): readonly string[] {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const space = rest.lastIndexOf(" ", width);
    // A line is not broken within its indentation.
    const cut = space > rest.search(/\S/) ? space : width;
    lines.push(rest.slice(0, cut).trimEnd());
    rest = rest.slice(cut).trimStart();
  }
  lines.push(rest);
  return lines;
}

/** The text on one line, cut to `length` characters with `…` at the end. */
export function shorten(text: string, length: number): string {
  const line = printableName(oneLine(text));
  return line.length <= length ? line : `${line.slice(0, Math.max(0, length - 1)).trimEnd()}…`;
}

/**
 * Makes text of documents, models and servers safe for a terminal: control characters are shown as signs, so that a
 * document can neither hide nor fake what is printed.
 */
export function printable(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replaceAll(/\p{Cc}/gu, (character) => (character === "\n" || character === "\t" ? character : signOf(character)));
}

/**
 * Makes a name, such as that of a file, safe for one line: as {@link printable}, with signs for line breaks too, and for
 * what turns the direction of writing, by which `gpj.exe` would be shown as `exe.jpg`.
 */
export function printableName(name: string): string {
  return name.replaceAll(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, signOf);
}

/** The sign of a control character: `␛` for escape, `␊` for a line break; beyond ASCII they have no sign of their own. */
function signOf(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x24_00 + code);
  return code === 0x7f ? "\u2421" : "\uFFFD";
}

/** Seconds as people say them: `80 ms`, `4.2 s`, `42 s`, `3 min 5 s`, `2 h 10 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 0.995) return `${Math.round(seconds * 1_000)} ms`;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3_600)} h ${Math.floor((whole % 3_600) / 60)} min`;
}

/** An ISO 8601 time as `2026-11-20 09:15` in UTC. */
export function formatTime(iso: string): string {
  return iso.slice(0, 16).replace("T", " ");
}

function visibleLength(text: string): number {
  return stripVTControlCharacters(text).length;
}
