import { describe, expect, it, onTestFinished } from "vitest";
import { createManageDocuments } from "../../src/answering/manage-documents.ts";
import type { ManageDocuments } from "../../src/answering/use-cases.ts";
import { openEmbeddedStore } from "../../src/store/embedded/embedded-store.ts";
import { createFolder } from "../ingest/temporary-folder.ts";
import { sampleDocument, sampleSettings } from "../store/store-samples.ts";

async function openDocuments(sources: readonly { source: string; title: string | null }[]): Promise<ManageDocuments> {
  const folder = await createFolder();
  const store = await openEmbeddedStore({ file: `${folder.path}/store.sqlite` });
  onTestFinished(async () => store.close());
  await store.createCollection("default", sampleSettings());
  for (const one of sources)
    await store.putDocument("default", sampleDocument(one.source, { ...one, textLength: 5 }), "Text.");
  return createManageDocuments({ store });
}

async function listed(documents: ManageDocuments, search: string, limit: number): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await documents.list({ search, limit, cursor });
    expect(page.documents.length).toBeLessThanOrEqual(limit);
    found.push(...page.documents.map(({ source }) => source));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return found;
}

describe("looking for documents by name", () => {
  it("finds those whose title and source hold all words, whatever their case and marks", async () => {
    const documents = await openDocuments([
      { source: "lease.md", title: "The lease of 2019" },
      { source: "2019/Müll.md", title: null },
      { source: "other.md", title: "Lease" },
    ]);
    expect(await listed(documents, " LEASE 2019 ", 10)).toEqual(["lease.md"]);
    expect(await listed(documents, "mull", 10)).toEqual(["2019/Müll.md"]);
    expect(await listed(documents, " ", 10)).toHaveLength(3);
    expect(await listed(documents, "nothing", 10)).toEqual([]);
  });

  it("gives each of them once, in pages that are never longer than was asked", async () => {
    const sources = Array.from({ length: 57 }, (_, index) => `${index % 3 === 0 ? "lease" : "note"}-${index}.md`);
    const documents = await openDocuments(sources.map((source) => ({ source, title: null })));
    const leases = sources.filter((source) => source.startsWith("lease"));
    for (const limit of [1, 4, 100]) {
      expect((await listed(documents, "lease", limit)).toSorted()).toEqual(leases.toSorted());
    }
  });
});
