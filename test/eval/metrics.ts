import type { Span } from "../../src/domain/document.ts";

/** Recall and IoU of one question, as Chroma's chunking evaluation defines them on character ranges. */
export interface SpanScores {
  /** Share of the references' characters that the retrieved spans hold. */
  readonly recall: number;
  /** Characters in both, over all retrieved characters and the references' missed ones. */
  readonly iou: number;
}

/**
 * Scores retrieved spans against reference spans of one document. `retrieved` are spans of that document only;
 * `retrievedLength` counts the characters of all retrieved spans, those of other documents too.
 */
export function scoreSpans(
  references: readonly Span[],
  { retrieved, retrievedLength }: { readonly retrieved: readonly Span[]; readonly retrievedLength: number },
): SpanScores {
  const met = unionLength(
    references.flatMap((reference) =>
      retrieved.flatMap((span) => {
        const overlap = { start: Math.max(span.start, reference.start), end: Math.min(span.end, reference.end) };
        return overlap.start < overlap.end ? [overlap] : [];
      }),
    ),
  );
  const wanted = references.reduce((sum, { start, end }) => sum + end - start, 0);
  const missed = unionLength(references) - met;
  return { recall: met / wanted, iou: met / (retrievedLength + missed) };
}

/** Number of positions that at least one span covers. */
export function unionLength(spans: readonly Span[]): number {
  let length = 0;
  let reached = Number.NEGATIVE_INFINITY;
  for (const { start, end } of spans.toSorted((left, right) => left.start - right.start)) {
    if (end <= reached) continue;
    length += end - Math.max(start, reached);
    reached = end;
  }
  return length;
}

/** Arithmetic mean; 0 of nothing. */
export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
