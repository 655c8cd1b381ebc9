import { expect, it } from "vitest";
import { openQdrantStore } from "../../../src/store/qdrant/qdrant-store.ts";
import { startQdrantStandIn } from "../../support/qdrant-stand-in.ts";
import { sampleSettings } from "../store-samples.ts";

it("asks for the names once to list collections, however many there are", async () => {
  const standIn = await startQdrantStandIn();
  const store = await openQdrantStore({ url: standIn.url });
  for (const name of ["b", "a", "c"]) await store.createCollection(name, sampleSettings());
  standIn.requests.length = 0;
  expect((await store.listCollections()).map(({ name }) => name)).toEqual(["a", "b", "c"]);
  expect(standIn.requests.filter(({ path }) => path.endsWith("/aliases"))).toHaveLength(1);
  await standIn.stop();
});

it.each([
  [{ status: "red", optimizer_status: "ok" }, "red"],
  [{ status: "yellow", optimizer_status: { error: "No space left on device" } }, "No space left on device"],
])("tells a failure that Qdrant reports of a collection: %o", async (state, told) => {
  const standIn = await startQdrantStandIn();
  const store = await openQdrantStore({ url: standIn.url });
  await store.createCollection("docs", sampleSettings());
  await store.verify();
  standIn.fault({
    when: ({ method, path }) => method === "GET" && /^\/collections\/citewell-docs-[^/]+$/.test(path),
    reply: { status: 200, body: { result: state, status: "ok", time: 0 } },
  });
  await expect(store.verify()).rejects.toMatchObject({
    code: "store_failed",
    message: expect.stringMatching(
      new RegExp(`failure of collection "docs" .*: ${told}\\. Look into the server's log`),
    ),
  });
  await standIn.stop();
});
