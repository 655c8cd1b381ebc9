import type { SearchContext } from "./search-question.ts";

/** Vectors of queries. */
export interface EmbeddedQueries {
  /** One for each query, in their order; none in mode `lexical`. */
  readonly vectors: readonly Float32Array[];
  /** Milliseconds that it took. */
  readonly embedMs: number;
}

/** Embeds queries, where the mode of the search needs it. */
export async function embedQueries(
  queries: readonly { readonly query: string }[],
  { embedder, request }: Pick<SearchContext, "embedder" | "request">,
): Promise<EmbeddedQueries> {
  if (request.mode === "lexical") return { vectors: [], embedMs: 0 };
  const started = performance.now();
  const vectors = await embedder.embed(
    queries.map(({ query }) => query),
    { purpose: "query", ...(request.signal === undefined ? {} : { signal: request.signal }) },
  );
  if (vectors.length !== queries.length) throw new TypeError("The embedder gave no vector for the query.");
  return { vectors, embedMs: performance.now() - started };
}
