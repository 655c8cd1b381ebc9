import type { Passage } from "../../domain/answer.ts";
import { HEADING_SEPARATOR } from "../../domain/chunk.ts";
import type { Span } from "../../domain/document.ts";
import { createFencePlaces, type FencedBlock, fencedBlocks } from "../../lexical/fences.ts";
import { hasWords, splitSentences } from "../../lexical/sentences.ts";
import { createLetteredItems } from "../../lexical/lettered-items.ts";
import { type OutlinedText, outlinePlainText } from "../../lexical/outline-plain-text.ts";
import { tableCells } from "../../lexical/table-cells.ts";
import { createTablePlaces } from "../../lexical/table-lines.ts";
import { toldTime, turnsOf } from "../../lexical/turns.ts";
import { visibleText } from "../../lexical/visible-text.ts";
import { codeLines, isCodeAlone } from "./code-lines.ts";
import { dataLines, isData } from "./data-lines.ts";
import { joinSentences } from "./join-sentences.ts";
import {
  type Heading,
  columnOf,
  isItemTitle,
  isTitle,
  kindOf,
  LIST_MARKER,
  readHeading,
  TABLE,
  TABLE_RULE,
} from "./line-kind.ts";
import type { PassageSentence } from "./passage-sentence.ts";

/** Options of {@link sentencesOf}. */
export interface SentencesOptions {
  /** Default: by the rules of `src/lexical`. */
  readonly split?: SentenceSplitter | undefined;
  /** Leaves the targets of links, for a question that asks for an address. @default false */
  readonly keepLinks?: boolean;
  /** Keeps the lines of YAML and JSON as code, for a question that asks for code. @default false */
  readonly keepCode?: boolean;
  /** The names that speak in the passages, see `speakersOf`. @default nobody */
  readonly speakers?: ReadonlySet<string>;
}

/** A sentence without the line breaks of wrapping, and without the blanks between columns. */
export function oneLine(text: string): string {
  return text
    .replaceAll(/(?<!\s)\s*[\r\n]\s*/g, " ")
    .replaceAll(/(?<! ) {2,}/g, " ")
    .trim();
}

/** Cuts a text into sentences. */
export type SentenceSplitter = (text: string) => readonly Span[];

