import type { Passage } from "../../domain/answer.ts";
import type { Span } from "../../domain/document.ts";
import { createFencePlaces, type FencedBlock, fencedBlocks, isFenceLine } from "../../lexical/fences.ts";
import { hasWords, splitSentences } from "../../lexical/sentences.ts";
import { tableCells } from "../../lexical/table-cells.ts";
import { visibleText } from "../../lexical/visible-text.ts";
import { isWrappedBetween } from "../../lexical/wrapped-lines.ts";
import { codeLines, isCodeAlone } from "./code-lines.ts";
import { isCutShort } from "./cut-short.ts";
import type { PassageSentence, SentenceKind } from "./passage-sentence.ts";

/** Options of {@link sentencesOf}. */
export interface SentencesOptions {
  /** Default: by the rules of `src/lexical`. */
  readonly split?: SentenceSplitter | undefined;
  /**
   * Leaves the targets of links, for a question that asks for an address.
   * @default false
   */
  readonly keepLinks?: boolean;
}

/** A sentence without the line breaks of wrapping, and without the blanks between columns. */
export function oneLine(text: string): string {
  return text
    .replaceAll(/\s*[\r\n]+\s*/g, " ")
    .replaceAll(/(?<! ) {2,}/g, " ")
    .trim();
}

/** Cuts a text into sentences. */
export type SentenceSplitter = (text: string) => readonly Span[];

