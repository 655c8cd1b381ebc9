import { type AsciidocReading, convertTableLine, isTableEdge } from "./asciidoc-tables.ts";
import { HEADING, headingAt, LIST, markedLines, TERM } from "./asciidoc-lines.ts";
import { convertAsciidocInline } from "./asciidoc-inline.ts";
import { type LoadedText, tidyTitle } from "../loader.ts";
import { headingText } from "../markdown.ts";
import { isBlank, markFlow, markupLines, proseLine, putCode, putLooseCode } from "./markup-lines.ts";

const ATTRIBUTE = /^:(!?[A-Za-z][\w-]*!?):(?:\s+(.*))?$/;
/** Longest value of an attribute, as it is written and with the values of others in it: they could grow without end. */
const LONGEST_VALUE = 500;
/** A line around code, a comment or a block of another kind; the same line ends it. */
const DELIMITER = /^(?:-{4,}|\.{4,}|\/{4,}|={4,}|\*{4,}|_{4,}|\+{4,}|--|`{3,}[\w+#.-]*)$/;
const BLOCK_LABEL = /^\[(NOTE|TIP|IMPORTANT|WARNING|CAUTION)(?:[,#.%][^\]]*)?\]$/;
const BLOCK_ATTRIBUTES = /^\[(?:[^\][]|\[[^\][]{0,500}\]){0,500}\]$/;
const MACRO = /^([a-z][\w-]*)::([^\s[]*)\[(.*)\]$/;

/**
 * AsciiDoc as Markdown, line by line: every sentence stays on its line. Its title is the document's, else the first
 * section's. Markup that is broken or unknown stays as text.
 */
export function loadAsciidoc(text: string): LoadedText {
  const lines = markupLines(text);
  const reading: AsciidocReading = {
    ...lines,
    closings: findClosings(lines.source),
    open: new Set(),
    attributes: new Map(),
    prefixes: new Map(),
    table: null,
    language: null,
    title: null,
  };
  let at = 0;
  while (at < reading.source.length) at = Math.max(at + 1, convertAt(reading, at));
  return { text: reading.out.join("\n"), title: tidyTitle(reading.title) };
}

/** Converts what begins on a line; gives the line behind it. */
function convertAt(reading: AsciidocReading, at: number): number {
  const { source, out } = reading;
  const line = (source[at] ?? "").trimEnd();
  if (isTableEdge(line)) {
    const begins = reading.table === null && (reading.closings[at] ?? null) !== null;
    reading.table = begins ? { hasHeader: false, columns: 0 } : null;
    return at + 1;
  }
  if (DELIMITER.test(line)) return convertDelimited(reading, at, line);
  if (reading.table !== null) {
    convertTableLine(reading, at, reading.table);
    return at + 1;
  }
  if (line === "") {
    reading.language = null;
    return at + 1;
  }
  const heading = headingAt(source, at, reading.open);
  if (heading !== null) {
    const title = inline(reading, heading.title);
    reading.title ??= headingText(title);
    out[at] = `${"#".repeat(heading.level)} ${title}`;
    return at + heading.lines;
  }
  const isKnown = convertMarks(reading, at, line);
  if (isKnown) return at + 1;
  if (reading.language !== null) return convertListing(reading, at);
  return convertParagraph(reading, at);
}

/** Lines of marks alone: settings, comments, anchors, macros. Whether the line was one. */
function convertMarks(reading: AsciidocReading, at: number, line: string): boolean {
  const { out, attributes } = reading;
  const [, name, value = ""] = ATTRIBUTE.exec(line) ?? [];
  if (name !== undefined) {
    const filled = value.length > LONGEST_VALUE ? "" : inline(reading, value);
    if (filled !== "" && filled.length <= LONGEST_VALUE) attributes.set(name.toLowerCase(), filled);
    return true;
  }
  if (/^\/\/(?!\/)/.test(line) || line === "+" || line === "<<<") return true;
  const label = BLOCK_LABEL.exec(line)?.[1];
  if (label !== undefined) putLabel(reading, at, label);
  if (label !== undefined || BLOCK_ATTRIBUTES.test(line)) {
    const source = /^\[(?:source|listing|literal|synopsis|,)[%\w.#-]*(?:,\s*([\w+#.-]*))?/.exec(line);
    if (source !== null) reading.language = source[1] ?? "";
    return true;
  }
  if (/^'{3,}$/.test(line)) {
    out[at] = "---";
    return true;
  }
  const [, macro, target = "", words = ""] = MACRO.exec(line) ?? [];
  if (macro === undefined) return false;
  if (macro === "include") out[at] = `\`${target}\``;
  else if (/^(?:if(?:n?def|eval)|endif)$/.test(macro) && /^[^:]/.test(words) && macro !== "ifeval")
    out[at] = inline(reading, words);
  return true;
}