const TICKED = /\[[xX]\]\s+$/;
const TO_TICK = /\[ \]\s+$/;
/** The target of links that stand elsewhere: `[gate]: gates.md`. */
const LINK_DEFINITION = /^\s*\[[^\]\n]+\]:\s+\S+(?:\s+["'(].*)?\s*$/;
const FRONT_MATTER = /^(?:---[ \t]*\r?\n)?(?:[\w.-]+:.*\r?\n(?:(?:[ \t]+|-[ \t]|#).*\r?\n)*)+---[ \t]*(?:\r?\n|$)/;
const DEEPEST_FRONT_MATTER = 20;
/** Nothing but settings; the search leaves out the rules at the edges of a passage. */
const SETTINGS_ALONE = /^(?:[\w.-]+:.*(?:\r?\n|$)(?:(?:[ \t]+|-[ \t]|#).*(?:\r?\n|$))*)+$/;
/** `:::tip[Title]` and `:::`, around a note in some Markdown. */
const NOTE_EDGE = /^\s*:{3,}(?:\s*\w.{0,80})?$/;
/** A line that only says which file's content a site puts in its place, as those of mdBook, Hugo, VitePress and DocFX do. */
const INCLUDED =
  /^\s*(?:>\s*)?(?:\{\{[#<%].*\}\}|<<<\s?\S+|\[!INCLUDE\b.*\])\s*$|^\s*(?:>\s*)?\[!INCLUDE\s*\[[^\]\n]*\]\([^)\n]*\)\s*\]/i;
/** A component that opens or closes in a line of its own, `<Listing number="3">`; one with a caption says something. */
const COMPONENT_EDGE = /^\s*<\/?[A-Z][\w.]*(?:\s(?![^<>]*=\s*["'][^"']*\s\S+\s)[^<>]*)?\/?>\s*$/;
/** Level of the time above a chat. */
const LOWEST = 6;
const NOBODY: ReadonlySet<string> = new Set();
const SETTING = /^[\w.-]+:[ \t]+\S[^\r\n]*$/;

/**
 * The sentences of a passage: what was wrapped, or cut within inline code or at an ellipsis, is joined again; blocks of
 * code stay line by line.
 */
export function sentencesOf(
  passage: Passage,
  { split = splitSentences, keepLinks = false, keepCode = false, speakers = NOBODY }: SentencesOptions = {},
): readonly PassageSentence[] {
  const { title } = passage.hit;
  if (!keepCode && isData(passage.hit)) return dataLines(passage);
  if (isCodeAlone(passage.hit)) return codeLines(passage);
  const sentences: PassageSentence[] = [];
  const { text, offsetOf } = readableText(passage.hit);
  const blocks = fencedBlocks(text, { isPart: true });
  const fenceAt = createFencePlaces(blocks);
  const tableAt = createTablePlaces(text, { isPart: true });
  const letteredAt = createLetteredItems(text);
  const over = headingsOver(passage.hit);
  const turns = turnsOf(text, speakers);
  let above: readonly Heading[] = [];
  let columns: readonly string[] | undefined;
  let itemTitle: { readonly heading: Heading; readonly column: number } | null = null;
  const spans = joinSentences(text, splitPassage(text, { blocks, split }), { blocks, tableAt, letteredAt, turns });
  const frontMatter = frontMatterLength(passage.hit);
  for (const [index, span] of spans.entries()) {
    if (span.start < frontMatter) {
      const own = { start: offsetOf(span.start), end: offsetOf(span.end) };
      const setting = settingAt(own, passage, sentences);
      if (setting !== null) sentences.push(setting);
      continue;
    }
    const turn = turns.findLast(({ start }) => start <= span.start);
    const column = columnOf(text, span.start);
    if (itemTitle !== null && column <= itemTitle.column) {
      const { heading } = itemTitle;
      above = above.filter((one) => one !== heading);
      itemTitle = null;
    }
    const line = text.slice(span.start, span.end);
    const next = spans[index + 1];
    const below = next === undefined ? "" : text.slice(next.start, next.end);
    const fence = fenceAt(span.start);
    const row = fence === null ? tableAt(span.start) : null;
    const isHead = row === "header" || (TABLE.test(line) && TABLE_RULE.test(below));
    const isOfItem = row === null && isItemTitle(text, span, next);
    const time = turns[0] !== undefined && span.end <= turns[0].start ? toldTime(line) : null;
    const isHeading =
      time !== null || isHead || row === "rule" || isOfItem || (row === null && isTitle(text, span, next));
    const lettered = row === null && fence === null ? letteredAt(span.start) : 0;
    const ownKind = row === "row" ? "table" : lettered > 0 ? "list" : kindOf(line);
    const kind = fence !== null ? (fence.isFence ? "fence" : "code") : isHeading ? "heading" : ownKind;
    if (kind === "heading" && hasWords(line)) {
      const heading =
        time === null ? readHeading(isHead ? withBars(line) : line, below) : { level: LOWEST, text: time };
      above = [...above.filter(({ level }) => level < heading.level), heading];
      if (isOfItem) itemTitle = { heading, column };
    }
    if (row === null && !TABLE.test(line)) columns = undefined;
    else if (isHead) columns = tableCells(line) ?? undefined;
    const isTurn = turn?.start === span.start;
    const itemMark = kind === "list" ? itemMarkOf(line, lettered) : "";
    const mark = isTurn ? line.slice(0, turn.wordsStart - turn.start) : itemMark;
    const seen = readLine(line.slice(mark.length), { kind, keepLinks });
    if (seen === null) continue;
    sentences.push({
      passage,
      text: seen,
      span: { start: offsetOf(span.start + mark.length), end: offsetOf(span.end) },
      kind,
      siblings: sentences,
      position: sentences.length,
      headings: [title ?? "", ...over, ...above.map((heading) => heading.text)].join("\n"),
      block: kind === "code" ? fence?.number : undefined,
      isDone: TICKED.test(mark) ? true : TO_TICK.test(mark) ? false : undefined,
      columns: kind === "table" ? columns : undefined,
      turn,
    });
  }
  return sentences;
}

/** A passage as it is read, with the way back to what is written: a plain text with marks for its headings. */
function readableText({ text, language, title, heading }: Passage["hit"]): OutlinedText {
  const above = (heading ?? "").split(HEADING_SEPARATOR).filter((one) => one !== "");
  const outlined = language === "text" ? outlinePlainText(text, { title, above }) : null;
  return outlined ?? { text, offsetOf: (offset) => offset };
}

/** The marker of an item with the blanks behind it; `lettered` is the length of one that letters count, or 0. */
function itemMarkOf(line: string, lettered: number): string {
  if (lettered === 0) return LIST_MARKER.exec(line)?.[0] ?? "";
  return line.slice(0, lettered + line.slice(lettered).search(/\S|$/));
}

/** The head of a table as it is written with bars at its ends too. */
function withBars(line: string): string {
  return `| ${(tableCells(line) ?? []).join(" | ")} |`;
}

/** What a reader sees of a line; null for an image or an anchor alone, and for where a link leads to. */
function readLine(
  written: string,
  { kind, keepLinks }: { readonly kind: PassageSentence["kind"]; readonly keepLinks: boolean },
): string | null {
  if (INCLUDED.test(written) || (kind !== "code" && COMPONENT_EDGE.test(written))) return null;
  if (NOTE_EDGE.test(written) || (!keepLinks && kind === "prose" && LINK_DEFINITION.test(written))) return null;
  const seen = kind === "code" || kind === "fence" ? written : visibleText(written, { keepLinks }).text.trim();
  return seen === "" ? null : seen;
}

/** The headings that a passage stands under and does not hold itself, since it begins below them. */
function headingsOver({ heading, text }: Passage["hit"]): readonly string[] {
  const lines = new Set(text.split(/[\r\n]+/).map((line) => line.replace(/^[#\s=*_]+/, "").trim()));
  return (heading ?? "").split(HEADING_SEPARATOR).filter((one) => one !== "" && !lines.has(one));
}

/** A line such as "birthday: 1951-11-23" as a sentence; null for one without a value of its own. */
function settingAt(
  { start, end }: Span,
  passage: Passage,
  siblings: readonly PassageSentence[],
): PassageSentence | null {
  const text = passage.hit.text.slice(start, end);
  if (!SETTING.test(text)) return null;
  const title = passage.hit.title ?? "";
  const place = { siblings, position: siblings.length, span: { start, end } };
  // It says nothing by itself of whose it is.
  const label = text.includes(title) ? "" : title;
  return { passage, text, kind: "setting", headings: title, label, ...place };
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
