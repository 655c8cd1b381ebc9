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
