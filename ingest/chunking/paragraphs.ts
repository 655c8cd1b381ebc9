import type { Span } from "../../src/domain/document.ts";
import { createFencePlaces, type FencedBlock, fencedBlocks, type FencePlace } from "../../src/lexical/fences.ts";
import { TABLE_ROW } from "../../src/lexical/line-forms.ts";
import { createTablePlaces, type TableLine } from "../../src/lexical/table-lines.ts";
import { isWrapped } from "../../src/lexical/wrapped-lines.ts";
import { textLines } from "./text-unit.ts";

/** A stretch of prose between two hard line breaks. */
export interface Paragraph extends Span {
  readonly isHeading: boolean;
  /** A line of code or of a table: it is one unit, not sentences. */
  readonly isVerbatim: boolean;
  /** A line of a table. */
  readonly isRow: boolean;
  /** The block of code that it is a line of; null if it is none. */
  readonly fence: FencedBlock | null;
}

/**
 * Longest paragraph that is made of wrapped lines, in characters. A longer one is not prose, and would be copied as a
 * whole to be cut into sentences.
 */
const LONGEST_PARAGRAPH = 100_000;
const ATX_HEADING = /^ {0,3}#{1,6}(?:[ \t]|$)/;
const UNDERLINE = /^ {0,3}(?:=+|-{2,})[ \t]*$/;

interface Reading {
  readonly fenceAt: (offset: number) => FencePlace | null;
  readonly tableAt: (offset: number) => TableLine | null;
  frontMatter: boolean;
}

/**
 * The paragraphs of a text. Each line is one, except that lines which an editor wrapped in the middle of a sentence are
 * joined. Apart from fences only neighbouring lines decide, so that an edit changes nothing further away.
 */
export function* paragraphs(text: string, { markdown }: { readonly markdown: boolean }): Generator<Paragraph> {
  const fenceAt = createFencePlaces(fencedBlocks(text));
  const tableAt = createTablePlaces(text);
  const reading: Reading = { fenceAt, tableAt, frontMatter: markdown && /^---[ \t]*[\r\n]/.test(text) };
  let open: Paragraph | null = null;
  let previous: Span | null = null;
  for (const line of textLines(text)) {
    const content = text.slice(line.start, line.end);
    const paragraph: Paragraph = lineParagraph(line, content, { reading, markdown, isFirst: previous === null });
    if (open !== null && previous !== null && isUnderline(open, content, markdown && !reading.frontMatter)) {
      // This line underlines the one before, which turns out to be a heading.
      open = { start: open.start, end: line.end, isHeading: true, isVerbatim: false, isRow: false, fence: null };
    } else if (
      open !== null &&
      previous !== null &&
      continues({ open, before: text.slice(previous.start, previous.end) }, { paragraph, content })
    ) {
      open = { start: open.start, end: line.end, isHeading: false, isVerbatim: false, isRow: false, fence: null };
    } else {
      if (open !== null) yield open;
      open = content.trim() === "" ? null : paragraph;
    }
    previous = line;
  }
  if (open !== null) yield open;
}

function lineParagraph(
  { start, end }: Span,
  content: string,
  { reading, markdown, isFirst }: { reading: Reading; readonly markdown: boolean; readonly isFirst: boolean },
): Paragraph {
  if (reading.frontMatter) {
    if (!isFirst && /^(?:---|\.\.\.)[ \t]*$/.test(content)) reading.frontMatter = false;
    return { start, end, isHeading: false, isVerbatim: true, isRow: false, fence: null };
  }
  const fence = reading.fenceAt(start)?.block ?? null;
  const isRow = fence === null && (TABLE_ROW.test(content) || reading.tableAt(start) !== null);
  const isVerbatim = fence !== null || isRow;
  return { start, end, isHeading: markdown && !isVerbatim && ATX_HEADING.test(content), isVerbatim, isRow, fence };
}

function isUnderline(open: Paragraph, content: string, markdown: boolean): boolean {
  return markdown && !open.isVerbatim && !open.isHeading && UNDERLINE.test(content) && open.end - open.start <= 200;
}

/** Whether a line continues the sentence that the line before it broke off. */
function continues(
  { open, before }: { readonly open: Paragraph; readonly before: string },
  { paragraph, content }: { readonly paragraph: Paragraph; readonly content: string },
): boolean {
  if (open.isVerbatim || open.isHeading || paragraph.isVerbatim || paragraph.isHeading) return false;
  if (paragraph.end - open.start > LONGEST_PARAGRAPH) return false;
  return isWrapped(before, content);
}
