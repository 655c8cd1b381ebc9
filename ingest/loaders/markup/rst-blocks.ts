import { indentOf, isBlank, markFlow, type MarkupLines, nextFilled, proseLine, putLooseCode } from "./markup-lines.ts";
import { convertRstInline, type LinkTargets } from "./rst-inline.ts";

/** A body of a directive: lines that are `from` columns in stand `to` columns in. */
interface Frame {
  readonly from: number;
  readonly to: number;
  readonly isObject: boolean;
}

/** A reStructuredText document while it is converted. */
export interface RstReading extends MarkupLines {
  readonly targets: LinkTargets;
  /** Whether a heading begins on a line. */
  readonly isTitle: (line: number) => boolean;
  /** For each line, the first one from there on that ends a simple table. */
  readonly tableEnds: readonly (number | null)[];
  readonly frames: Frame[];
  /** Kinds of adornment in the order in which they came. */
  readonly adornments: string[];
  /** Level of the section that is open. */
  level: number;
  /** First section's title. */
  title: string | null;
  /** Language of code that names none. */
  language: string;
  /** What is put in front of a line's prose. */
  readonly prefixes: Map<number, string>;
}

/** Where a line that is `indent` columns in stands in the result. */
export function placeOf({ frames }: RstReading, indent: number): number {
  while ((frames.at(-1)?.from ?? 0) > indent) frames.pop();
  const { from, to } = frames.at(-1) ?? { from: 0, to: 0 };
  return to + indent - from;
}

/** The last line of the block that is more than `edge` columns in and begins on or behind a line; null for none. */
export function blockEnd({ source }: MarkupLines, first: number, edge: number): number | null {
  let last: number | null = null;
  for (let line = first; line < source.length; line += 1) {
    if (isBlank(source[line])) continue;
    if (indentOf(source[line]) <= edge) break;
    last = line;
  }
  return last;
}

/**
 * Puts the code that begins behind a line between fences: on the empty lines around it, else on the line that announces
 * it. Gives the line behind the block.
 */
export function convertCode(
  reading: RstReading,
  { announcedOn, edge, language }: { readonly announcedOn: number; readonly edge: number; readonly language: string },
): number {
  const { source, out } = reading;
  const last = blockEnd(reading, announcedOn + 1, edge);
  if (last === null) return announcedOn + 1;
  const first = nextFilled(source, announcedOn + 1);
  const indent = placeOf(reading, Math.max(0, edge));
  const isFree = isBlank(source[last + 1]) && out[first - 1] === "";
  return putLooseCode(reading, { first, last, language, indent }, isFree);
}

/** A line that begins with an interactive session of Python. */
export const DOCTEST: RegExp = /^\s*>>>(?:\s|$)/;

/** Turns a session into a block of code, with those that follow it. Gives the line behind it. */
export function convertDoctest(reading: RstReading, from: number): number {
  const { source, out } = reading;
  let last = from;
  for (let line = from; line < source.length; line += 1) {
    if (!isBlank(source[line])) last = line;
    else if (!DOCTEST.test(source[line + 1] ?? "")) break;
  }
  const indent = placeOf(reading, indentOf(source[from]));
  const isFree = isBlank(source[from - 1]) && out[from - 1] === "";
  return putLooseCode(reading, { first: from, last, language: "python", indent }, isFree);
}

const EXPLICIT = /^\s*\.\.(?:\s|$)/;
const FIELD = /^:((?:[^:`]|:(?=\S)){1,80}):(?:\s+(.*))?$/;
/** Fields about the page itself, not for its readers. */
const OWN_FIELDS = /^(?:orphan|nosearch|nocomments|tocdepth)$/i;

/** What the first line of a paragraph says, where that is not what is written there, and how far in it stands. */
interface ParagraphStart {
  readonly first?: string;
  readonly place?: number;
}

/** Turns a paragraph, a list or the like up to the next empty line. Gives the line behind it. */
export function convertParagraph(reading: RstReading, from: number, start: ParagraphStart = {}): number {
  const { source, out, prefixes } = reading;
  const texts: string[] = [];
  let next = from;
  while (next < source.length && !isBlank(source[next])) {
    if (next > from && (EXPLICIT.test(source[next] ?? "") || reading.isTitle(next))) break;
    texts.push(next === from && start.first !== undefined ? start.first : markedLine(source[next] ?? ""));
    if (texts[next - from] === (source[next] ?? "").trim() && isTerm(source, next)) {
      texts[next - from] = markedTerm(texts[next - from] ?? "");
    }
    next += 1;
  }
  const announces = /(?:^|[^:]):: *$/.test(texts.at(-1) ?? "");
  if (announces) texts.push((texts.pop() ?? "").replace(/(^|\s):: *$/, "").replace(/:: *$/, ":"));
  const converted = convertRstInline(texts.join("\n"), reading.targets).split("\n");
  for (const [index, text] of converted.entries()) {
    const line = from + index;
    const place = index === 0 ? start.place : undefined;
    out[line] = proseLine(
      `${prefixes.get(line) ?? ""}${text.trim()}`,
      place ?? placeOf(reading, indentOf(source[line])),
    );
  }
  markFlow(out, from, next - 1, (line) => endsLine(source, line));
  if (!announces) return next;
  const edge = contentEdge(source[next - 1] ?? "");
  if (!isBlank(source[next])) return next;
  return Math.max(next, convertCode(reading, { announcedOn: next - 1, edge, language: reading.language }));
}

/** Whether a line stands for itself: a line of verses, a field. */
function endsLine(source: readonly string[], line: number): boolean {
  const [text = "", after = ""] = source.slice(line, line + 2);
  const [content, follower] = [text.trim(), after.trim()];
  return /^\|(?:\s|$)/.test(content) || FIELD.test(follower) || /^\|(?:\s|$)/.test(follower);
}

/** Whether what a line names is explained below it, further in. */
function isTerm(source: readonly string[], line: number): boolean {
  const [text = "", after = ""] = source.slice(line, line + 2);
  const content = text.trim();
  if (isBlank(after) || indentOf(after) <= indentOf(text) || EXPLICIT.test(text) || EXPLICIT.test(after)) return false;
  return contentEdge(text) === indentOf(text) && !FIELD.test(content) && !content.startsWith("|");
}

function markedTerm(term: string): string {
  return term.includes("**") ? `- ${term}` : `- **${term.replace(/:$/, "")}:**`;
}

/** A line with marks of reStructuredText's own at its beginning as Markdown has them. */
function markedLine(line: string): string {
  const content = line.trim();
  const [, name, value = ""] = FIELD.exec(content) ?? [];
  if (name !== undefined) return OWN_FIELDS.test(name) ? "" : `- **${name}:** ${value}`;
  if (/^\|(?:\s|$)/.test(content)) return content.slice(1).trim();
  return content.replace(/^#\.(?=\s)/, "1.").replace(/^•(?=\s)/, "-");
}

/** Columns before the text of a line, behind the mark of a list. */
function contentEdge(line: string): number {
  const [mark = ""] =
    /^\s*(?:(?:[-*+•]|(?:\d{1,4}|[ivxlc]{1,5}|[a-z]|#)[.)]|\((?:\d{1,4}|[a-z])\))\s+)?/i.exec(line) ?? [];
  return mark.length === line.length ? indentOf(line) : mark.length;
}
