// What a line of a passage is: a heading of some form, an item, a row, or words.
import type { Span } from "../../domain/document.ts";
import { isFenceLine } from "../../lexical/fences.ts";
import { lineStart } from "../../lexical/line-start.ts";
import type { SentenceKind } from "./passage-sentence.ts";

/** `## Locks`. */
export const HEADING: RegExp = /^\s{0,3}#{1,6}\s+\S/;
const UNDERLINE = /^\s*(?:={3,}|-{3,}|\*{3,}|~{3,})\s*$/;
/** What titles are underlined with, the highest first. */
const UNDERLINES = "=-~";
/** `== Locks ==`, as in MediaWiki; some texts have spaces between the marks. */
const WIKI_HEADING = /^\s*(=(?: ?=){0,5}) +(\S.*) \1\s*$/;
/** "Article 6 – Warranty.", "§ 3 Laufzeit": the title of what follows on its line or below, up to three or all capital words. */
const NUMBERED_TITLE =
  /^\s*(?:(?:[Aa]rti(?:cle|kel)|[Ss]ection|[Cc]lause|[Cc]hapter|[Pp]art|[Aa]nnex|[Aa]ppendix|[Ss]chedule|[Aa]bschnitt|[Kk]apitel|[Aa]nlage|[Aa]nhang|[Zz]iffer)\s+\d+(?:\.\d+)*[a-z]?\s*[.:–—-]|§+\s*\d+[a-z]?(?=\s))\s*(?=\p{Lu})(?:[\p{L}\p{N}&'’-]+(?: [\p{L}\p{N}&'’-]+){0,2}|\p{Lu}[\p{L}'’-]*(?: (?:\p{Lu}[\p{L}'’-]*|and|or|of|the|for|to|in|on|und|oder|der|die|das|des|von|zu|zur|für|bei)){0,8})\.?$/u;
/** A paragraph of which all is bold. */
const TITLE_ALONE = /^\s*(?:\*\*[^*\n]+\*\*|__[^_\n]+__)\s*$/;
/** The line above ends a block of code. */
const FENCE_ABOVE = /(?:`{3}|~{3})[ \t]*\r?\n[ \t]*$/;
/** Up to six words, the first with a capital letter, that could head the text below them. */
const SHORT_TITLE = /^\s*\p{Lu}[\p{L}’'-]*(?: [\p{L}\d’'()/-]+){0,5}\s*$/u;
const LONGEST_TITLE = 50;
/** What stands below such a title begins with a sentence of so many characters at least. */
const SHORTEST_BELOW = 30;
/** White space between two lines that is looked at. */
const LONGEST_GAP = 20;
/** What stands before the words of an item. */
export const LIST_MARKER: RegExp = /^\s*(?:[-*+•]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?/;
/** What ends a sentence, or announces what stands by itself. */
export const COMPLETE: RegExp = /[.!?:;…。！？]["'”’»)\]*_`]*$/u;
/** A row of a table. */
export const TABLE: RegExp = /^\s*\|.*\|\s*$/;
/** The line between the header of a table and its rows. */
export const TABLE_RULE: RegExp = /^\s*\|(?:\s*:?-+:?\s*\|)+\s*$/;
/** Level of a table's header, which stands below all headings. */
const DEEPEST = 7;

/** Whether a line by itself is a title without marks of its own: it is underlined, or all of it is bold. */
export function isTitle(text: string, { start, end }: Span, next: Span | undefined): boolean {
  const line = text.slice(start, end);
  if (next === undefined || kindOf(line) !== "prose" || COMPLETE.test(line) || /[\r\n]/.test(line)) return false;
  const before = text.slice(Math.max(0, start - LONGEST_GAP), start);
  const isLabel = TITLE_ALONE.test(line);
  const isApart = /(?:^|\n)[ \t]*\r?\n[ \t]*$|^\s*$/.test(before) || (isLabel && FENCE_ABOVE.test(before));
  if (!isApart) return false;
  const between = text.slice(end, next.start);
  const below = text.slice(next.start, next.end);
  const isRightAbove = /^[ \t]*\r?\n[ \t]*$/.test(between);
  if (isRightAbove && (isLabel || isShortTitle(line)) && headsText(below)) return true;
  // The label of a tab may stand right above its code.
  if (isLabel) return /\n[ \t]*\r?\n/.test(between) || isFenceLine(below);
  return isRightAbove && underlineOf(below) !== -1;
}

/** Whether a list's item is only the title of the paragraph or list below it, all of it bold. */
export function isItemTitle(text: string, { start, end }: Span, next: Span | undefined): boolean {
  const line = text.slice(start, end);
  const marker = LIST_MARKER.exec(line)?.[0];
  if (marker === undefined || next === undefined) return false;
  const title = line.slice(marker.length);
  if (!TITLE_ALONE.test(title) || COMPLETE.test(title)) return false;
  const below = text.slice(next.start, next.end);
  if (columnOf(text, next.start) <= columnOf(text, start)) return false;
  return kindOf(below) === "list" ? below.length >= SHORTEST_BELOW : headsText(below);
}

/** How far from the beginning of its line an offset is. */
export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

/** "Flusensieb reinigen" in a line of its own, as headings come out of PDF files. */
function isShortTitle(line: string): boolean {
  return line.trim().length <= LONGEST_TITLE && SHORT_TITLE.test(line);
}

function headsText(below: string): boolean {
  return below.length >= SHORTEST_BELOW && /^\p{Lu}/u.test(below) && /[.!?]$/.test(below) && kindOf(below) === "prose";
}

/** Which of {@link UNDERLINES} a line is made of; -1 for another line. */
function underlineOf(line: string): number {
  return UNDERLINE.test(line) ? UNDERLINES.indexOf(line.trim().charAt(0)) : -1;
}

/** What kind of line a sentence stands on, by its own marks. */
export function kindOf(line: string): SentenceKind {
  if (WIKI_HEADING.test(line) || NUMBERED_TITLE.test(line)) return "heading";
  if (HEADING.test(line) || UNDERLINE.test(line)) return "heading";
  // A fence without a block says nothing either.
  if (isFenceLine(line)) return "fence";
  if (TABLE_RULE.test(line)) return "heading";
  if (TABLE.test(line)) return "table";
  return LIST_MARKER.test(line) ? "list" : "prose";
}

/** A heading over sentences. */
export interface Heading {
  readonly level: number;
  readonly text: string;
}

/** The words of a heading, and its level: by its own marks, or by the line below it. */
export function readHeading(line: string, below: string): Heading {
  const [, marks, words = ""] = /^\s*(#+)\s*(.*)$/s.exec(line) ?? WIKI_HEADING.exec(line) ?? [];
  if (marks !== undefined) return { level: marks.replaceAll(" ", "").length, text: words };
  if (NUMBERED_TITLE.test(line)) return { level: DEEPEST - 1, text: line };
  const title = line.replace(LIST_MARKER, "");
  if (TITLE_ALONE.test(title)) return { level: DEEPEST - 1, text: title.replaceAll(/[*_]{2}/g, "").trim() };
  const underline = TABLE.test(line) ? -1 : underlineOf(below);
  if (underline !== -1) return { level: underline + 1, text: line };
  return { level: TABLE.test(line) ? DEEPEST : DEEPEST - 1, text: line.trim() };
}
