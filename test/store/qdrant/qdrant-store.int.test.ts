// Needs a real Qdrant: the one at QDRANT_URL, or one that Docker starts.
import { afterAll, describe, expect, it } from "vitest";
import { openQdrantStore } from "../../../src/store/qdrant/qdrant-store.ts";
import type { VectorStore } from "../../../src/store/vector-store.ts";
import { findQdrantServer } from "../../support/qdrant-server.ts";
import { describeVectorStore } from "../vector-store.contract.ts";

const server = await findQdrantServer();

if ("reason" in server) {
  process.stderr.write(`The tests against a real Qdrant are skipped: ${server.reason}.\n`);
  describe("Qdrant store on a real server", () => {
    it.skip(`is skipped: ${server.reason}`, () => undefined);
  });
} else {
  const { urls, apiKey } = server;
  const [url = "", ...others] = urls;

  afterAll(async () => server.stop());

  // Three shards have an idf each, and on a cluster lie on three nodes.
  describe.each([1, 3])("with %i shards", (shardNumber) => {
    const openStore = async (): Promise<VectorStore> =>
      openQdrantStore({
        url,
        urls: others,
        shardNumber,
        replicationFactor: Math.min(2, urls.length),
        ...(apiKey !== undefined && { apiKey }),
      });
    describeVectorStore("Qdrant", async () => ({ store: await openStore(), reopen: openStore }));
  });

  describe("the key", () => {
    it.skipIf(apiKey === undefined)("is asked for by a server that has one", async () => {
      for (const wrong of [{}, { apiKey: "wrong" }]) {
        await expect(openQdrantStore({ url, ...wrong })).rejects.toMatchObject({
          code: "store_refused",
          message: expect.stringContaining("QDRANT_API_KEY"),
        });
      }
    });
  });
}