const HEADING = /^\s{0,3}#{1,6}\s+\S/;
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
/** In characters, with the sentence that it belongs to; what is longer has lost the end of its formula. */
const LONGEST_FORMULA = 1000;
/** White space between two lines that is looked at. */
const LONGEST_GAP = 20;
const TICKED = /\[[xX]\]\s+$/;
const TO_TICK = /\[ \]\s+$/;
const LIST_MARKER = /^\s*(?:[-*+•]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?/;
/** The target of links that stand elsewhere: `[gate]: gates.md`. */
const LINK_DEFINITION = /^\s*\[[^\]\n]+\]:\s+\S+(?:\s+["'(].*)?\s*$/;
/** What ends a sentence, or announces what stands by itself. */
const COMPLETE = /[.!?:;…。！？]["'”’»)\]*_`]*$/u;
const NUMBER_ALONE = /^\s*\d{1,3}[.)]$/;
const TABLE = /^\s*\|.*\|\s*$/;
/** Level of a table's header, which stands below all headings. */
const DEEPEST = 7;
const FRONT_MATTER = /^(?:---[ \t]*\r?\n)?(?:[\w-]+:.*\r?\n(?:(?:[ \t]+|-[ \t]|#).*\r?\n)*)+---[ \t]*(?:\r?\n|$)/;
const DEEPEST_FRONT_MATTER = 20;
/** Nothing but settings; the search leaves out the rules at the edges of a passage. */
const SETTINGS_ALONE = /^(?:[\w-]+:.*(?:\r?\n|$)(?:(?:[ \t]+|-[ \t]|#).*(?:\r?\n|$))*)+$/;
/** `:::tip[Title]` and `:::`, around a note in some Markdown. */
const NOTE_EDGE = /^\s*:{3,}(?:\s*\w.{0,80})?$/;
const SETTING = /^[\w-]+:[ \t]+\S[^\r\n]*$/;
const TABLE_RULE = /^\s*\|(?:\s*:?-+:?\s*\|)+\s*$/;

/**
 * The sentences of a passage: what was wrapped, or cut within inline code or at an ellipsis, is joined again; blocks of
 * code stay line by line.
 */
export function sentencesOf(
  passage: Passage,
  { split = splitSentences, keepLinks = false }: SentencesOptions = {},
): readonly PassageSentence[] {
  const { text, title } = passage.hit;
  if (isCodeAlone(passage.hit)) return codeLines(passage);
  const sentences: PassageSentence[] = [];
  const blocks = fencedBlocks(text, { isPart: true });
  const fenceAt = createFencePlaces(blocks);
  let above: readonly Heading[] = [];
  let columns: readonly string[] | null = null;
  const spans = joinWrapped(text, splitPassage(text, { blocks, split }), blocks);
  const frontMatter = frontMatterLength(passage.hit);
  for (const [index, span] of spans.entries()) {
    if (span.start < frontMatter) {
      const setting = settingAt(span, passage, sentences.length);
      if (setting !== null) sentences.push(setting);
      continue;
    }
    const line = text.slice(span.start, span.end);
    const next = spans[index + 1];
    const fence = fenceAt(span.start);
    const isHeader = next !== undefined && TABLE.test(line) && TABLE_RULE.test(text.slice(next.start, next.end));
    const isHeading = isHeader || isTitle(text, span, next);
    const kind = fence !== null ? (fence.isFence ? "fence" : "code") : isHeading ? "heading" : kindOf(line);
    if (kind === "heading" && hasWords(line)) {
      const heading = readHeading(line, next === undefined ? "" : text.slice(next.start, next.end));
      above = [...above.filter(({ level }) => level < heading.level), heading];
    }
    if (!TABLE.test(line)) columns = null;
    else if (kind === "heading" && !TABLE_RULE.test(line)) columns = tableCells(line);
    const mark = kind === "list" ? (LIST_MARKER.exec(line)?.[0] ?? "") : "";
    const written = line.slice(mark.length);
    const seen = kind === "code" || kind === "fence" ? written : visibleText(written, { keepLinks }).text.trim();
    // An image or an anchor alone, or where a link leads to.
    if (seen === "" || NOTE_EDGE.test(written) || (!keepLinks && kind === "prose" && LINK_DEFINITION.test(line)))
      continue;
    sentences.push({
      passage,
      text: seen,
      span: { start: span.start + mark.length, end: span.end },
      kind,
      position: sentences.length,
      headings: [title ?? "", ...above.map((heading) => heading.text)].join("\n"),
      block: kind === "code" ? (fence?.number ?? null) : null,
      isDone: TICKED.test(mark) ? true : TO_TICK.test(mark) ? false : null,
      columns: kind === "table" ? columns : null,
    });
  }
  return sentences;
}

/** A line such as "birthday: 1951-11-23" as a sentence; null for one without a value of its own. */
function settingAt({ start, end }: Span, passage: Passage, position: number): PassageSentence | null {
  const text = passage.hit.text.slice(start, end);
  if (!SETTING.test(text)) return null;
  const headings = passage.hit.title ?? "";
  const span = { start, end };
  return { passage, text, span, kind: "setting", position, headings, block: null, isDone: null, columns: null };
}

/** How far settings go that stand between rules at the top of a file; a search may have cut off the first rule. */
function frontMatterLength({ text, lines, language }: Passage["hit"]): number {
  if (lines.start > DEEPEST_FRONT_MATTER) return 0;
  const closed = FRONT_MATTER.exec(text)?.[0].length;
  // Line 1 was the first rule.
  const isBehindRule = lines.start === 2 && language === "markdown";
  return closed ?? (isBehindRule && SETTINGS_ALONE.test(text) ? text.length : 0);
}

/** The lines of blocks of code one by one, and what a splitter makes of the text between them. */
function splitPassage(
  text: string,
  { blocks, split }: { readonly blocks: readonly FencedBlock[]; readonly split: SentenceSplitter },
): readonly Span[] {
  const spans: Span[] = [];
  const shifted = (offset: number, { start, end }: Span): Span => ({ start: offset + start, end: offset + end });
  let from = 0;
  for (const { start, end } of [...blocks, { start: text.length, end: text.length }]) {
    const between = from;
    if (start > from) spans.push(...split(text.slice(from, start)).map((span) => shifted(between, span)));
    for (const line of text.slice(start, end).matchAll(/\S.*/g)) {
      spans.push(shifted(start, { start: line.index, end: line.index + line[0].trimEnd().length }));
    }
    from = end;
  }
  return spans;
}

interface Heading {
  readonly level: number;
  readonly text: string;
}

/** The words of a heading, and its level: by its own marks, or by the line below it. */
function readHeading(line: string, below: string): Heading {
  const [, marks, words = ""] = /^\s*(#+)\s*(.*)$/s.exec(line) ?? WIKI_HEADING.exec(line) ?? [];
  if (marks !== undefined) return { level: marks.replaceAll(" ", "").length, text: words };
  if (NUMBERED_TITLE.test(line)) return { level: DEEPEST - 1, text: line };
  if (TITLE_ALONE.test(line)) return { level: DEEPEST - 1, text: line.replaceAll(/[*_]{2}/g, "").trim() };
  const underline = TABLE.test(line) ? -1 : underlineOf(below);
  return { level: underline === -1 ? DEEPEST : underline + 1, text: line };
}

/** Whether a line by itself is a title without marks of its own: it is underlined, or all of it is bold. */
function isTitle(text: string, { start, end }: Span, next: Span | undefined): boolean {
  const line = text.slice(start, end);
  if (next === undefined || kindOf(line) !== "prose" || COMPLETE.test(line) || /[\r\n]/.test(line)) return false;
  const before = text.slice(Math.max(0, start - LONGEST_GAP), start);
  const isLabel = TITLE_ALONE.test(line);
  const isApart = /(?:^|\n)[ \t]*\r?\n[ \t]*$|^\s*$/.test(before) || (isLabel && FENCE_ABOVE.test(before));
  if (!isApart) return false;
  const between = text.slice(end, next.start);
  // The label of a tab may stand right above its code.
  if (isLabel) return /\n[ \t]*\r?\n/.test(between) || isFenceLine(text.slice(next.start, next.end));
  return /^[ \t]*\r?\n[ \t]*$/.test(between) && underlineOf(text.slice(next.start, next.end)) !== -1;
}

/** Which of {@link UNDERLINES} a line is made of; -1 for another line. */
function underlineOf(line: string): number {
  return UNDERLINE.test(line) ? UNDERLINES.indexOf(line.trim().charAt(0)) : -1;
}

function kindOf(line: string): SentenceKind {
  if (WIKI_HEADING.test(line) || NUMBERED_TITLE.test(line)) return "heading";
  if (HEADING.test(line) || UNDERLINE.test(line)) return "heading";
  // A fence without a block says nothing either.
  if (isFenceLine(line)) return "fence";
  if (TABLE_RULE.test(line)) return "heading";
  if (TABLE.test(line)) return "table";
  return LIST_MARKER.test(line) ? "list" : "prose";
}

/** The splitter ends a sentence at each line break and after any mark; wrapped text and inline code go on behind it. */
function joinWrapped(text: string, spans: readonly Span[], blocks: readonly FencedBlock[]): readonly Span[] {
  const joined: Span[] = [];
  const fenceAt = createFencePlaces(blocks);
  for (const span of spans) {
    const last = joined.at(-1);
    if (
      last !== undefined &&
      fenceAt(span.start) === null &&
      (isWrapped(text, last, span) || isCut(text, last, span) || isFormula(text, last, span))
    ) {
      joined[joined.length - 1] = { start: last.start, end: span.end };
    } else joined.push(span);
  }
  return joined;
}

/**
 * Whether a mark ended what goes on: within `inline code`, at an ellipsis before a small letter, behind an item's or a
 * heading's number, within a date.
 */
function isCut(text: string, before: Span, after: Span): boolean {
  if (!/^[ \t]+$/.test(text.slice(before.end, after.start))) return false;
  const sentence = text.slice(before.start, before.end);
  const next = text.slice(after.start, after.end);
  const isOpen = (sentence.match(/`/g)?.length ?? 0) % 2 === 1 && next.includes("`");
  // A cell may hold sentences of its own.
  if (/^\s*\|/.test(sentence)) return true;
  if (HEADING.test(sentence) || isCutShort(sentence, next)) return true;
  return isOpen || NUMBER_ALONE.test(sentence) || (sentence.endsWith("…") && /^[\p{Ll}-]/u.test(next));
}

/** Whether a line belongs to a formula between lines of `$$`, or begins one that completes the sentence before. */
function isFormula(text: string, before: Span, after: Span): boolean {
  const sentence = text.slice(before.start, before.end);
  if ((sentence.match(/\$\$/g)?.length ?? 0) % 2 === 1) return after.end - before.start <= LONGEST_FORMULA;
  if (!text.startsWith("$$", after.start) || kindOf(sentence) === "heading") return false;
  return !/[.!?]$/.test(sentence) && text.slice(before.end, after.start).trim() === "";
}

function isWrapped(text: string, before: Span, after: Span): boolean {
  if (kindOf(text.slice(after.start, after.end)) !== "prose") return false;
  const kind = kindOf(text.slice(before.start, before.end));
  if (kind === "list" && continuesItem(text, before, after)) return true;
  return ["prose", "list"].includes(kind) && isWrappedBetween(text, before, after);
}

/** Whether a line stands below the words of a list's item whose sentence is not complete, however deep it is indented. */
function continuesItem(text: string, item: Span, after: Span): boolean {
  const lineStart = (offset: number): number => text.lastIndexOf("\n", offset - 1) + 1;
  const marker = LIST_MARKER.exec(text.slice(lineStart(item.start), item.end))?.[0];
  const isNextLine = /^[ \t]*\r?\n[ \t]*$/.test(text.slice(item.end, after.start));
  if (marker === undefined || !isNextLine || COMPLETE.test(text.slice(item.start, item.end))) return false;
  return after.start - lineStart(after.start) === marker.length;
}
