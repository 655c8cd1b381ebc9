import { describe, expect, it } from "vitest";
import { createIngestCorpus } from "../../ingest/ingest-corpus.ts";
import { createSubmitDocuments, type DocumentToSubmit } from "../../ingest/submit-documents.ts";
import type { DocumentMetadata } from "../../src/domain/document-metadata.ts";
import type { SearchFilter } from "../../src/domain/hit.ts";
import { runToEnd } from "../../src/domain/run-to-end.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { createRetriever } from "../../src/retrieval/create-retriever.ts";
import { openStoreKind, STORE_KINDS } from "../support/open-store-kind.ts";
import { randomText } from "./secrets/made-secrets.ts";
import { createFolder } from "./temporary-folder.ts";

describe.each(STORE_KINDS)("metadata of documents that are handed over, on the store %s", (kind) => {
  async function openBench() {
    const store = await openStoreKind(kind);
    const embedder = createHashingEmbedder({ dimensions: 16 });
    const submit = createSubmitDocuments({ store, embedder });
    const put = async (document: Partial<DocumentToSubmit>) =>
      runToEnd(submit({ documents: [{ source: "a.md", content: "# Apple\n\nAn apple a day.", ...document }] }));
    const stored = async (): Promise<Record<string, DocumentMetadata | undefined>> => {
      const { documents } = await store.listDocuments("default", { limit: 100 });
      return Object.fromEntries(documents.map(({ source, metadata }) => [source, metadata]));
    };
    return { store, embedder, put, stored };
  }

  it("changes the record alone where the text is the same, and says so", async () => {
    const { store, put, stored } = await openBench();
    await put({ metadata: { team: "docs", tags: ["x"] } });
    expect(await stored()).toEqual({ "a.md": { team: "docs", tags: ["x"] } });
    const same = await put({ metadata: { tags: ["x"], team: "docs" } });
    expect(same.documents).toMatchObject({ changed: 0, unchanged: 1 });
    const [before] = (await store.listDocuments("default", { limit: 1 })).documents;
    const { documents, chunks, noted, tokens } = await put({ metadata: { team: "web" } });
    expect(documents).toMatchObject({ added: 0, changed: 1, unchanged: 0 });
    expect(chunks).toMatchObject({ embedded: 0, reused: 1, deleted: 0, total: 1 });
    expect(tokens).toBe(0);
    expect(noted).toEqual([
      {
        root: "uploads",
        source: "a.md",
        status: "changed",
        reason: "only the metadata changed; nothing was embedded again",
      },
    ]);
    const [after] = (await store.listDocuments("default", { limit: 1 })).documents;
    const { ingestedAt, modifiedAt = 0 } = after ?? {};
    expect(after).toEqual({ ...before, metadata: { team: "web" }, ingestedAt, modifiedAt });
    // The time at which it was handed over.
    expect(modifiedAt).toBeGreaterThanOrEqual(before?.modifiedAt ?? Infinity);
    const span = { documentId: after?.id ?? "", span: { start: 0, end: 7 } };
    expect(await store.readSpans("default", [span])).toEqual(["# Apple"]);
  });

  it("stays with a document whose text changes, until it is given anew or taken away", async () => {
    const { store, put, stored } = await openBench();
    await put({ metadata: { year: 2024 } });
    await put({ content: "# Pear\n\nA pear." });
    expect(await stored()).toEqual({ "a.md": { year: 2024 } });
    await put({ content: "# Plum\n\nA plum.", metadata: { year: 2025 } });
    expect(await stored()).toEqual({ "a.md": { year: 2025 } });
    expect((await put({ content: "# Plum\n\nA plum." })).documents).toMatchObject({ unchanged: 1 });
    expect((await put({ content: "# Plum\n\nA plum.", metadata: {} })).documents).toMatchObject({ changed: 1 });
    expect(await stored()).toEqual({ "a.md": undefined });
    await put({ metadata: { year: 2026 } });
    const [document] = (await store.listDocuments("default", { limit: 1 })).documents;
    await store.deleteDocuments("default", [document?.id ?? ""]);
    await put({});
    expect(await stored()).toEqual({ "a.md": undefined });
  });

  it("survives a re-indexing, also where it changes after an interrupted one", async () => {
    const { store, embedder, put, stored } = await openBench();
    const folder = await createFolder({ "folder.md": "# Folder\n\nA text.", "other.md": "# Other\n\nA text." });
    const reindex = (chunkTokens: number) =>
      createIngestCorpus({ store, embedder })({
        collection: "default",
        roots: [folder.path],
        chunkTokens,
        force: true,
      });
    await put({ metadata: { team: "docs" } });
    await put({ source: "b.md", metadata: { team: "web" } });
    await runToEnd(reindex(40));
    expect(await stored()).toMatchObject({ "a.md": { team: "docs" }, "b.md": { team: "web" } });

    for await (const event of reindex(50)) {
      if (event.type === "file-end" && event.report.source === "b.md") break;
    }
    expect(await store.listCollections()).toHaveLength(2);
    await put({ metadata: { team: "other" } });
    await runToEnd(reindex(50));
    expect(await stored()).toMatchObject({ "a.md": { team: "other" }, "b.md": { team: "web" } });
  });

  it("has its secrets blotted out, also those of a time when they were allowed", async () => {
    const { store, embedder, put, stored } = await openBench();
    const metadata = { team: "docs", token: `ghp_${randomText(36)}` };
    const clean = { team: "docs", token: "█".repeat(40) };
    const note = "1 secret redacted in the metadata: GitHub token";
    expect((await put({ metadata })).noted).toMatchObject([{ status: "added", reason: note }]);
    expect(await stored()).toEqual({ "a.md": clean });
    expect((await put({ metadata })).documents).toMatchObject({ unchanged: 1, changed: 0 });

    const allowing = createSubmitDocuments({ store, embedder, allowSecrets: true });
    await runToEnd(allowing({ documents: [{ source: "a.md", content: "# Apple\n\nAn apple a day.", metadata }] }));
    expect(await stored()).toEqual({ "a.md": metadata });
    const { documents, noted } = await put({});
    expect(documents).toMatchObject({ changed: 1 });
    expect(noted?.[0]?.reason).toContain(note);
    expect(await stored()).toEqual({ "a.md": clean });
  });

  it("loses its secrets at a re-indexing that does not allow them", async () => {
    const { store, embedder, stored } = await openBench();
    const folder = await createFolder({ "folder.md": "# Folder\n\nA text." });
    const metadata = { token: `ghp_${randomText(36)}` };
    const allowing = createSubmitDocuments({ store, embedder, allowSecrets: true });
    await runToEnd(allowing({ documents: [{ source: "a.md", content: "# Apple\n\nAn apple a day.", metadata }] }));
    const options = { collection: "default", roots: [folder.path], chunkTokens: 40, force: true };
    await runToEnd(createIngestCorpus({ store, embedder })(options));
    expect((await stored())["a.md"]).toEqual({ token: "█".repeat(40) });
  });

  it("narrows a search, alone and beside a source", async () => {
    const { store, embedder, put } = await openBench();
    await put({ source: "guide/a.md", metadata: { team: "docs", year: 2024, tags: ["fruit", "red"] } });
    await put({ source: "guide/b.md", metadata: { team: "web", year: 2025, tags: ["fruit"] } });
    await put({ source: "c.md" });
    const retrieve = createRetriever({ store, embedder, collection: "default", chunkTokens: 150 });
    const found = async (filter: SearchFilter): Promise<string[]> =>
      (await retrieve("apple", { filter, stop: false })).hits.map(({ source }) => source).toSorted();
    expect(await found({ metadata: {} })).toEqual(["c.md", "guide/a.md", "guide/b.md"]);
    expect(await found({ metadata: { tags: "fruit" } })).toEqual(["guide/a.md", "guide/b.md"]);
    expect(await found({ metadata: { tags: "fruit", year: [2023, 2024] } })).toEqual(["guide/a.md"]);
    expect(await found({ source: "**/b.md", metadata: { team: ["docs", "web"] } })).toEqual(["guide/b.md"]);
    expect(await found({ source: "c.md", metadata: { team: "web" } })).toEqual([]);
    await put({ source: "c.md", metadata: { team: "web" } });
    expect(await found({ source: "c.md", metadata: { team: "web" } })).toEqual(["c.md"]);
    await expect(found({ metadata: { team: [] } })).rejects.toMatchObject({ code: "usage_invalid" });
  });

  it("comes along with what a search finds, as it is said now", async () => {
    const { store, embedder, put } = await openBench();
    const metadata = { team: "docs", year: 2024, tags: ["fruit"], none: [], ratio: 0.1 + 0.2 };
    await put({ metadata });
    await put({ source: "b.md" });
    const retrieve = createRetriever({ store, embedder, collection: "default", chunkTokens: 150 });
    const said = async (queries: string[] = []): Promise<Record<string, unknown>> => {
      const { hits } = await retrieve("apple", { stop: false, queries });
      return Object.fromEntries(hits.map((hit) => [hit.source, "metadata" in hit ? hit.metadata : "none"]));
    };
    expect(await said()).toEqual({ "a.md": metadata, "b.md": "none" });
    expect(await said(["day"])).toEqual({ "a.md": metadata, "b.md": "none" });
    await put({ metadata: { team: "web" } });
    expect(await said()).toEqual({ "a.md": { team: "web" }, "b.md": "none" });
    await put({ metadata: {} });
    expect(await said()).toEqual({ "a.md": "none", "b.md": "none" });
  });

  it("is refused before anything is stored where it cannot be kept", async () => {
    const { store, put } = await openBench();
    await expect(put({ metadata: { a: Number.NaN } })).rejects.toMatchObject({
      code: "usage_invalid",
      message: expect.stringMatching(/^"a" is the number NaN; .*\.$/),
    });
    expect(await store.listCollections()).toEqual([]);
  });

  it("is not taken from the front matter of what is handed over", async () => {
    const { put, stored } = await openBench();
    const content = "---\nteam: front\n---\n\n# Apple\n";
    await put({ content });
    await put({ source: "b.md", content, metadata: { year: 2025 } });
    expect(await stored()).toEqual({ "a.md": undefined, "b.md": { year: 2025 } });
  });
});

