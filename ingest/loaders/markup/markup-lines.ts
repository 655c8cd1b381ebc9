/** Markup that is being converted to Markdown line by line: line n of `out` holds the content of line n of `source`. */
export interface MarkupLines {
  readonly source: readonly string[];
  /** One line more than `source` where a block of code ends with the text. */
  readonly out: string[];
}

/** The lines of a block of code. */
interface CodePlace {
  readonly first: number;
  readonly last: number;
  /** Name of its language; may be empty. */
  readonly language: string;
  /** By how many columns the fences and the code are indented, at most 3. */
  readonly indent: number;
}

/** Deepest indentation that does not mean code in Markdown. */
const MOST_INDENT = 3;

/** The lines of a text, with tabs at their beginnings as blanks. */
export function markupLines(text: string): MarkupLines {
  const source = text
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(/^[ \t]*\t[ \t]*/, (blanks) => blanks.replaceAll("\t", "        ")));
  return { source, out: source.map(() => "") };
}

/** Columns before the first character of a line; Infinity where it is blank. */
export function indentOf(line: string | undefined): number {
  const indent = line?.search(/\S/) ?? -1;
  return indent === -1 ? Number.POSITIVE_INFINITY : indent;
}

/** Whether there is nothing on a line, or no such line. */
export function isBlank(line: string | undefined): boolean {
  return line === undefined || line.trim() === "";
}

/** The first line from a place on that is not blank; the number of lines where there is none. */
export function nextFilled(source: readonly string[], from: number): number {
  let line = from;
  while (line < source.length && isBlank(source[line])) line += 1;
  return line;
}

/**
 * Puts a block of code between fences on the lines around it, without the indentation that all of its lines have. The line
 * behind it may be the one behind the text's last.
 */
export function putCode({ source, out }: MarkupLines, place: CodePlace): void {
  const lines = source.slice(place.first, place.last + 1);
  const common = lines.reduce((least, line) => Math.min(least, indentOf(line)), Number.POSITIVE_INFINITY);
  const indent = " ".repeat(Math.min(MOST_INDENT, place.indent));
  const longest = lines.reduce((most, line) => Math.max(most, /^\s*(`{3,})/.exec(line)?.[1]?.length ?? 0), 2);
  const fence = "`".repeat(longest + 1);
  for (const [index, line] of lines.entries()) {
    out[place.first + index] = line.trim() === "" ? "" : `${indent}${line.slice(common)}`;
  }
  out[place.first - 1] = `${indent}${fence}${place.language.toLowerCase().replaceAll(/[^\w+#.-]/g, "")}`;
  out[place.last + 1] = `${indent}${fence}`;
}

/** Puts code between fences where the lines around it are free for them; else each line stays one of its own. Gives the line behind it. */
export function putLooseCode(lines: MarkupLines, place: CodePlace, isFree: boolean): number {
  if (isFree) {
    putCode(lines, place);
    return place.last + 2;
  }
  const { source, out } = lines;
  for (let line = place.first; line <= place.last; line += 1)
    out[line] = isBlank(source[line]) ? "" : `    ${source[line]?.trim()}`;
  return place.last + 1;
}

/** A line of prose or of a list for Markdown: characters that would be taken for Markdown's marks are escaped. */
export function proseLine(text: string, indent: number): string {
  const content = text.trim();
  if (content === "") return "";
  const isItem = /^(?:[-*+]|\d{1,9}[.)])\s/.test(content);
  const blanks = " ".repeat(isItem ? Math.min(indent, 40) : Math.min(indent, MOST_INDENT));
  const isMark = /^(?:#{1,6}(?:\s|$)|`{3,}|~{3,}|=+$|-{2,}$)/.test(content);
  return `${blanks}${isMark ? "\\" : ""}${content}`;
}

const BEGINS_ANEW = /^\s*(?:[-*+]\s|\d{1,9}[.)]\s|\||$)/;

/**
 * Puts a tab at the end of each line of a paragraph that the next one continues. Without their marks lines may be so
 * short that nothing else tells that. A blank, as in mail, ends too many lines of other texts.
 */
export function markFlow(out: string[], first: number, last: number, endsLine: (line: number) => boolean): void {
  for (let line = first; line < last; line += 1) {
    if (out[line] !== "" && !endsLine(line) && !BEGINS_ANEW.test(out[line + 1] ?? "")) out[line] += "\t";
  }
}

/** Replaces what a pattern with named groups finds; the number of line breaks stays. */
export function replaceInline(
  text: string,
  pattern: RegExp,
  replacementOf: (groups: Readonly<Record<string, string | undefined>>, whole: string) => string,
): string {
  const parts: string[] = [];
  let from = 0;
  for (const { 0: whole, index, groups = {} } of text.matchAll(pattern)) {
    parts.push(text.slice(from, index), keepBreaks(whole, replacementOf(groups, whole)));
    from = index + whole.length;
  }
  return parts.join("") + text.slice(from);
}

/** Gives a replacement as many line breaks as the text it replaces; missing ones are added at its end. */
function keepBreaks(replaced: string, replacement: string): string {
  const missing = replaced.split("\n").length - replacement.split("\n").length;
  return missing > 0 ? replacement + "\n".repeat(missing) : replacement;
}
