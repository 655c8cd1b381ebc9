import { cosineOf, REFERENCE_SCALE, type SimilarityScale } from "../domain/similarity-scale.ts";
import type { Embedder } from "./embedder.ts";
import { SCALE_PAIRS } from "./scale-pairs.ts";

/** A model whose two means are no further apart tells nothing apart, or is none: its cosines are taken as they are. */
const LEAST_DISTANCE = 0.05;

/** Measures a model's scale with questions and passages that come with the package. */
export async function measureSimilarityScale(
  embedder: Pick<Embedder, "embed">,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<SimilarityScale> {
  const [queries, passages] = await Promise.all([
    embedder.embed(
      SCALE_PAIRS.map(({ question }) => question),
      { purpose: "query", signal },
    ),
    embedder.embed(
      SCALE_PAIRS.map(({ passage }) => passage),
      { purpose: "passage", urgent: true, signal },
    ),
  ]);
  const related: number[] = [];
  const unrelated: number[] = [];
  for (const [row, query] of queries.entries()) {
    for (const [column, passage] of passages.entries()) {
      (row === column ? related : unrelated).push(cosineOf(query, passage));
    }
  }
  const scale = { unrelated: meanOf(unrelated), related: meanOf(related) };
  return scale.related - scale.unrelated < LEAST_DISTANCE ? REFERENCE_SCALE : scale;
}

/** Lets an embedder tell its scale, which is measured when it is asked for first, and again where that failed. */
export function withSimilarityScale(embedder: Embedder): Embedder {
  let known: SimilarityScale | undefined;
  return {
    ...embedder,
    async similarityScale(options) {
      // Not one promise for all: whoever is first may abort.
      known ??= await measureSimilarityScale(embedder, options);
      return known;
    },
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
}
