import { isCitewellError } from "../../errors.ts";
import type { CallOptions } from "../vector-store.ts";
import { fieldIndex } from "./payload.ts";
import type { QdrantRequests } from "./requests.ts";

/**
 * Makes an index that an older collection does not have, and says whether it could: with a key that may only read, no
 * index can be made, and Qdrant does without.
 */
export async function makeMissingIndex(
  { onCollection }: Pick<QdrantRequests, "onCollection">,
  { collection, field }: { readonly collection: string; readonly field: string },
  options: CallOptions,
): Promise<boolean> {
  try {
    await onCollection(
      collection,
      async (client, alias) => client.createPayloadIndex(alias, fieldIndex(field)),
      options,
    );
    return true;
  } catch (error) {
    if (!isCitewellError(error, "store_refused")) throw error;
    return false;
  }
}
