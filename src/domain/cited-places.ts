import type { Citation } from "./answer.ts";
import type { Span } from "./document.ts";

/** Neighbouring quotes of one passage, as one place. */
export interface CitedPlace {
  /** The first of its citations, with the lines and the span of all of them. */
  readonly citation: Citation;
  /** The quotes in the order of the document. */
  readonly quotes: readonly string[];
  /** The span of each quote: between two of them may stand what is not quoted. */
  readonly spans: readonly Span[];
}

/** How many quotes of one place are shown before only their number is. */
export const SHOWN_QUOTES = 3;
/** Distance in lines up to which two quotes are one place: they follow each other, or an empty line is between them. */
const MOST_APART = 2;

/** The places that an answer cites, by marker. A list that is quoted item by item is one place. */
export function citedPlaces(citations: readonly Citation[]): readonly CitedPlace[] {
  const places: CitedPlace[] = [];
  const ordered = citations.toSorted((left, right) => left.marker - right.marker || left.span.start - right.span.start);
  for (const citation of ordered) {
    const last = places.at(-1);
    if (last !== undefined && goesOn(last.citation, citation)) places[places.length - 1] = joined(last, citation);
    else places.push({ citation, quotes: [citation.quote], spans: [citation.span] });
  }
  return places;
}

function goesOn(before: Citation, after: Citation): boolean {
  if (before.marker !== after.marker || before.documentId !== after.documentId || before.page !== after.page)
    return false;
  return after.lines.start <= before.lines.end + MOST_APART;
}

function joined({ citation, quotes, spans }: CitedPlace, next: Citation): CitedPlace {
  const { lines, span } = citation;
  return {
    citation: {
      ...citation,
      lines: { start: lines.start, end: Math.max(lines.end, next.lines.end) },
      span: { start: span.start, end: Math.max(span.end, next.span.end) },
    },
    quotes: [...quotes, next.quote],
    spans: [...spans, next.span],
  };
}
