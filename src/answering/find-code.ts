import { DEFAULT_COLLECTION } from "../domain/collection.ts";
import { checkNumbers, checkQuestion } from "./check-request.ts";
import type { OpenCollection } from "./open-collection.ts";
import { MAX_TASK_LENGTH, type FindCode } from "./use-cases.ts";

/** Makes the search for code that all entries call. */
export function createFindCode({ openCollection }: { readonly openCollection: OpenCollection }): FindCode {
  return async ({ task, collection = DEFAULT_COLLECTION, ...options }) => {
    checkQuestion("task", task, { most: MAX_TASK_LENGTH });
    checkNumbers([{ path: "limit", value: options.limit, from: 1, to: 100 }]);
    const { findCode } = await openCollection(collection);
    return findCode(task, options);
  };
}
