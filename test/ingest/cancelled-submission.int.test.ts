// Needs a real Qdrant: the one at QDRANT_URL, or one that Docker starts.
import { afterAll, describe, it } from "vitest";
import { openVectorStore } from "../../src/store/open-vector-store.ts";
import { findQdrantServer } from "../support/qdrant-server.ts";
import { describeCancelledSubmission } from "./cancelled-submission.contract.ts";

const server = await findQdrantServer();

if ("reason" in server) {
  describe("cancelled submissions on a real Qdrant", () => {
    it.skip(`are skipped: ${server.reason}`, () => undefined);
  });
} else {
  const { urls, apiKey } = server;
  const store = await openVectorStore({
    store: urls.join(","),
    dataFolder: "",
    ...(apiKey === undefined ? {} : { apiKey }),
  });
  afterAll(async () => {
    await store.close();
    await server.stop();
  });
  describeCancelledSubmission("Qdrant", async () => store);
}
