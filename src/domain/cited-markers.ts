import type { Citation } from "./answer.ts";

/** Markers as they stand in an answer; a link's text in brackets is none. */
export const MARKER_PATTERN: RegExp = /\[(\d{1,3})\](?!\()/;

/**
 * Makes the function that gives each marker of an answer its citation, called in the order of the text. Where a marker
 * stands as often as it has citations, each place has its own; else all of them have the first. Undefined for a marker
 * without a citation.
 */
export function createCitationPicker(
  text: string,
  citations: readonly Citation[],
): (marker: number) => Citation | undefined {
  const places = new Map<number, number>();
  for (const match of text.matchAll(new RegExp(MARKER_PATTERN, "g"))) {
    const marker = Number(match[1]);
    places.set(marker, (places.get(marker) ?? 0) + 1);
  }
  const taken = new Map<number, number>();
  return (marker) => {
    const own = citations.filter((citation) => citation.marker === marker);
    if (own.length !== places.get(marker)) return own[0];
    const index = taken.get(marker) ?? 0;
    taken.set(marker, index + 1);
    return own[index];
  };
}
