import { createFencePlaces, fencedBlocks } from "../../src/lexical/fences.ts";
import { readFrontMatter } from "./front-matter.ts";
import { type LoadedText, tidyTitle } from "./loader.ts";

/** How many lines are searched for a first heading. */
const HEADING_LINES = 200;

/** Takes Markdown as it is; the title is that of the front matter, else the first heading of level one. */
export function loadMarkdown(text: string): LoadedText {
  const { length, title, ...said } = readFrontMatter(text);
  return { text, title: title ?? firstHeading(text.slice(length)), ...said };
}

function firstHeading(text: string): string | null {
  const fenceAt = createFencePlaces(fencedBlocks(text));
  let start = 0;
  for (let count = 0; count < HEADING_LINES && start < text.length; count += 1) {
    const { line, next } = lineAt(text, start);
    const isCode = fenceAt(start) !== null;
    start = next;
    if (isCode) continue;
    const heading = /^ {0,3}#[ \t]+(\S.*)$/.exec(line.trimEnd())?.[1];
    if (heading !== undefined) return headingText(heading.replace(/(?:^|[ \t])#+$/, ""));
    if (line.trim() !== "" && /^=+[ \t]*$/.test(lineAt(text, next).line)) return headingText(line);
  }
  return null;
}

/** The line that begins at an offset, and where the next one begins. A line too long for a heading is cut. */
function lineAt(text: string, start: number): { readonly line: string; readonly next: number } {
  const breaks = /\r\n|\r|\n/g;
  breaks.lastIndex = start;
  const found = breaks.exec(text);
  const end = found?.index ?? text.length;
  return { line: text.slice(start, Math.min(end, start + 1_000)), next: end + (found?.[0].length ?? 1) };
}

/** Longest heading that is read, in characters, with its marks and the addresses of its links. */
const LONGEST_HEADING = 2_000;

/** The name under which a heading is linked, behind its words: `{#first-steps}`. */
export const HEADING_ID: RegExp = /[ \t]\{#[\w:.-]{1,200}\}[ \t]*$/;

/** A heading without links, images, emphasis and code marks; null where nothing is left, or too much for a heading. */
export function headingText(heading: string): string | null {
  if (heading.length > LONGEST_HEADING) return null;
  return tidyTitle(
    heading
      .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
      .replaceAll(/<[^>]+>/g, "")
      .replace(HEADING_ID, "")
      .replaceAll(/[*`]+|(?<!\w)_+|_+(?!\w)/g, ""),
  );
}
