import { createFencePlaces, fencedBlocks } from "../../src/lexical/fences.ts";

const HEADING = /^( {0,3})(#{1,6})(?=[ \t\r]|$)/gm;
const DEEPEST = 6;

/** Markdown whose headings stand so many levels lower, for a place under headings of another text. */
export function lowerHeadings(markdown: string, levels: number): string {
  const fenceAt = createFencePlaces(fencedBlocks(markdown));
  return markdown.replaceAll(HEADING, (whole: string, indent: string, marks: string, offset: number) =>
    fenceAt(offset) === null ? indent + "#".repeat(Math.min(DEEPEST, marks.length + levels)) : whole,
  );
}
