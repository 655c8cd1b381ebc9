import { rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createIngestCorpus } from "../../ingest/ingest-corpus.ts";
import { createCollectionOpener } from "../../src/answering/open-collection.ts";
import type { Citation } from "../../src/domain/answer.ts";
import { citedPlaces } from "../../src/domain/cited-places.ts";
import type { Hit } from "../../src/domain/hit.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { checkCitations } from "../../src/retrieval/citations.ts";
import type { VectorStore } from "../../src/store/vector-store.ts";
import { openStoreKind, STORE_KINDS } from "../support/open-store-kind.ts";
import { makePdf } from "./loaders/made-files.ts";
import { createFolder } from "./temporary-folder.ts";

const PAGES = [
  ["The harbour of Ostby was dug in 1820.", "Its pier is 300 metres long.", "The lighthouse keeper of Ostby counts"],
  ["the ships every evening at nine.", "The bell of Ostby weighs two tonnes."],
  [],
  ["The ferry to Ostby leaves at noon.", "Seals rest on the rocks of Ostby."],
];

interface Asked {
  readonly hit: Hit;
  readonly citations: readonly Citation[];
}

async function openMade(kind: string, chunkTokens: number) {
  const store = await openStoreKind(kind);
  const embedder = createHashingEmbedder({ dimensions: 64 });
  const folder = await createFolder({ "port.pdf": makePdf(PAGES) });
  const ingest = async (): Promise<void> => {
    const options = { collection: "docs", roots: [folder.path], chunkTokens };
    for await (const _ of createIngestCorpus({ store, embedder })(options)) continue;
  };
  const ask = async (answer: string): Promise<Asked> => {
    const { retrieve } = await createCollectionOpener({ store, embedder })("docs");
    const { hits } = await retrieve("harbour of Ostby: pier, lighthouse keeper, ships, bell, ferry, seals", {});
    const [hit] = hits;
    if (hit === undefined) throw new Error("Nothing was found.");
    const { citations } = await checkCitations(answer, {
      question: "?",
      passages: [{ marker: 1, hit }],
      readSpans: (spans) => store.readSpans("docs", spans),
    });
    return { hit, citations };
  };
  return { store, folder, ingest, ask };
}

const ANSWER =
  'It says "Its pier is 300 metres long" [1]. It says "The bell of Ostby weighs two tonnes" [1]. It says "The ' +
  'lighthouse keeper of Ostby counts the ships every evening" [1]. It says "The ferry to Ostby leaves at noon" [1].';

async function startsOf(store: VectorStore): Promise<readonly unknown[]> {
  const { documents } = await store.listDocuments("docs", { limit: 9 });
  return documents.map(({ pages }) => pages?.map(({ page }) => page));
}

describe.each(STORE_KINDS)("pages on the store %s", (kind) => {
  it.each([
    ["one chunk goes over three pages", 400],
    ["a hit joins chunks of three pages", 18],
  ])("are those on which quotes begin where %s", async (_, chunkTokens) => {
    const { store, ingest, ask } = await openMade(kind, chunkTokens);
    await ingest();
    const { hit, citations } = await ask(ANSWER);
    expect(hit.chunkIds.length > 1).toBe(chunkTokens < 400);
    expect(hit).toMatchObject({ page: 1, pageStarts: [{ page: 2 }, { page: 4 }] });
    const [second, fourth] = hit.pageStarts ?? [];
    const [text] = await store.readSpans("docs", [{ documentId: hit.documentId, span: { start: 0, end: 9_999 } }]);
    expect(text?.slice(second?.start)).toMatch(/^the ships every evening/);
    expect(text?.slice(fourth?.start)).toMatch(/^The ferry to Ostby/);
    expect(citations.map(({ page, quote }) => [page, quote.replaceAll(/\s+/g, " ").slice(0, 20)])).toEqual([
      [1, "Its pier is 300 metr"],
      [2, "The bell of Ostby we"],
      // It goes over to the next page.
      [1, "The lighthouse keepe"],
      [4, "The ferry to Ostby l"],
    ]);
    expect(citedPlaces(citations).map(({ citation }) => citation.page)).toEqual([1, 2, 4]);
  });

  it("stay when a document is indexed anew from its stored text", async () => {
    const { store, folder, ingest } = await openMade(kind, 400);
    await ingest();
    expect(await startsOf(store)).toEqual([[1, 2, 4]]);
    const other = await createFolder({ "other.md": "Other words stand here." });
    await rm(join(folder.path, "port.pdf"));
    const again = createIngestCorpus({ store, embedder: createHashingEmbedder({ dimensions: 32 }) });
    const options = { collection: "docs", roots: [other.path], force: true, chunkTokens: 400 };
    for await (const _ of again(options)) continue;
    expect(await startsOf(store)).toContainEqual([1, 2, 4]);
  });

  it("are those of the chunks for a document that was stored without the places of its pages", async () => {
    const { store, ingest, ask } = await openMade(kind, 18);
    await ingest();
    const [record] = (await store.listDocuments("docs", { limit: 1 })).documents;
    if (record === undefined) throw new Error("Nothing is stored.");
    const { pages, ...before } = record;
    expect(pages).toHaveLength(3);
    await store.putDocument("docs", before, null);
    const { hit, citations } = await ask('It says "The ferry to Ostby leaves at noon" [1].');
    expect(hit).toMatchObject({ page: 1, pageStarts: expect.any(Array) });
    expect(citations).toMatchObject([{ page: expect.any(Number), verified: true }]);
  });
});
