import { createFencePlaces, fencedBlocks } from "../../../src/lexical/fences.ts";
import { LIST_ITEM } from "../../../src/lexical/line-forms.ts";
import { readFrontMatter } from "../front-matter.ts";
import type { LoadedText } from "../loader.ts";
import { HEADING_ID, loadMarkdown } from "../markdown.ts";
import { isBlank, nextFilled } from "./markup-lines.ts";
import { readTag, type Tag } from "./mdx-tags.ts";

/** A statement of JavaScript between paragraphs; it goes on up to an empty line. */
const STATEMENT =
  /^(?:import\s*(?:["'{*]|[\w$]+\s*(?:,|\sfrom\b)|type\s*\{)|export\s+(?:const|let|var|default|function|async|class|type|interface|\{|\*))/;
/** A line by which a file shows that it has components, whatever its name. */
const IMPORTS = /^import\s[^\r\n]{1,500}\sfrom\s+["'][^"'\r\n]{1,300}["'];?[ \t]*$/gm;
/** Where something begins that Markdown does not know, or code, which is left alone. */
const MARK = /[`<{]/g;
const BACKTICKS = /`+/y;
const CODE_BEHIND = /[^`\n]{1,2000}(?:\n[^`\n]{1,2000})?`+/y;
const BLANK_EXPRESSION = /\{\s{0,20}(?:" {0,20}"|' {0,20}')\s{0,20}\}/y;
/** Elements of HTML that only hold others; components have a capital letter or a dot. */
const HOLDERS = new Set(
  "article aside center details div figcaption figure footer header main nav p section summary".split(" "),
);
/** Attributes that a component shows as its title, and those that it shows as text. */
const TITLES = new Set(["title", "label", "heading"]);
const TEXTS = new Set(["description", "text", "caption", "summary", "version", "since", "v"]);
/** Components whose name says what their value is: "Since 2.1". */
const TELLING = /^(?:Since|Added|Available|Deprecated|Introduced|Removed|Version)/;
const NOTE = /^:{3,} ?([A-Za-z][\w-]{0,40})(?:\[([^\]]{1,300})\])?(?:\{[^}]{0,300}\})?(?: (.*))?$/;
/** Longest first line of a note, in characters. */
const LONGEST_NOTE = 400;

/**
 * Markdown with components (MDX) as Markdown, line by line: every sentence stays on its line. Statements, comments and
 * tags are gone; of a tag's attributes those are kept that its component shows, such as the label of a tab.
 */
export function loadMdx(text: string): LoadedText {
  const whole = text.split(/\r\n|\r|\n/).join("\n");
  const { length } = readFrontMatter(whole);
  const body = whole.slice(length);
  const parts: string[] = [];
  let from = 0;
  for (const { start, end } of [...fencedBlocks(body), { start: body.length, end: body.length }]) {
    parts.push(proseOf(body.slice(from, start)), body.slice(start, end));
    from = end;
  }
  return loadMarkdown(whole.slice(0, length) + parts.join(""));
}

/** Whether Markdown imports components, as some site generators allow in any file. */
export function importsComponents(text: string): boolean {
  const imports = [...text.matchAll(IMPORTS)];
  if (imports.length === 0) return false;
  const fenceAt = createFencePlaces(fencedBlocks(text));
  return imports.some(({ index }) => fenceAt(index) === null);
}

/** A text between blocks of code. */
function proseOf(text: string): string {
  const lines = withoutTags(withoutStatements(text)).split("\n");
  for (const [at, line] of lines.entries()) {
    if (isBlank(line)) lines[at] = "";
    else if (line.trimStart().startsWith(":::")) putNote(lines, at);
    else if (line.startsWith("#")) lines[at] = line.replace(HEADING_ID, "");
  }
  return lines.join("\n");
}

function withoutStatements(text: string): string {
  let isOpen = false;
  let isFirst = true;
  const lines = text.split("\n").map((line) => {
    isOpen = !isBlank(line) && (isOpen || (isFirst && STATEMENT.test(line)));
    isFirst = isBlank(line) || isOpen;
    return isOpen ? "" : line;
  });
  return lines.join("\n");
}

/** A text without tags and comments, each line where it was. */
function withoutTags(text: string): string {
  const parts: string[] = [];
  let from = 0;
  let hasComments = true;
  for (let mark = nextMark(text, 0); mark !== null; mark = nextMark(text, Math.max(from, mark + 1))) {
    const { [mark]: character } = text;
    let found: { readonly end: number; readonly shown: string } | null = null;
    if (character === "`") {
      const behind = mark + matchLength(BACKTICKS, text, mark);
      const end = behind + matchLength(CODE_BEHIND, text, behind);
      found = { end, shown: text.slice(mark, end) };
    } else if (character === "<") found = readElement(text, mark);
    else if (text.startsWith("{/*", mark) && hasComments) {
      const end = text.indexOf("*/}", mark);
      hasComments = end !== -1;
      found = hasComments ? { end: end + 3, shown: breaksIn(text, mark, end) } : null;
    } else {
      const blank = matchLength(BLANK_EXPRESSION, text, mark);
      found = blank === 0 ? null : { end: mark + blank, shown: " " };
    }
    if (found === null) continue;
    parts.push(text.slice(from, mark), found.shown);
    from = found.end;
  }
  return parts.join("") + text.slice(from);
}

