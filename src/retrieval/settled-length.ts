import { CODE } from "./citations.ts";

/** A character of a run of markers, or of the space in front of it. */
const OF_MARKERS = /[\s\d,;[\]]/;

/**
 * The length of the part of an unfinished answer that {@link checkCitations} will treat alike whatever follows. Left
 * out is a marker at the end that is not complete, or that may still turn out to be a link's text or code, together
 * with the space in front of it, which goes when the marker goes.
 */
export function settledLength(text: string): number {
  return Math.min(beforeLastMarkers(text), beforeOpenCode(text));
}

/** Where the run of markers (or the space) begins that ends the text. */
function beforeLastMarkers(text: string): number {
  let start = text.length;
  while (start > 0 && OF_MARKERS.test(text.charAt(start - 1))) start -= 1;
  const bracket = text.indexOf("[", start);
  return text.slice(0, bracket === -1 ? text.length : bracket).trimEnd().length;
}

/** Where a piece of code begins that is opened in the last line and not closed yet. */
function beforeOpenCode(text: string): number {
  const line = text.lastIndexOf("\n") + 1;
  // Most lines have none. Searching the whole text for every piece would take quadratic time.
  if (text.indexOf("`", line) === -1) return text.length;
  let end = 0;
  for (const match of text.matchAll(CODE)) end = match.index + match[0].length;
  const open = text.indexOf("`", Math.max(end, line));
  return open === -1 ? text.length : open;
}
