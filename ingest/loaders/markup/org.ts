import { type LoadedText, tidyTitle } from "../loader.ts";
import { headingText } from "../markdown.ts";
import {
  indentOf,
  isBlank,
  markFlow,
  markupLines,
  type MarkupLines,
  proseLine,
  putCode,
  putLooseCode,
} from "./markup-lines.ts";
import { convertOrgInline } from "./org-inline.ts";

const KEYWORD = /^\s*#\+([A-Za-z][\w-]*)(?:\[[^\]]*\])?:(?:\s+(.*))?$/;
const BEGIN = /^\s*#\+begin_([\w-]+)(?:\s+(\S+))?/i;
const END = /^\s*#\+end_([\w-]+)\s*$/i;
const FIXED = /^\s*:(?:\s|$)/;
const DRAWER = /^\s*:[\w-]+:\s*$/;
const DRAWER_END = /^\s*:end:\s*$/i;
const HEADING = /^(\*+)\s+(\S.*)$/;
const TASK = /^(?:TODO|NEXT|STARTED|WAITING|WAIT|HOLD|PROJ|IDEA|DONE|CANCELL?ED|KILL)\s+(?=\S)/;
const VERBATIM = new Set(["src", "example", "export"]);
const MOST_LEVELS = 6;
interface OrgReading extends MarkupLines {
  /** For each line that begins a block or a drawer, the one that ends it. */
  readonly closings: readonly (number | null)[];
  /** Levels that the headings stand below the document's title. */
  readonly below: number;
  title: string | null;
}

/**
 * Org as Markdown, line by line: every sentence stays on its line. Its title is the keyword `TITLE`, else the first heading.
 * Markup that is broken or unknown stays as text.
 */
