import path from "node:path";
import { expect, it } from "vitest";
import { checkFreshness } from "../../ingest/check-freshness.ts";
import { createIngestCorpus } from "../../ingest/ingest-corpus.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { openEmbeddedStore } from "../../src/store/embedded/embedded-store.ts";
import { createFolder } from "./temporary-folder.ts";

it("counts changed and gone files root by root, and says which roots are gone", async () => {
  const folder = await createFolder({
    "one/a.md": "One.",
    "one/b.md": "Two.",
    "one/c.md": "Three.",
    "two/d.md": "Four.",
    "file.md": "Five.",
  });
  const root = (name: string): string => path.join(folder.path, name);
  const store = await openEmbeddedStore({ file: ":memory:" });
  const ingest = createIngestCorpus({ store, embedder: createHashingEmbedder({ dimensions: 8 }) });
  const events = ingest({ collection: "docs", roots: ["one", "two", "file.md"].map(root) });
  for (let step = await events.next(); step.done !== true; step = await events.next()) continue;
  const { documents } = await store.listDocuments("docs", { limit: 100 });
  await store.close();
  const uploads = documents.slice(0, 1).map((document) => ({ ...document, root: "uploads" }));
  const all = [...documents, ...uploads];

  const fresh = { isThere: true, changed: 0, unfinished: 0, gone: 0 };
  expect(await checkFreshness({ documents: all })).toEqual([
    { root: root("file.md"), ...fresh },
    { root: root("one"), ...fresh },
    { root: root("two"), ...fresh },
    { root: "uploads", ...fresh, isThere: null },
  ]);

  const begun = [...documents.slice(0, 1), ...uploads].map((document) => ({ ...document, contentHash: "" }));
  expect(await checkFreshness({ documents: begun })).toEqual([
    { root: documents[0]?.root, ...fresh, unfinished: 1 },
    { root: "uploads", ...fresh, isThere: null, unfinished: 1 },
  ]);

  await folder.write({ "one/a.md": "1ne.", "one/b.md": "Two.", "file.md": "Longer." });
  await folder.remove("one/c.md");
  await folder.remove("two");
  expect(await checkFreshness({ documents })).toEqual([
    { root: root("file.md"), ...fresh, changed: 1 },
    { root: root("one"), ...fresh, changed: 1, gone: 1 },
    { root: root("two"), ...fresh, isThere: false, gone: 1 },
  ]);
});

it("does not take for gone what cannot be looked at", async () => {
  const folder = await createFolder({ "a.md": "One." });
  const store = await openEmbeddedStore({ file: ":memory:" });
  const ingest = createIngestCorpus({ store, embedder: createHashingEmbedder({ dimensions: 8 }) });
  const events = ingest({ collection: "docs", roots: [folder.path] });
  for (let step = await events.next(); step.done !== true; step = await events.next()) continue;
  const { documents } = await store.listDocuments("docs", { limit: 100 });
  await store.close();
  const unreachable = documents.map((document) => ({ ...document, source: `${"a".repeat(300)}.md` }));
  expect(await checkFreshness({ documents: unreachable })).toMatchObject([{ isThere: true, changed: 1, gone: 0 }]);
});
