import { isCitewellError } from "../../errors.ts";
import type { CallOptions } from "../vector-store.ts";
import type { QdrantRequests } from "./requests.ts";

/** An index over a field of points. */
export interface PayloadIndex {
  readonly field_name: string;
  readonly field_schema: "keyword" | "datetime";
}

/**
 * Makes an index that an older collection does not have, and says whether it could: with a key that may only read, no
 * index can be made, and Qdrant does without.
 */
export async function makeMissingIndex(
  { onCollection }: Pick<QdrantRequests, "onCollection">,
  { collection, index }: { readonly collection: string; readonly index: PayloadIndex },
  options: CallOptions,
): Promise<boolean> {
  try {
    await onCollection(
      collection,
      async (client, alias) => client.createPayloadIndex(alias, { ...index, wait: true }),
      options,
    );
    return true;
  } catch (error) {
    if (!isCitewellError(error, "store_refused")) throw error;
    return false;
  }
}
