import { randomUUID } from "node:crypto";
import type { CallOptions, VectorStore } from "../vector-store.ts";
import { isRangeIndexMissing } from "./errors.ts";
import { makeMissingIndex } from "./make-index.ts";
import { qdrantFilter } from "./filter.ts";
import { INGESTED_AT } from "./payload.ts";
import type { QdrantRequests } from "./requests.ts";

/**
 * The number of documents and the time of the newest: a document that replaces another one is newer than all before it.
 */
export function createDocumentsVersion({ onCollection }: QdrantRequests): VectorStore["documentsVersion"] {
  const filter = qdrantFilter({ kinds: ["document"] });

  async function newest(name: string, options: CallOptions): Promise<unknown> {
    const request = {
      filter,
      limit: 1,
      order_by: { key: INGESTED_AT, direction: "desc" as const },
      with_payload: [INGESTED_AT],
      with_vector: false,
    };
    const page = await onCollection(name, async (client, alias) => client.scroll(alias, request), options);
    return page.points[0]?.payload?.[INGESTED_AT] ?? null;
  }

  return async (name, options = {}) => {
    try {
      const [{ count }, time] = await Promise.all([
        onCollection(name, async (client, alias) => client.count(alias, { filter, exact: true }), options),
        newest(name, options),
      ]);
      return JSON.stringify([count, time]);
    } catch (error) {
      if (!isRangeIndexMissing(error)) throw error;
      // Without it, the documents are read each time.
      await makeMissingIndex({ onCollection }, { collection: name, field: INGESTED_AT }, options);
      return randomUUID();
    }
  };
}
