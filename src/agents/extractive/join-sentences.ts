import type { Span } from "../../domain/document.ts";
import type { FencedBlock } from "../../lexical/fences.ts";
import { lineStart } from "../../lexical/line-start.ts";
import type { TableLine } from "../../lexical/table-lines.ts";
import { isWrappedBetween, joinSpans } from "../../lexical/wrapped-lines.ts";
import { isCutShort } from "./cut-short.ts";
import type { Turn } from "../../lexical/turns.ts";
import { columnOf, COMPLETE, HEADING, kindOf, LIST_MARKER } from "./line-kind.ts";

/** In characters, with the sentence that it belongs to; what is longer has lost the end of its formula. */
const LONGEST_FORMULA = 1000;
const NUMBER_ALONE = /^\s*\d{1,3}[.)]$/;

/** Where a text has what is no plain prose. */
export interface TextPlaces {
  readonly blocks: readonly FencedBlock[];
  /** As of `createTablePlaces`. */
  readonly tableAt: (offset: number) => TableLine | null;
  /** As of `createLetteredItems`. */
  readonly letteredAt: (offset: number) => number;
  readonly turns: readonly Turn[];
}

/** The splitter ends a sentence at each line break and after any mark; wrapped text and inline code go on behind it. */
export function joinSentences(
  text: string,
  spans: readonly Span[],
  { blocks, tableAt, letteredAt, turns }: TextPlaces,
): readonly Span[] {
  return joinSpans(spans, blocks, (last, span) => {
    // A cell may hold sentences of its own.
    if (tableAt(last.start) !== null || tableAt(span.start) !== null) return isOnOneLine(text, last, span);
    if (letteredAt(span.start) > 0 || turns.some(({ start }) => start === span.start)) return false;
    if (last.start + letteredAt(last.start) === last.end) return true;
    return isWrapped(text, last, span) || isCut(text, last, span) || isFormula(text, last, span);
  });
}

/**
 * Whether a mark ended what goes on: within `inline code`, at an ellipsis before a small letter, behind an item's or a
 * heading's number, within a date.
 */
function isCut(text: string, before: Span, after: Span): boolean {
  if (!isOnOneLine(text, before, after)) return false;
  const sentence = text.slice(before.start, before.end);
  const next = text.slice(after.start, after.end);
  const isOpen = (sentence.match(/`/g)?.length ?? 0) % 2 === 1 && next.includes("`");
  // A cell may hold sentences of its own.
  if (/^\s*\|/.test(sentence)) return true;
  if (HEADING.test(sentence) || isCutShort(sentence, next)) return true;
  return isOpen || NUMBER_ALONE.test(sentence) || (sentence.endsWith("…") && /^[\p{Ll}-]/u.test(next));
}

function isOnOneLine(text: string, before: Span, after: Span): boolean {
  return /^[ \t]+$/.test(text.slice(before.end, after.start));
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
  const marker = LIST_MARKER.exec(text.slice(lineStart(text, item.start), item.end))?.[0];
  const isNextLine = /^[ \t]*\r?\n[ \t]*$/.test(text.slice(item.end, after.start));
  if (marker === undefined || !isNextLine || COMPLETE.test(text.slice(item.start, item.end))) return false;
  return columnOf(text, after.start) === marker.length;
}
