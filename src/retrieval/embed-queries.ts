import { openCosineReader } from "./cosine-reader.ts";
import type { CosineReader } from "./score-candidates.ts";
import type { SearchContext } from "./search-context.ts";

/** Vectors of queries. */
export interface EmbeddedQueries {
  /** One for each query, in their order; none in mode `lexical`. */
  readonly vectors: readonly Float32Array[];
  /** Reads their cosines; undefined where these count as they are. */
  readonly readCosine: CosineReader | undefined;
  /** Milliseconds that it took. */
  readonly embedMs: number;
}

/** Embeds queries, where the mode of the search needs it. */
export async function embedQueries(
  queries: readonly { readonly query: string }[],
  { embedder, request: { mode, signal } }: Pick<SearchContext, "embedder" | "request">,
): Promise<EmbeddedQueries> {
  if (mode === "lexical") return { vectors: [], readCosine: undefined, embedMs: 0 };
  const started = performance.now();
  const [vectors, readCosine] = await Promise.all([
    embedder.embed(
      queries.map(({ query }) => query),
      { purpose: "query", ...(signal && { signal }) },
    ),
    openCosineReader(embedder, signal),
  ]);
  if (vectors.length !== queries.length) throw new TypeError("The embedder gave no vector for the query.");
  return { vectors, readCosine, embedMs: performance.now() - started };
}
