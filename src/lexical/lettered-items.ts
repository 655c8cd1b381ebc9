import { LEADS_IN } from "./line-forms.ts";

/** `a. `, `b) `, `(c) `, `iv. ` in front of words. */
const MARKER = /^[ \t]*(\()?([a-z]|[ivx]{2,5})([.)])(?=[ \t]+\S)/gm;
/** How many other such lines may stand between two neighbours of a list, as those of lists within an item. */
const FURTHEST = 12;
/** White space before a first item that is looked over. */
const LONGEST_GAP = 40;
const ROMAN = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv"];

interface Marker {
  /** Where its line begins, and where its words do. */
  readonly start: number;
  readonly letters: string;
  /** How it is written, without its letters: `(.)`. */
  readonly form: string;
  readonly length: number;
}

/**
 * Finds the items of lists that letters or small Roman numbers count: a line that begins with `b.` is one where a line with
 * `a.` stands before it, one with `c.` behind it, or as the first one behind a colon, so that nothing else that begins with
 * a letter is taken for an item.
 *
 * @returns how long the marker at an offset is, behind the line's indentation; 0 where no item begins
 */
export function createLetteredItems(text: string): (offset: number) => number {
  const markers = Array.from(
    text.matchAll(MARKER),
    ({ 0: marker, 1: open = "", 2: letters = "", 3: close = "", index }) => ({
      start: index + marker.search(/\S/),
      letters,
      form: open + close,
      length: marker.trimStart().length,
    }),
  );
  const lengths = new Map<number, number>();
  for (const [at, marker] of markers.entries()) {
    const before = markers.slice(Math.max(0, at - FURTHEST), at);
    const behind = markers.slice(at + 1, at + 1 + FURTHEST);
    const isOfSequence = before.some((one) => isNext(one, marker)) || behind.some((one) => isNext(marker, one));
    if (isOfSequence || isAnnounced(text, marker)) lengths.set(marker.start, marker.length);
  }
  return (offset) => lengths.get(offset) ?? 0;
}

function isAnnounced(text: string, { start, letters }: Marker): boolean {
  return ["a", "i"].includes(letters) && LEADS_IN.test(text.slice(Math.max(0, start - LONGEST_GAP), start).trimEnd());
}

function isNext(first: Marker, second: Marker): boolean {
  if (first.form !== second.form) return false;
  const [left, right] = [ROMAN.indexOf(first.letters), ROMAN.indexOf(second.letters)];
  if (left !== -1 && right === left + 1) return true;
  const isLetter = first.letters.length === 1 && second.letters.length === 1;
  return isLetter && second.letters.charCodeAt(0) === first.letters.charCodeAt(0) + 1;
}