describe.each(STORE_KINDS)("metadata from the front matter of files, on the store %s", (kind) => {
  it("narrows a search, changes with the file, and goes with the front matter", async () => {
    const store = await openStoreKind(kind);
    const embedder = createHashingEmbedder({ dimensions: 16 });
    const note = (front: string): string => `${front}# Apple\n\nAn apple a day.\n`;
    const folder = await createFolder({
      "a.md": note("---\ntitle: A\nstatus: draft\ntags: [fruit, red]\n---\n"),
      "b.md": note("---\nstatus: final\ntags: [fruit]\n---\n"),
      "c.md": note(""),
    });
    const ingest = () =>
      runToEnd(createIngestCorpus({ store, embedder })({ collection: "default", roots: [folder.path] }));
    const retrieve = createRetriever({ store, embedder, collection: "default", chunkTokens: 150 });
    const found = async (metadata: SearchFilter["metadata"]): Promise<string[]> =>
      (await retrieve("apple", { filter: { metadata }, stop: false })).hits.map(({ source }) => source).toSorted();
    await ingest();
    expect(await found({ tags: "fruit" })).toEqual(["a.md", "b.md"]);
    expect(await found({ status: "final" })).toEqual(["b.md"]);
    expect(await found({ title: "A" })).toEqual([]);

    await folder.write({ "a.md": note("---\ntitle: A\nstatus: final\n---\n"), "b.md": note("") });
    await ingest();
    expect(await found({ status: "final" })).toEqual(["a.md"]);
    expect(await found({ tags: "fruit" })).toEqual([]);
    expect((await ingest()).documents).toMatchObject({ changed: 0, unchanged: 3 });
  });

  it("has its secrets blotted out like the text", async () => {
    const store = await openStoreKind(kind);
    const secret = `ghp_${randomText(36)}`;
    const folder = await createFolder({ "a.md": `---\ntoken: ${secret}\nteam: docs\n---\n\n# Apple\n` });
    const ingest = createIngestCorpus({ store, embedder: createHashingEmbedder({ dimensions: 16 }) });
    const { files, noted } = await runToEnd(ingest({ collection: "default", roots: [folder.path] }));
    expect(files).toEqual([]);
    expect(noted).toMatchObject([{ source: "a.md", reason: "1 secret redacted: line 2 GitHub token" }]);
    const { documents } = await store.listDocuments("default", { limit: 1 });
    expect(documents[0]?.metadata).toEqual({ token: "█".repeat(40), team: "docs" });
  });
});
