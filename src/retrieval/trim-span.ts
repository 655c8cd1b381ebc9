import type { Chunk } from "../domain/chunk.ts";
import type { Span } from "../domain/document.ts";
import { analyse } from "../lexical/analyse.ts";
import { type FencedBlock, fencedBlocks } from "../lexical/fences.ts";
import { lineStart } from "../lexical/line-start.ts";
import { speakersOf, turnsOf } from "../lexical/turns.ts";
import { wholeSentences } from "../lexical/wrapped-lines.ts";
import { keepAnnounced } from "./keep-announced.ts";

const LINE_BREAK = /\r\n|\r|\n/g;
const LINE = /[^\r\n]*\S[^\r\n]*/g;
/** A rule across the page, or the end of front matter. */
const RULE = /^\s*([-*_])(?:[ \t]*\1){2,}\s*$/;

/** A text with its place in a document. */
export type PlacedText = Pick<Chunk, "text" | "span" | "lines">;

/**
 * How many sentences without a query term stay at each end: the one before often says what "it" is, the one after what
 * follows.
 */
const EDGE_SENTENCES = 1;

/** What somebody said before in so many characters is shown with the name. */
const LONGEST_TURN = 600;

/** Options of {@link trimToTerms}. */
export interface TrimOptions {
  /**
   * Whether the text is source code, whose lines are units of their own.
   * @default false
   */
  readonly isCode?: boolean;
  /**
   * Whether a sentence says a term in another form of its word.
   * @default no sentence does
   */
  readonly isRelated?: (sentence: string) => boolean;
}

/**
 * Drops the sentences (in code the lines) at both ends that hold none of the query's terms, except one beside the first
 * and last that do, and except what those announce (see {@link keepAnnounced}). A text without any of the terms, which only its vector found, stays whole.
 */
export function trimToTerms(
  placed: PlacedText,
  terms: ReadonlySet<string>,
  { isCode = false, isRelated = () => false }: TrimOptions = {},
): PlacedText {
  // In source code, what looks like a fence stands in a comment or a string.
  const blocks = isCode ? [] : fencedBlocks(placed.text, { isPart: true });
  const sentences = isCode ? linesOf(placed.text) : wholeSentences(placed.text, blocks);
  const holds = sentences.map(({ start, end }) => {
    const sentence = placed.text.slice(start, end);
    return analyse(sentence).some((term) => terms.has(term)) || (!isCode && isRelated(sentence));
  });
  if (!holds.includes(true)) return placed;
  const says = sentences.map(({ start, end }) => isCode || !RULE.test(placed.text.slice(start, end)));
  const held = { first: holds.indexOf(true), last: holds.lastIndexOf(true) };
  const edges = {
    first: says.findIndex((isSaid, index) => isSaid && index >= held.first - EDGE_SENTENCES),
    last: says.findLastIndex((isSaid, index) => isSaid && index <= held.last + EDGE_SENTENCES),
  };
  const belonging = isCode ? edges : keepAnnounced(placed.text, sentences, { ...edges, held });
  const kept = keepFencesWhole(sentences, { blocks, ...belonging });
  const [first, last] = [sentences[kept.first], sentences[kept.last]];
  if (first === undefined || last === undefined) return placed;
  const start = isCode ? first.start : turnStart(placed.text, first.start);
  return cutPlaced(placed, { start: start - indentBefore(placed.text, start), end: last.end });
}

/** Where somebody begins to speak who says what stands at an offset: without the name it is not known who "I" is. */
function turnStart(text: string, offset: number): number {
  const start = lineStart(text, offset);
  if (offset - start > LONGEST_TURN || offset === start) return offset;
  return turnsOf(text, speakersOf([text])).some((turn) => turn.start === start) ? start : offset;
}

/** How many blanks and tabs indent the line that begins its words at an offset: they say what stands below what. */
function indentBefore(text: string, offset: number): number {
  return /(?:^|[\r\n])([ \t]*)$/.exec(text.slice(0, offset))?.[1]?.length ?? 0;
}

/** The lines of a text that are not empty, with their indentation but without their breaks. */
function linesOf(text: string): readonly Span[] {
  return Array.from(text.matchAll(LINE), ({ index, 0: line }) => ({
    start: index,
    end: index + line.trimEnd().length,
  }));
}

/**
 * Extends a range so that it cuts no fenced block in two: the rest of the block would turn text into code and code into
 * text.
 */
function keepFencesWhole(
  lines: readonly Span[],
  { blocks, first, last }: { readonly blocks: readonly FencedBlock[]; readonly first: number; readonly last: number },
): { readonly first: number; readonly last: number } {
  let kept = { first, last };
  for (const { opening, closing } of blocks) {
    if (opening === null || closing === null) continue;
    const start = lines.findIndex((line) => line.start >= opening.start);
    const end = lines.findLastIndex((line) => line.start <= closing.end);
    if (kept.first > start && kept.first <= end) kept = { ...kept, first: start };
    if (kept.last >= start && kept.last < end) kept = { ...kept, last: end };
  }
  return kept;
}

/** The part of a placed text between two of its offsets. */
export function cutPlaced(placed: PlacedText, part: Span): PlacedText {
  const firstLine = placed.lines.start + countLineBreaks(placed.text.slice(0, part.start));
  const text = placed.text.slice(part.start, part.end);
  return {
    text,
    span: { start: placed.span.start + part.start, end: placed.span.start + part.end },
    lines: { start: firstLine, end: firstLine + countLineBreaks(text.trimEnd()) },
  };
}

/** How many line breaks a text has; a pair of carriage return and line feed is one. */
export function countLineBreaks(text: string): number {
  return text.match(LINE_BREAK)?.length ?? 0;
}
