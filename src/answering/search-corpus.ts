import { DEFAULT_COLLECTION } from "../domain/collection.ts";
import { checkFurtherQueries, checkNumbers, checkQuestion } from "./check-request.ts";
import type { OpenCollection } from "./open-collection.ts";
import type { SearchCorpus } from "./use-cases.ts";

/** Makes the search that all entries call. */
export function createSearchCorpus({ openCollection }: { readonly openCollection: OpenCollection }): SearchCorpus {
  return async ({ query, collection = DEFAULT_COLLECTION, ...options }) => {
    checkQuestion("query", query);
    checkFurtherQueries(options.queries ?? []);
    checkNumbers([{ path: "limit", value: options.limit, from: 1, to: 100 }]);
    const { retrieve } = await openCollection(collection);
    // Without a stop the caller wants the plain ranking, as evaluations publish it: single chunks as they are stored.
    return retrieve(query, { ...options, join: options.stop !== false });
  };
}
