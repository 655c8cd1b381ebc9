import { randomUUID } from "node:crypto";
import { isCitewellError } from "../../errors.ts";
import type { CallOptions, VectorStore } from "../vector-store.ts";
import { isRangeIndexMissing } from "./errors.ts";
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

  /** Older collections do not have this index. */
  async function makeIndex(name: string, options: CallOptions): Promise<void> {
    const index = { field_name: INGESTED_AT, field_schema: "datetime", wait: true } as const;
    try {
      await onCollection(name, async (client, alias) => client.createPayloadIndex(alias, index), options);
    } catch (error) {
      // With a key that may only read, no index can be made, and the documents are read each time.
      if (!isCitewellError(error, "store_refused")) throw error;
    }
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
      await makeIndex(name, options);
      return randomUUID();
    }
  };
}
