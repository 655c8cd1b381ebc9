import type { SearchContext } from "./search-question.ts";

/** A vector for each query; none in mode `lexical`. */
export async function embedQueries(
  queries: readonly { readonly query: string }[],
  { embedder, request }: Pick<SearchContext, "embedder" | "request">,
): Promise<readonly Float32Array[]> {
  if (request.mode === "lexical") return [];
  const vectors = await embedder.embed(
    queries.map(({ query }) => query),
    { purpose: "query", ...(request.signal === undefined ? {} : { signal: request.signal }) },
  );
  if (vectors.length !== queries.length) throw new TypeError("The embedder gave no vector for the query.");
  return vectors;
}
