import { afterAll, beforeAll, describe } from "vitest";
import { openQdrantStore } from "../../src/store/qdrant-store.ts";
import { type QdrantStandIn, startQdrantStandIn } from "../support/qdrant-stand-in.ts";
import { describeVectorStore } from "./vector-store.contract.ts";

describe.each([1, 3])("Qdrant store with %i shards", (shardNumber) => {
  let standIn: QdrantStandIn;
  beforeAll(async () => {
    standIn = await startQdrantStandIn();
  });
  afterAll(async () => standIn.stop());

  const openStore = async () => openQdrantStore({ url: standIn.url, shardNumber });
  describeVectorStore(`Qdrant stand-in`, async () => ({ store: await openStore(), reopen: openStore }));
});