function nextMark(text: string, from: number): number | null {
  MARK.lastIndex = from;
  return MARK.exec(text)?.index ?? null;
}

function matchLength(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

/** A tag that is not written in the Markdown, and what stands in its place; null for any other, which stays. */
function readElement(text: string, start: number): { readonly end: number; readonly shown: string } | null {
  const tag = readTag(text, start);
  if (tag === null) return null;
  const isComponent = /^(?:$|\p{Lu})|[.]/u.test(tag.name);
  if (!isComponent && !HOLDERS.has(tag.name)) return null;
  return { end: tag.end, shown: isComponent ? shownOf(tag, text, start) : breaksIn(text, start, tag.end) };
}

/** What a component shows of its attributes, each on its line. */
function shownOf({ name: component, attributes, end }: Tag, text: string, start: number): string {
  const href = attributes.find(({ name }) => name === "href")?.value;
  const hasTitle = attributes.some(({ name }) => TITLES.has(name));
  const isAlone = /(?:^|\n)[ \t]*$/.test(text.slice(Math.max(0, start - 40), start));
  let shown = "";
  let from = start;
  for (const { name, value, start: valueStart, end: valueEnd } of attributes) {
    const isTitle = TITLES.has(name) || (name === "value" && !hasTitle);
    if (value.trim() === "" || (!isTitle && !TEXTS.has(name))) continue;
    const lead = !isTitle && TELLING.test(component) ? `${spaced(component)} ` : "";
    const words = isTitle && href !== undefined ? `[${value}](${href})` : `${lead}${value}`;
    const before = breaksIn(text, from, valueStart);
    shown += `${before}${before === "" && shown !== "" ? " " : ""}${isTitle && isAlone ? `**${words}**` : words}`;
    from = valueEnd;
  }
  return shown + breaksIn(text, from, end);
}

/** The words of a component's name: "Added in". */
function spaced(name: string): string {
  return name.replaceAll(/(?<=\p{Ll})\p{Lu}/gu, (letter) => ` ${letter.toLowerCase()}`);
}

function breaksIn(text: string, start: number, end: number): string {
  return "\n".repeat(text.slice(start, end).split("\n").length - 1);
}

/** `:::tip[Title]` becomes the title in bold; without one, its kind stands in front of the note's first words. */
function putNote(lines: string[], at: number): void {
  const first = (lines[at] ?? "").trim();
  const [, kind, bracketed, behind] = first.length > LONGEST_NOTE ? [] : (NOTE.exec(first) ?? []);
  lines[at] = first.length > LONGEST_NOTE ? first : "";
  if (kind === undefined) return;
  const title = (bracketed ?? behind ?? "").trim().replace(/[:.]$/, "");
  if (title !== "") {
    // A tab says that the next line goes on with it.
    lines[at] = isProse(lines[at + 1]) ? `**${title}:**\t` : `**${title}.**`;
    return;
  }
  const label = kind.charAt(0).toUpperCase() + kind.slice(1);
  const line = nextFilled(lines, at + 1);
  const words = lines[line] ?? "";
  if (isProse(words)) lines[line] = words.replace(/^\s*/, (indent) => `${indent}**${label}:** `);
  else lines[at] = `**${label}.**`;
}

function isProse(line = ""): boolean {
  return /^\s*[\p{L}\p{N}`*_"'([]/u.test(line) && !LIST_ITEM.test(line);
}
