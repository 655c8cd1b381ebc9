import type { Span } from "../domain/document.ts";

/** Scores of retrieved spans by characters, as Chroma's evaluation of chunking defines them. */
export interface SpanScores {
  /** The share of the references' characters that the retrieved spans hold. */
  readonly recall: number;
  /** Characters in both, divided by all retrieved characters. */
  readonly precision: number;
  /** Characters in both, divided by all retrieved characters plus those of the references that were missed. */
  readonly iou: number;
}

/** A span of a document. */
export interface PlacedSpan extends Span {
  readonly documentId: string;
}

/** Scores retrieved spans against references. Overlapping retrieved spans count fully, as often as they occur. */
export function scoreSpans(references: readonly PlacedSpan[], retrieved: readonly PlacedSpan[]): SpanScores {
  const met = unionLength(overlaps(references, retrieved));
  // As in Chroma's evaluation: references are summed for recall, and united for what was missed.
  const wanted = totalLength(references);
  const missed = unionLength(references) - met;
  const given = totalLength(retrieved);
  return {
    recall: wanted === 0 ? 0 : met / wanted,
    precision: given === 0 ? 0 : met / given,
    iou: given + missed === 0 ? 0 : met / (given + missed),
  };
}

/**
 * The precision of a perfect search, which returns all chunks that touch a reference and nothing else. It depends only
 * on how texts are cut.
 */
export function precisionOmega(references: readonly PlacedSpan[], chunks: readonly PlacedSpan[]): number {
  const touching = chunks.filter((chunk) => overlaps(references, [chunk]).length > 0);
  const whole = unionLength([...touching, ...references]);
  return whole === 0 ? 0 : unionLength(overlaps(references, touching)) / whole;
}

/** The share of a reference's characters that one span holds. */
export function coverage(reference: PlacedSpan, span: PlacedSpan): number {
  return totalLength(overlaps([reference], [span])) / Math.max(1, reference.end - reference.start);
}

/** Number of positions that at least one span covers. */
export function unionLength(spans: readonly PlacedSpan[]): number {
  let length = 0;
  for (const group of Map.groupBy(spans, ({ documentId }) => documentId).values()) {
    let reached = Number.NEGATIVE_INFINITY;
    for (const { start, end } of group.toSorted((left, right) => left.start - right.start)) {
      if (end <= reached) continue;
      length += end - Math.max(start, reached);
      reached = end;
    }
  }
  return length;
}

function totalLength(spans: readonly PlacedSpan[]): number {
  return spans.reduce((sum, { start, end }) => sum + end - start, 0);
}

function overlaps(left: readonly PlacedSpan[], right: readonly PlacedSpan[]): PlacedSpan[] {
  return left.flatMap((one) =>
    right.flatMap((other) => {
      const start = Math.max(one.start, other.start);
      const end = Math.min(one.end, other.end);
      return one.documentId === other.documentId && start < end ? [{ documentId: one.documentId, start, end }] : [];
    }),
  );
}
