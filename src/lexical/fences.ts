import type { Span } from "../domain/document.ts";

/** A block of code between fences: from the start of its first line to the end of its last one, both fences included. */
export interface FencedBlock extends Span {
  /** The line that opens it; null where the text begins within the block. */
  readonly opening: Span | null;
  /** The line that closes it; null where the text ends within the block. */
  readonly closing: Span | null;
}

/** Options of {@link fencedBlocks}. */
export interface FencedBlocksOptions {
  /**
   * Whether the text was cut out of another one, so that a block may lack its first or its last line.
   * @default false
   */
  readonly isPart?: boolean;
}

interface Fence extends Span {
  readonly mark: string;
  readonly length: number;
  /** Without the name of a language: only such a line closes a block. */
  readonly isBare: boolean;
}

const FENCE_LINE = /^[ \t]*(`{3,}(?=[^`\r\n]*$)|~{3,})([^\r\n]*)$/gm;
/** Longest line that is examined for prose, in characters. */
const LONGEST_LINE = 500;
const PROSE_LINE = /^\p{Lu}[^;{}=<>()\r\n]*[.!?:]$/mu;
const BLANK_BEFORE_PROSE = /(?:\r\n|\n|\r)[ \t]*(?:\r\n|\n|\r)(?=\p{Lu}[^;{}=<>()\r\n]*[.!?:](?:\r|\n|$))/u;

/**
 * The fenced blocks of a text, in order. Unlike in CommonMark, a fence that nothing closes opens no block: what follows
 * it would lose its headings and sentences up to the end of the document. In a part of a text the end may just be
 * missing, so there the block runs up to a line of prose. Tildes below a line of text of their length are its
 * underline.
 */
export function fencedBlocks(text: string, { isPart = false }: FencedBlocksOptions = {}): readonly FencedBlock[] {
  if (!text.includes("```") && !text.includes("~~~")) return [];
  const fences = findFences(text);
  const closers = longestCloserBehind(fences);
  const blocks: FencedBlock[] = [];
  let open: Fence | null = null;
  let done = 0;
  const [first] = fences;
  if (isPart && first !== undefined && beginsWithin(text, fences)) {
    blocks.push({ start: 0, end: first.end, opening: null, closing: first });
    done = first.end;
  }
  for (const [index, fence] of fences.entries()) {
    if (fence.start < done) continue;
    if (open !== null) {
      if (!fence.isBare || fence.mark !== open.mark || fence.length < open.length) continue;
      blocks.push({ start: open.start, end: fence.end, opening: open, closing: fence });
      open = null;
    } else if (isUnderline(text, fence)) continue;
    else if ((closers[index]?.get(fence.mark) ?? 0) >= fence.length) open = fence;
    else if (isPart && !(fence.isBare && fence.mark === "~")) {
      done = endWithin(text, fence);
      blocks.push({ start: fence.start, end: done, opening: fence, closing: null });
    }
  }
  return blocks;
}

/** Whether a line looks like a fence, whether or not a block belongs to it. */
export function isFenceLine(line: string): boolean {
  return /^\s*(?:```|~~~)/.test(line);
}

/** The position of an offset relative to the fenced blocks of its text; null outside of them. */
export interface FencePlace {
  readonly block: FencedBlock;
  /** Number of the block in its text, from 0. */
  readonly number: number;
  /** On one of the fences, not between them. */
  readonly isFence: boolean;
}

/**
 * Makes the function that locates offsets. They have to be asked for in rising order, so that many of them cost no more
 * than one pass over the text.
 */
export function createFencePlaces(blocks: readonly FencedBlock[]): (offset: number) => FencePlace | null {
  let number = 0;
  return (offset) => {
    while (number < blocks.length && (blocks[number]?.end ?? 0) < offset) number += 1;
    const block = blocks[number];
    if (block === undefined || offset < block.start) return null;
    const isFence =
      (block.opening !== null && offset <= block.opening.end) || offset >= (block.closing?.start ?? Infinity);
    return { block, number, isFence };
  };
}

function findFences(text: string): readonly Fence[] {
  return [...text.matchAll(FENCE_LINE)].map((match) => {
    const [line, run = "", rest = ""] = match;
    const span = { start: match.index, end: match.index + line.length };
    return { ...span, mark: run.slice(0, 1), length: run.length, isBare: rest.trim() === "" };
  });
}

/** For each fence and each mark, the length of the longest fence behind it that may close a block. */
function longestCloserBehind(fences: readonly Fence[]): readonly ReadonlyMap<string, number>[] {
  const closers: ReadonlyMap<string, number>[] = [];
  let behind: ReadonlyMap<string, number> = new Map();
  for (const { mark, length, isBare } of fences.toReversed()) {
    closers.push(behind);
    if (isBare && length > (behind.get(mark) ?? 0)) behind = new Map([...behind, [mark, length]]);
  }
  return closers.toReversed();
}

function isUnderline(text: string, { start, mark, length, isBare }: Fence): boolean {
  if (mark !== "~" || !isBare || start === 0) return false;
  const above = lineAbove(text, { start, longest: length + 200 });
  return above !== "" && above.length <= length;
}

/**
 * Whether a part of a text begins within a block. It does if otherwise fences that name a language would close one; if
 * that decides nothing, the line before the first fence and whether the fences are paired do.
 */
function beginsWithin(text: string, all: readonly Fence[]): boolean {
  const fences = all.filter((fence) => !isUnderline(text, fence));
  const [first, second] = fences;
  // A line of only tildes is more likely a rule.
  if (first === undefined || first !== all[0] || !first.isBare || first.mark === "~") return false;
  const [outside, inside] = [contradictions(fences, false), contradictions(fences, true)];
  if (outside !== inside) return inside < outside;
  const before = text.slice(0, first.start);
  const isPaired = fences.length % 2 === 0;
  if (before.trim() === "") return !isPaired;
  // Code ends on the line above its fence; a line that introduces code is followed by an empty line, or reads like
  // prose.
  const line = lineAbove(text, { start: first.start, longest: LONGEST_LINE });
  if (line === "" || endsProse(line)) return false;
  return !isPaired || PROSE_LINE.test(text.slice(first.end, second?.start));
}

/** Whether a line may end a paragraph: no comment, three words or more, a mark at its end. */
function endsProse(line: string): boolean {
  return /[.:!?]$/.test(line) && !/^[#/]|[;{}=<>]/.test(line) && line.split(/\s+/, 3).length === 3;
}

/** The line above the one that begins at an offset, or its end where it is longer, without the blanks around it. */
function lineAbove(text: string, { start, longest }: { readonly start: number; readonly longest: number }): string {
  const before = text.slice(Math.max(0, start - longest), start).replace(/(?:\r\n|\n|\r)$/, "");
  return before.slice(Math.max(before.lastIndexOf("\n"), before.lastIndexOf("\r")) + 1).trim();
}

/** How many fences name a language where a block would have to end, if the text begins inside a block, or outside. */
function contradictions(fences: readonly Fence[], isInside: boolean): number {
  let isOpen = isInside;
  let count = 0;
  for (const { isBare } of fences) {
    if (isOpen && !isBare) count += 1;
    else isOpen = !isOpen;
  }
  return count;
}

/**
 * The end of a block that nothing closes in a part of a text: in front of the first line of prose behind an empty one.
 */
function endWithin(text: string, fence: Fence): number {
  const match = BLANK_BEFORE_PROSE.exec(text.slice(fence.end));
  return match === null ? text.length : fence.end + match.index;
}
