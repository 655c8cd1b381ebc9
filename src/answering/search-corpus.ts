import { checkNumbers, checkQuestion } from "./check-request.ts";
import { DEFAULT_COLLECTION, type OpenCollection } from "./open-collection.ts";
import { MAX_FURTHER_QUERIES, type SearchCorpus } from "./use-cases.ts";

/** Makes the search that all entries call. */
export function createSearchCorpus({ openCollection }: { readonly openCollection: OpenCollection }): SearchCorpus {
  return async ({ query, collection = DEFAULT_COLLECTION, ...options }) => {
    checkQuestion("query", query);
    for (const [index, other] of (options.queries ?? []).entries()) checkQuestion(`queries.${String(index)}`, other);
    checkNumbers([
      { path: "number of queries", value: options.queries?.length, from: 0, to: MAX_FURTHER_QUERIES },
      { path: "limit", value: options.limit, from: 1, to: 100 },
    ]);
    const { retrieve } = await openCollection(collection);
    return retrieve(query, options);
  };
}