/** A label such as `[NOTE]` goes to the first words of what it labels. */
function putLabel({ source, out, prefixes }: AsciidocReading, at: number, label: string): void {
  const shown = `**${label.charAt(0)}${label.slice(1).toLowerCase()}`;
  let line = at + 1;
  while (/^(?:={4,}|--|\..*)$/.test(source[line]?.trimEnd() ?? "")) line += 1;
  const words = source[line] ?? "";
  const isProse = /^[^\W_]|^[`*_"'(<{]\S/.test(words) && !LIST.test(words) && !MACRO.test(words);
  if (isProse) prefixes.set(line, `${shown}:** `);
  else out[at] = `${shown}.**`;
}

/** A block between two equal lines. One that does not end is only a line of marks. */
function convertDelimited(reading: AsciidocReading, at: number, line: string): number {
  const { closings, language, out } = reading;
  const mark = line.charAt(0);
  const end = closings[at] ?? null;
  const listing = language ?? /^`+(.*)$/.exec(line)?.[1] ?? "";
  reading.language = null;
  if (end !== null) reading.open.add(end);
  if (end === null || "=*_".includes(mark) || (line === "--" && language === null)) return at + 1;
  if ("/+".includes(mark)) return end + 1;
  if (end > at + 1) putCode(reading, { first: at + 1, last: end - 1, language: listing, indent: 0 });
  else out[at] = "";
  return end + 1;
}

/** Code that its indentation or a line such as `[source,ruby]` tells, with no lines around: it ends at the next empty line. */
function convertListing(reading: AsciidocReading, at: number): number {
  const { source, out, language } = reading;
  let next = at;
  while (!isBlank(source[next])) next += 1;
  reading.language = null;
  const isFree = at > 0 && out[at - 1] === "" && (language !== null || isBlank(source[at - 1]));
  return putLooseCode(reading, { first: at, last: next - 1, language: language ?? "", indent: 0 }, isFree);
}

function convertParagraph(reading: AsciidocReading, at: number): number {
  const { source, out, prefixes } = reading;
  if (/^\s+\S/.test(source[at] ?? "") && !LIST.test(source[at] ?? "") && !TERM.test(source[at] ?? "")) {
    return convertListing(reading, at);
  }
  // Behind a plus sign alone, a paragraph belongs to the item above.
  const least = source[at - 1]?.trimEnd() === "+" ? 2 : 0;
  let next = at;
  do next += 1;
  while (goesOn(source[next]));
  const lines = markedLines(source.slice(at, next));
  const converted = inline(reading, lines.map(({ text }) => text).join("\n")).split("\n");
  for (const [index, text] of converted.entries()) {
    const place = at + index;
    out[place] = proseLine(`${prefixes.get(place) ?? ""}${text.trim()}`, Math.max(least, lines[index]?.indent ?? 0));
  }
  // A title of a block, a term and a line with a mark at its end stand for themselves.
  const isVerse = /^\[verse\b/.test(source[at - 1] ?? "");
  const endsLine = (line: number): boolean =>
    isVerse || /^\*\*[^*]+\*\*$/.test(out[line] ?? "") || / \+\s*$/.test(source[line] ?? "");
  markFlow(out, at, next - 1, endsLine);
  return next;
}

/** Whether a line goes on with a paragraph or a list, and is nothing of its own. */
function goesOn(line: string | undefined): boolean {
  if (line === undefined || isBlank(line)) return false;
  const text = line.trimEnd();
  if (DELIMITER.test(text) || isTableEdge(text) || HEADING.test(text) || text === "+" || text.startsWith("//"))
    return false;
  return !BLOCK_ATTRIBUTES.test(text) && !MACRO.test(text) && !ATTRIBUTE.test(text);
}

function inline(reading: AsciidocReading, text: string): string {
  return convertAsciidocInline(text, reading.attributes);
}

/** For each line around a block, the next line that is the same; null where there is none. */
function findClosings(source: readonly string[]): readonly (number | null)[] {
  const next = new Map<string, number>();
  const closings: (number | null)[] = source.map(() => null);
  for (let at = source.length - 1; at >= 0; at -= 1) {
    const line = (source[at] ?? "").trimEnd();
    if (!DELIMITER.test(line) && !isTableEdge(line)) continue;
    const end = line.startsWith("`") ? line.replace(/[^`]+$/, "") : line;
    closings[at] = next.get(end) ?? null;
    next.set(line, at);
  }
  return closings;
}
