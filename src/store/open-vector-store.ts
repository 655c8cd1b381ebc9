import { join } from "node:path";
import type { VectorStore } from "./vector-store.ts";

/** Options of {@link openVectorStore}. */
export interface OpenVectorStoreOptions {
  /** `embedded`, or the address of a Qdrant server; several addresses of one cluster separated by commas. */
  readonly store: string;
  /** Folder of the embedded store's file. */
  readonly dataFolder: string;
  /** Key for Qdrant. */
  readonly apiKey?: string;
  /** Shards of a new collection on Qdrant. */
  readonly shardNumber?: number;
  /** Copies of each shard of a new collection on Qdrant. */
  readonly replicationFactor?: number;
  /** Copies that must confirm a write on Qdrant. */
  readonly writeConsistencyFactor?: number;
}

/** File of the embedded store in the data folder. */
const EMBEDDED_FILE = "citewell.sqlite";

/** Opens the store that a setting names; each is loaded only when it is wanted. */
export async function openVectorStore(options: OpenVectorStoreOptions): Promise<VectorStore> {
  const { store, dataFolder, ...qdrant } = options;
  if (store === "embedded") {
    const { openEmbeddedStore } = await import("./embedded/embedded-store.ts");
    return openEmbeddedStore({ file: join(dataFolder, EMBEDDED_FILE) });
  }
  const { openQdrantStore } = await import("./qdrant/qdrant-store.ts");
  const [url, ...urls] = store.split(",").map((address) => address.trim());
  return openQdrantStore({ ...qdrant, ...(url === undefined ? {} : { url }), urls });
}
