import { type CosineCalibration, openCosineCalibration } from "./cosine-calibration.ts";
import type { SearchContext } from "./search-context.ts";

/** Vectors of queries. */
export interface EmbeddedQueries {
  /** One for each query, in the same order; none in mode `lexical`. */
  readonly vectors: readonly Float32Array[];
  /** Converts their cosines to the bundled model's scale; undefined where they need no conversion. */
  readonly calibrateCosine: CosineCalibration | undefined;
  /** Milliseconds that it took. */
  readonly embedMs: number;
}

/** Embeds queries, where the mode of the search needs it. */
export async function embedQueries(
  queries: readonly { readonly query: string }[],
  { embedder, request: { mode, signal } }: Pick<SearchContext, "embedder" | "request">,
): Promise<EmbeddedQueries> {
  if (mode === "lexical") return { vectors: [], calibrateCosine: undefined, embedMs: 0 };
  const started = performance.now();
  const [vectors, calibrateCosine] = await Promise.all([
    embedder.embed(
      queries.map(({ query }) => query),
      { purpose: "query", ...(signal && { signal }) },
    ),
    openCosineCalibration(embedder, signal),
  ]);
  if (vectors.length !== queries.length) throw new TypeError("The embedder gave no vector for the query.");
  return { vectors, calibrateCosine, embedMs: performance.now() - started };
}
