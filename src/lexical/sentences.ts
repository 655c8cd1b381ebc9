import type { Span } from "../domain/document.ts";
import { createFencePlaces, fencedBlocks, type FencedBlock } from "./fences.ts";

const ABBREVIATION =
  /(?:^|[\s([{"'])(?:mr|mrs|ms|dr|prof|sr|jr|st|vs|etc|e\.g|i\.e|cf|al|fig|figs|eq|eqs|ref|refs|no|vol|pp|p|ch|sec|approx|inc|ltd|co|corp|dept|est|gen|gov|sen|rep|rev|hon|capt|col|lt|sgt|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec|u\.s|u\.k|a\.m|p\.m|[a-z])\.$/i;
/** The number that an item of a list or a heading begins with: "3.", "## 2.5.". */
const ITEM_NUMBER = /^\s{0,20}(?:#{1,6}[ \t]{1,20}\d{1,3}(?:\.\d{1,3}){0,9}|\d{1,3})(?=\.\s)/;
/**
 * The end of a sentence: marks, closing quotes or brackets, then white space; or a mark of East Asian writing. A run of
 * marks is matched only from its first one, or a long run would take quadratic time.
 */
const END = /(?<![.!?…])[.!?…]+["'”’»)\]]*(?=\s)|[。！？]+[”’」』）]*/gu;
const LINE = /[^\r\n]*(?:\r\n|\r|\n|$)/gu;

/**
 * The sentences of a text in order, as spans without the white space around them. A line break ends a sentence, since
 * paragraphs, list items, table rows and lines of code are units of their own. The text may be a part of another one.
 * Pass the blocks of code if they were found already.
 */
export function splitSentences(
  text: string,
  blocks: readonly FencedBlock[] = fencedBlocks(text, { isPart: true }),
): readonly Span[] {
  const spans: Span[] = [];
  const fenceAt = createFencePlaces(blocks);
  for (const line of text.matchAll(LINE)) {
    if (line[0] === "") continue;
    const span = { start: line.index, end: line.index + line[0].length };
    if (fenceAt(span.start) === null) pushLine(spans, text, span);
    else pushTrimmed(spans, text, span);
  }
  return spans;
}

/** The sentences of a text themselves, in order. */
export function sentenceTexts(text: string): readonly string[] {
  return splitSentences(text).map(({ start, end }) => text.slice(start, end));
}

/** Whether a text holds anything but marks. */
export function hasWords(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

function pushLine(spans: Span[], text: string, line: Span): void {
  const content = text.slice(line.start, line.end);
  const numberEnd = ITEM_NUMBER.exec(content)?.[0].length ?? -1;
  let start = 0;
  for (const match of content.matchAll(END)) {
    const end = match.index + match[0].length;
    if (match.index === numberEnd) continue;
    if (match[0].startsWith(".") && ABBREVIATION.test(content.slice(Math.max(0, match.index - 12), match.index + 1))) {
      continue;
    }
    pushTrimmed(spans, text, { start: line.start + start, end: line.start + end });
    start = end;
  }
  pushTrimmed(spans, text, { start: line.start + start, end: line.end });
}

function pushTrimmed(spans: Span[], text: string, span: Span): void {
  const trimmed = trimSpan(text, span);
  if (trimmed.start < trimmed.end) spans.push(trimmed);
}

/** The span without the white space at its ends; an empty span where there is nothing else. */
function trimSpan(text: string, span: Span): Span {
  const content = text.slice(span.start, span.end);
  const start = span.start + (content.length - content.trimStart().length);
  return { start, end: Math.max(start, span.start + content.trimEnd().length) };
}
