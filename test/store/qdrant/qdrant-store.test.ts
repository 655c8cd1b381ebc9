import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openQdrantStore } from "../../../src/store/qdrant/qdrant-store.ts";
import type { VectorStore } from "../../../src/store/vector-store.ts";
import { createRequestCheck, hasQdrantOpenapi } from "../../support/qdrant-openapi.ts";
import { type QdrantStandIn, startQdrantStandIn } from "../../support/qdrant-stand-in.ts";
import { describeVectorStore } from "../vector-store.contract.ts";

describe.each([1, 3])("Qdrant store with %i shards", (shardNumber) => {
  let standIn: QdrantStandIn;
  beforeAll(async () => {
    standIn = await startQdrantStandIn();
  });
  afterAll(async () => standIn.stop());

  const openStore = async (): Promise<VectorStore> => openQdrantStore({ url: standIn.url, shardNumber });
  describeVectorStore("Qdrant stand-in", async () => ({ store: await openStore(), reopen: openStore }));

  // After the suite: it looks at every request that the suite caused.
  it.skipIf(!hasQdrantOpenapi)(
    `sends only what Qdrant's API description allows${hasQdrantOpenapi ? "" : " (the description is not at hand)"}`,
    () => {
      const check = createRequestCheck();
      const problems = new Set(standIn.requests.flatMap((request) => check(request)));
      expect([...problems].slice(0, 10)).toEqual([]);
      expect(standIn.requests.length).toBeGreaterThan(1000);
    },
  );

  it("waits for every write and asks for plain replies", () => {
    const writes = standIn.requests.filter(
      ({ method, path }) =>
        /\/(index|points|vectors|payload|delete|batch)(\?|$)/.test(path) &&
        !/\/query\//.test(path) &&
        (method === "PUT" || /delete|batch/.test(path)),
    );
    expect(writes.length).toBeGreaterThan(100);
    expect(writes.filter(({ path }) => !/\?wait=true(&ordering=medium)?$/.test(path)).map(({ path }) => path)).toEqual(
      [],
    );
    expect(new Set(standIn.requests.map(({ headers }) => headers["accept-encoding"]))).toEqual(new Set(["identity"]));
  });
});

describe("createRequestCheck", () => {
  it.skipIf(!hasQdrantOpenapi)("finds misspelt fields, wrong types, unknown parameters and routes", () => {
    const check = createRequestCheck();
    const query = "/collections/a/points/query";
    const ask = (body: unknown, path = query): string[] => check({ method: "POST", path, headers: {}, body });
    expect(ask({ query: [1, 0], using: "dense", limit: 3 })).toEqual([]);
    expect(ask({ query: [1, 0], limitt: 3 })).toHaveLength(1);
    expect(ask({ query: [1, 0], limit: "3" })).toHaveLength(1);
    expect(ask({ query: [1, 0], filter: { must: [{ key: "a", match: { any_of: ["b"] } }] } })).toHaveLength(1);
    expect(ask({ query: [1, 0] }, `${query}?wate=true`)).toHaveLength(1);
    expect(ask({}, "/collections/a/points/find")).toHaveLength(1);
  });
});
