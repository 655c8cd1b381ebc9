import { onTestFinished } from "vitest";
import { openEmbeddedStore } from "../../src/store/embedded/embedded-store.ts";
import { openQdrantStore } from "../../src/store/qdrant/qdrant-store.ts";
import type { VectorStore } from "../../src/store/vector-store.ts";
import { startQdrantStandIn } from "./qdrant-stand-in.ts";

/** The kinds of stores that a test can have without a server. */
export const STORE_KINDS: readonly string[] = ["embedded", "Qdrant stand-in"];

/** An empty store of a kind, closed when the test has ended. */
export async function openStoreKind(kind: string): Promise<VectorStore> {
  if (kind === "embedded") {
    const store = await openEmbeddedStore({ file: ":memory:" });
    onTestFinished(async () => store.close());
    return store;
  }
  const standIn = await startQdrantStandIn();
  onTestFinished(async () => standIn.stop());
  return openQdrantStore({ url: standIn.url });
}
