import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEmbeddedStore } from "../../src/store/embedded-store.ts";
import { describeVectorStore } from "./vector-store.contract.ts";

describeVectorStore("embedded, in memory", async () => ({ store: await openEmbeddedStore({ file: ":memory:" }) }));

describeVectorStore("embedded, in a file", async () => {
  const folder = await mkdtemp(join(tmpdir(), "embedded-store-"));
  const file = join(folder, "new", "store.sqlite");
  return {
    store: await openEmbeddedStore({ file }),
    reopen: () => openEmbeddedStore({ file }),
    stop: () => rm(folder, { recursive: true }),
  };
});
