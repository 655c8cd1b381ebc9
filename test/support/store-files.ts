import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createSubmitDocuments } from "../../ingest/submit-documents.ts";
import { runToEnd } from "../../src/domain/run-to-end.ts";
import type { Embedder } from "../../src/embedding/embedder.ts";
import { openEmbeddedStore } from "../../src/store/embedded/embedded-store.ts";
import type { VectorStore } from "../../src/store/vector-store.ts";

/** A store in a folder of its own. */
export interface TestStore {
  readonly folder: string;
  readonly store: VectorStore;
  /** Closes the store and removes the folder. */
  readonly close: () => Promise<void>;
}

/** Opens an empty embedded store in a temporary folder. */
export async function openTestStore(): Promise<TestStore> {
  const folder = await mkdtemp(path.join(tmpdir(), "citewell-store-"));
  const store = await openEmbeddedStore({ file: path.join(folder, "store.sqlite") });
  return {
    folder,
    store,
    async close() {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Puts texts into a collection, by their sources. */
export async function storeFiles(
  files: Readonly<Record<string, string>>,
  {
    store,
    embedder,
    collection,
  }: { readonly store: VectorStore; readonly embedder: Embedder; readonly collection: string },
): Promise<void> {
  const documents = Object.entries(files).map(([source, content]) => ({ source, content }));
  await runToEnd(createSubmitDocuments({ store, embedder })({ collection, documents }));
}
