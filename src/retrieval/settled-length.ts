import { CODE } from "./citations.ts";

/** What a run of markers is made of, with the space in front of it. */
const OF_MARKERS = /[\s\d,;[\]]/;

/**
 * How much of an unfinished answer {@link checkCitations} treats alike whatever follows: all but a marker that is not whole
 * or may turn out to be a link's text or code, with the space in front of it, which goes when the marker goes.
 */
export function settledLength(text: string): number {
  return Math.min(beforeLastMarkers(text), beforeOpenCode(text));
}

/** Where the run of markers begins that the text ends with, or the space that it ends with. */
function beforeLastMarkers(text: string): number {
  let start = text.length;
  while (start > 0 && OF_MARKERS.test(text.charAt(start - 1))) start -= 1;
  const bracket = text.indexOf("[", start);
  return text.slice(0, bracket === -1 ? text.length : bracket).trimEnd().length;
}

/** Where a piece of code within the last line begins that has no end yet. */
function beforeOpenCode(text: string): number {
  const line = text.lastIndexOf("\n") + 1;
  // Most lines have none, and to look through all of a text for each piece of it would take quadratic time.
  if (text.indexOf("`", line) === -1) return text.length;
  let end = 0;
  for (const match of text.matchAll(CODE)) end = match.index + match[0].length;
  const open = text.indexOf("`", Math.max(end, line));
  return open === -1 ? text.length : open;
}
