import { afterAll } from "vitest";
import { openEmbeddedStore } from "../../src/store/embedded/embedded-store.ts";
import { openQdrantStore } from "../../src/store/qdrant/qdrant-store.ts";
import type { VectorStore } from "../../src/store/vector-store.ts";
import { startQdrantStandIn } from "../support/qdrant-stand-in.ts";
import { describeCancelledSubmission } from "./cancelled-submission.contract.ts";

const closings: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closings) await close();
});

function closed(store: VectorStore): VectorStore {
  closings.push(async () => store.close());
  return store;
}

describeCancelledSubmission("embedded store", async () => closed(await openEmbeddedStore({ file: ":memory:" })));

describeCancelledSubmission("Qdrant stand-in", async () => {
  const standIn = await startQdrantStandIn();
  closings.unshift(async () => standIn.stop());
  return closed(await openQdrantStore({ url: standIn.url, retryDelayMs: 1 }));
});