export function loadOrg(text: string): LoadedText {
  const lines = markupLines(text);
  const named = lines.source.find((line) => /^#\+title:\s*\S/i.test(line));
  const title = named === undefined ? null : headingText(convertOrgInline(named.replace(/^#\+title:/i, "").trim()));
  const closings = findClosings(lines.source);
  const reading: OrgReading = { ...lines, closings, below: named === undefined ? 0 : 1, title };
  let at = 0;
  while (at < reading.source.length) at = Math.max(at + 1, convertAt(reading, at));
  return { text: reading.out.join("\n"), title: tidyTitle(reading.title) };
}

/** Converts what begins on a line; gives the line behind it. */
function convertAt(reading: OrgReading, at: number): number {
  const { source, out, closings } = reading;
  const line = source[at] ?? "";
  if (isBlank(line)) return at + 1;
  const heading = HEADING.exec(line);
  if (heading !== null) {
    const title = convertOrgInline(headline(heading[2] ?? ""));
    reading.title ??= headingText(title);
    out[at] = `${"#".repeat(Math.min(MOST_LEVELS, (heading[1]?.length ?? 1) + reading.below))} ${title}`;
    return at + 1;
  }
  const [, kind, language = ""] = BEGIN.exec(line) ?? [];
  if (kind !== undefined) return convertBlock(reading, at, { kind: kind.toLowerCase(), language });
  if (DRAWER.test(line)) return (closings[at] ?? at) + 1;
  const [, keyword, value = ""] = KEYWORD.exec(line) ?? [];
  if (keyword !== undefined) {
    out[at] = keywordLine(keyword.toLowerCase(), value.trim());
    return at + 1;
  }
  if (END.test(line) || /^\s*#(?:\s|$)/.test(line)) return at + 1;
  if (/^\s*-{5,}\s*$/.test(line)) {
    out[at] = at === 0 ? "" : "---";
    return at + 1;
  }
  if (FIXED.test(line)) return convertFixed(reading, at);
  return /^\s*\|/.test(line) ? convertTable(reading, at) : convertParagraph(reading, at);
}

/** Lines behind colons are code; with an empty line on either side there is room for fences. */
function convertFixed({ source, out }: OrgReading, from: number): number {
  let next = from;
  for (; FIXED.test(source[next] ?? ""); next += 1) out[next] = (source[next] ?? "").trim().slice(1).trimEnd();
  const isFree = out[from - 1] === "" && isBlank(source[from - 1]) && isBlank(source[next]);
  return putLooseCode({ source: out, out }, { first: from, last: next - 1, language: "", indent: 0 }, isFree);
}

/** What a heading says: without its task word, its priority and its tags. */
function headline(text: string): string {
  return text
    .replace(TASK, "")
    .replace(/^\[#\w\]\s+/, "")
    .trimEnd()
    .replace(/(?:^|\s):[\w@#%:]{1,500}:$/, "")
    .trim();
}

function keywordLine(keyword: string, value: string): string {
  if (value === "") return "";
  if (keyword === "title") return `# ${convertOrgInline(value)}`;
  if (keyword === "caption" || keyword === "subtitle") return `**${convertOrgInline(value)}**`;
  if (keyword === "include") return `\`${value}\``;
  return keyword === "description" ? proseLine(convertOrgInline(value), 0) : "";
}

/** A block of code gets fences, a comment goes, and of another block the lines around it. */
function convertBlock(
  reading: OrgReading,
  at: number,
  { kind, language }: { readonly kind: string; readonly language: string },
): number {
  const end = reading.closings[at] ?? null;
  if (end === null) return at + 1;
  if (kind === "comment") return end + 1;
  if (!VERBATIM.has(kind)) return at + 1;
  const indent = indentOf(reading.source[at]);
  const name = kind === "example" ? "" : language;
  if (end > at + 1) putCode(reading, { first: at + 1, last: end - 1, language: name, indent });
  return end + 1;
}

/** A table's rows are those of Markdown; a rule stands below the header only. */
function convertTable({ source, out }: OrgReading, from: number): number {
  let line = from;
  for (; /^\s*\|/.test(source[line] ?? ""); line += 1) {
    const content = (source[line] ?? "").trim();
    if (!content.startsWith("|-")) out[line] = convertOrgInline(content);
    else if (line === from + 1) out[line] = `|${" --- |".repeat(content.split("+").length)}`;
    else if (line > from && /^\s*\|/.test(source[line + 1] ?? "")) out[line] = "|  |";
  }
  return line;
}

function convertParagraph(reading: OrgReading, at: number): number {
  const { source, out } = reading;
  let next = at + 1;
  while (isProse(source[next])) next += 1;
  const lines = source.slice(at, next);
  const converted = convertOrgInline(lines.map(markedLine).join("\n")).split("\n");
  for (const [index, text] of converted.entries()) {
    out[at + index] = proseLine(text.replace(/\\\\\s*$/, ""), indentOf(lines[index]));
  }
  markFlow(out, at, next - 1, (line) => /\\\\\s*$/.test(source[line] ?? ""));
  return next;
}

function isProse(line: string | undefined): boolean {
  if (line === undefined || isBlank(line)) return false;
  return !HEADING.test(line) && !/^\s*(?:#(?:\s|$|\+)|\||:(?:\s|$)|:[\w-]+:\s*$|-{5,}\s*$)/.test(line);
}

/** A line with marks of Org's own at its beginning as Markdown has them. */
function markedLine(line: string): string {
  const content = line.trim();
  const item = /^\*\s/.test(content) ? `-${content.slice(1)}` : content;
  return item.replace(/^([-+])\s+(\S.{0,200}?)\s{1,20}::(?=\s|$)/, "$1 **$2:**");
}

function findClosings(source: readonly string[]): readonly (number | null)[] {
  const ends = new Map<string, number>();
  let drawerEnd: number | null = null;
  const closings: (number | null)[] = source.map(() => null);
  for (let at = source.length - 1; at >= 0; at -= 1) {
    const line = source[at] ?? "";
    const end = END.exec(line)?.[1]?.toLowerCase();
    const begin = BEGIN.exec(line)?.[1]?.toLowerCase();
    if (end !== undefined) ends.set(end, at);
    else if (begin !== undefined) closings[at] = ends.get(begin) ?? null;
    else if (DRAWER_END.test(line)) drawerEnd = at;
    else if (DRAWER.test(line)) closings[at] = drawerEnd;
    // A drawer ends before the next heading.
    if (HEADING.test(line)) drawerEnd = null;
  }
  return closings;
}
