import { HEADING_SEPARATOR } from "./chunk.ts";
import { CODE_LANGUAGES } from "./code.ts";
import type { Span } from "./document.ts";
import type { Hit } from "./hit.ts";
import { oneLine } from "./one-line.ts";

/** A mark of Markdown, with what a reader sees in its place. */
export interface Mark extends Span {
  readonly shown: string;
}

const LINE = /[^\r\n]+/g;
const LINE_BREAK = /\r\n|\n|\r/;
const FENCE = /^[ \t]*(?:`{3}|~{3})/m;
const FENCES = new RegExp(FENCE, "gm");
const HEADING = /^#{1,6}[ \t]+(?=\S)/;
const ROW = /^[ \t]*\|.*\|[ \t]*$/;
const RULE = /^[ \t|:-]*$/;
/** A row's bars with the blanks around them, all at once at its ends; a bar behind a backslash belongs to its cell. */
const BARS = /^[ \t|]+|(?<![ \t|\\])[ \t|]+$|(?:(?<![ \t])[ \t]+)?(?<!\\)\|[ \t]*|\\(?=\|)/g;
/** Links and images, emphasis, and code, whose marks stay. */
const AROUND_WORDS = new RegExp(
  [
    String.raw`(?<!\x60)(?<code>\x60+)(?!\x60).{1,400}?(?<!\x60)\k<code>(?!\x60)`,
    String.raw`(?<bracket>(?<![\p{L}\p{N}_)\]])!?\[)(?<linked>[^[\]]*)\]\((?<address>[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?: "[^"]*")?\)`,
    String.raw`(?<![\p{L}\p{N}\\*_])(?<emphasis>\*{1,3}(?!\*)|_(?!_)|~~)(?!\s)(?<stressed>[^|]{1,400}?)(?<!\s)\k<emphasis>(?![\p{L}\p{N}*_])`,
  ].join("|"),
  "gu",
);
/** Of a link that leads out of its document, a reader needs more than the words. */
const ADDRESS = /^[a-z][a-z+.-]+:/i;
/** What a row's cells have between them. */
const BETWEEN_CELLS = "\u00A0· ";

/**
 * The marks of a text in the order of their places; none of them is a line break. Code between fences has none, nor has
 * the beginning of a text that `startsInCode`.
 */
export function marksOf(text: string, startsInCode = false): readonly Mark[] {
  const marks: Mark[] = [];
  let isCode = startsInCode;
  for (const { 0: line, index } of text.matchAll(LINE)) {
    const isFence = isFenceLine(line);
    if (isFence) isCode = !isCode;
    if (isFence || (!isCode && isRule(line))) {
      marks.push({ start: index, end: index + line.length, shown: "" });
    } else if (!isCode) {
      marks.push(...lineMarks(line, index).toSorted((left, right) => left.start - right.start));
    }
  }
  return marks;
}

/** The line of dashes between a table's head and its rows. */
function isRule(line: string): boolean {
  return ROW.test(line) && RULE.test(line) && line.includes("--");
}

function lineMarks(line: string, index: number): readonly Mark[] {
  const [heading] = HEADING.exec(line) ?? [];
  const marks = marksAroundWords(line, index);
  if (heading !== undefined) marks.push({ start: index, end: index + heading.length, shown: "" });
  if (!ROW.test(line)) return marks;
  for (const { 0: bars, index: at } of line.matchAll(BARS)) {
    const isBetween = bars !== "\\" && at > 0 && at + bars.length < line.length;
    marks.push({ start: index + at, end: index + at + bars.length, shown: isBetween ? BETWEEN_CELLS : "" });
  }
  return marks;
}

function marksAroundWords(text: string, index: number): Mark[] {
  return Array.from(text.matchAll(AROUND_WORDS), ({ 0: whole, index: at, groups = {} }) => {
    const { bracket, linked, address = "", emphasis, stressed } = groups;
    const [open, words] = [bracket ?? emphasis, linked ?? stressed ?? ""];
    if (open === undefined) return [];
    const start = index + at + open.length;
    const isTold = bracket === "[" && ADDRESS.test(address) && !address.endsWith(words);
    return [
      { start: index + at, end: start, shown: "" },
      ...marksAroundWords(words, start),
      { start: start + words.length, end: index + at + whole.length, shown: isTold ? ` (${address})` : "" },
    ];
  }).flat();
}

/** A stretch of a text as it is read: the whole of it, or what stands in a span. */
export function inReadingForm(
  text: string,
  marks: readonly Mark[] = marksOf(text),
  { start, end }: Span = { start: 0, end: text.length },
): string {
  let read = "";
  let at = start;
  for (const mark of marks) {
    if (mark.end <= start || mark.start >= end) continue;
    read += text.slice(at, Math.max(at, mark.start)) + (mark.start >= start ? mark.shown : "");
    at = Math.max(at, Math.min(end, mark.end));
  }
  return read + text.slice(at, end);
}

/** Whether what follows a text stands between fences. */
export function endsInCode(text: string): boolean {
  return (text.match(FENCES)?.length ?? 0) % 2 === 1;
}

/** Whether a line is a fence around code. */
export function isFenceLine(line: string): boolean {
  return FENCE.test(line);
}

/** Whether a line is a heading of Markdown. */
export function isHeadingLine(line: string): boolean {
  return HEADING.test(line);
}

/** A line of a passage as it is read. */
export interface ReadLine {
  readonly text: string;
  readonly isHeading: boolean;
}

/**
 * The text of a hit as it is read, line by line: code as it is; else without marks, and without the headings in front
 * that its title and its path of headings tell already.
 */
export function hitLines({
  text,
  title,
  heading = "",
  language,
}: Pick<Hit, "text" | "title" | "language"> & { readonly heading?: string }): readonly ReadLine[] {
  const written = text.split(LINE_BREAK);
  if (CODE_LANGUAGES.has(language)) return written.map((line) => ({ text: line, isHeading: false }));
  const lines = inReadingForm(text)
    .split(LINE_BREAK)
    .map((line, index) => ({ text: line, isHeading: line !== written[index] && isHeadingLine(written[index] ?? "") }));
  const told = new Set(["", title, ...heading.split(HEADING_SEPARATOR)]);
  const first = lines.findIndex((line) => !told.has(oneLine(line.text)));
  return first === -1 ? lines : lines.map((line, index) => (index < first ? { ...line, text: "" } : line));
}
