import type { QdrantClient } from "@qdrant/js-client-rest";

/** Whether a value is a Qdrant client: by its methods, since a caller's copy of the package has a class of its own. */
export function isQdrantClient(value: unknown): value is QdrantClient {
  return typeof value === "object" && value !== null && "queryBatch" in value && "upsert" in value;
}
