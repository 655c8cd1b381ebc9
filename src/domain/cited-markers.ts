import type { Citation } from "./answer.ts";
import { oneLine } from "./one-line.ts";

/** Markers as they stand in an answer; a link's text in brackets is none. */
export const MARKER_PATTERN: RegExp = /\[(\d{1,3})\](?!\()/;

const BLOCK_BEHIND = /^(?:\s*\[[\d,;\s]+\])*[.:]?\s*\n(?<fence>`{3,})[^\n]*\n(?<code>[\s\S]*?)\n\k<fence>/;

/** The block of code behind a marker or behind the row of markers that it is in; null if something else follows. */
export function codeBehind(text: string, markerEnd: number): string | null {
  return BLOCK_BEHIND.exec(text.slice(markerEnd))?.groups?.["code"] ?? null;
}

/**
 * Makes the function that gives each marker of an answer its citation; it is to be called in the order of the text. If
 * a marker occurs as often as it has citations (not counting those of blocks of code behind it), each place gets its
 * own, else all of them get the first. Undefined for a marker without a citation.
 */
export function createCitationPicker(
  text: string,
  citations: readonly Citation[],
): (marker: number) => Citation | undefined {
  const places = [...text.matchAll(new RegExp(MARKER_PATTERN, "g"))].map((match) => ({
    marker: Number(match[1]),
    block: codeBehind(text, match.index + match[0].length),
  }));
  const picked = new Map(
    Array.from(new Set(places.map(({ marker }) => marker)), (marker) => {
      const own = citations.filter((citation) => citation.marker === marker);
      const blocks = places.filter((place) => place.marker === marker).map(({ block }) => block);
      return [marker, assign(own, blocks)] as const;
    }),
  );
  const taken = new Map<number, number>();
  return (marker) => {
    const index = taken.get(marker) ?? 0;
    taken.set(marker, index + 1);
    return picked.get(marker)?.[index];
  };
}

/** A citation for each place of a marker, by the block of code behind it. */
function assign(own: readonly Citation[], blocks: readonly (string | null)[]): readonly (Citation | undefined)[] {
  let next = 0;
  const assigned = blocks.map((block) => {
    const citation = own[next];
    next += 1;
    if (block !== null && !isQuoteOf(citation, block) && isQuoteOf(own[next], block)) next += 1;
    return citation;
  });
  return next === own.length ? assigned : blocks.map(() => own[0]);
}

function isQuoteOf(citation: Citation | undefined, code: string): boolean {
  return citation !== undefined && oneLine(citation.quote) === oneLine(code);
}
