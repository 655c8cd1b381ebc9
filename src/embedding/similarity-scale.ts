import type { SimilarityScale } from "../domain/hit.ts";
import type { Embedder } from "./embedder.ts";
import { SCALE_PAIRS } from "./scale-pairs.ts";

/** The bundled model's, on {@link SCALE_PAIRS}. The search's weights and limits were measured with that model. */
export const REFERENCE_SCALE: SimilarityScale = { unrelated: 0.034, related: 0.505 };

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
      { purpose: "query", ...(signal && { signal }) },
    ),
    embedder.embed(
      SCALE_PAIRS.map(({ passage }) => passage),
      { purpose: "passage", ...(signal && { signal }) },
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

/**
 * What a cosine of a model would be with the bundled one: straight between unrelated, related and 1, so that the order
 * stays.
 */
export function readCosine(cosine: number, { unrelated, related }: SimilarityScale): number {
  const { unrelated: low, related: high } = REFERENCE_SCALE;
  if (cosine <= related) return low + ((cosine - unrelated) * (high - low)) / (related - unrelated);
  return related >= 1 ? high : high + ((cosine - related) * (1 - high)) / (1 - related);
}

/** Cosine of two vectors of unit length. */
export function cosineOf(left: Float32Array, right: Float32Array): number {
  return left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
}
