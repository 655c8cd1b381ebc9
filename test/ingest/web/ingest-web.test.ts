import { describe, expect, it, onTestFinished } from "vitest";
import { createIngestCorpus } from "../../../ingest/ingest-corpus.ts";
import type { WebOptions } from "../../../ingest/web/web-fetcher.ts";
import type { IngestEvent, IngestOptions } from "../../../src/domain/ingest.ts";
import { createHashingEmbedder } from "../../../src/embedding/hashing-embedder.ts";
import { openEmbeddedStore } from "../../../src/store/embedded/embedded-store.ts";
import { createFolder } from "../temporary-folder.ts";
import { openSite, page, tagged } from "./open-site.ts";

/** A store in memory, and what ingests into it. */
async function openBench(web: WebOptions = {}) {
  const store = await openEmbeddedStore({ file: ":memory:" });
  onTestFinished(async () => store.close());
  const embedder = createHashingEmbedder({ dimensions: 16 });
  const options = { allowPrivateAddresses: true, delayMs: 0, timeoutMs: 5_000, ...web };
  const ingest = createIngestCorpus({ store, embedder, web: options });
  const run = async (request: Partial<IngestOptions> & Pick<IngestOptions, "roots">) => {
    const events: IngestEvent[] = [];
    for await (const event of ingest({ collection: "default", ...request })) events.push(event);
    const last = events.at(-1);
    if (last?.type !== "ingest-end") throw new Error("The last event is not ingest-end.");
    return { events, report: last.report };
  };
  const list = async () => (await store.listDocuments("default", { limit: 1_000 })).documents;
  const sources = async () => (await list()).map(({ source }) => source);
  return { store, run, list, sources };
}

describe("ingesting a web address", () => {
  it("stores a page under its address, with its title", async () => {
    const site = await openSite({ "/guide?lang=en": page("Guide") });
    const { run, list } = await openBench();
    const root = `${site.origin}/guide?lang=en`;
    const { report, events } = await run({ roots: [`${root}#part`] });
    expect(report.documents).toMatchObject({ added: 1, failed: 0, skipped: 0 });
    expect(await list()).toMatchObject([{ root, source: root, title: "Guide", mediaType: "text/html" }]);
    expect(events[0]).toEqual(expect.objectContaining({ type: expect.stringMatching(/page-fetched|lease/) }));
    expect(events).toContainEqual({ type: "page-fetched", root, url: root, pages: 1 });
  });

  it("embeds nothing and fetches nothing anew where the server calls every page unchanged", async () => {
    const site = await openSite({
      "/": tagged(page("Home", "/a", "/b"), '"1"'),
      "/a": tagged(page("A"), '"2"'),
      "/b": tagged(page("B"), '"3"'),
    });
    const { run, list } = await openBench();
    await run({ roots: [site.origin], crawl: 1 });
    const before = await list();
    const { report } = await run({ roots: [site.origin], crawl: 1 });
    expect(report.documents).toMatchObject({ unchanged: 3, added: 0, changed: 0, removed: 0 });
    expect(report).toMatchObject({ chunks: { embedded: 0 }, bytes: 0 });
    for (const path of ["/", "/a", "/b"]) expect(site.headersOf(path)["if-none-match"]).toBeDefined();
    expect(await list()).toEqual(before);
  });

  it("embeds nothing where pages have no validators and are the same", async () => {
    const site = await openSite({ "/": page("Home", "/a"), "/a": page("A") });
    const { run } = await openBench();
    await run({ roots: [site.origin], crawl: 1 });
    const { report } = await run({ roots: [site.origin], crawl: 1 });
    expect(report).toMatchObject({ documents: { unchanged: 2 }, chunks: { embedded: 0 } });
  });

  it("embeds a changed page, adds a new one and removes one that the server says is gone", async () => {
    const site = await openSite({
      "/": tagged(page("Home", "/a", "/b"), '"1"'),
      "/a": tagged(page("A"), '"2"'),
      "/b": page("B"),
    });
    const { run, sources } = await openBench();
    await run({ roots: [site.origin], crawl: 1 });
    site.pages.set("/a", tagged(page("A is new"), '"4"'));
    site.pages.set("/", tagged(page("Home", "/a", "/c"), '"5"'));
    site.pages.set("/c", page("C"));
    site.pages.delete("/b");
    const { report } = await run({ roots: [site.origin], crawl: 1 });
    expect(report.documents).toMatchObject({ added: 1, changed: 2, removed: 1, unchanged: 0, failed: 0 });
    expect(await sources()).toEqual(["/", "/a", "/c"].map((path) => site.origin + path));
  });

  it("keeps every page when the server is down, and counts the one that failed once", async () => {
    const site = await openSite({ "/": page("Home", "/a"), "/a": page("A") });
    const { run, list } = await openBench();
    await run({ roots: [site.origin], crawl: 1 });
    const before = await list();
    await site.close();
    const { report } = await run({ roots: [site.origin], crawl: 1 });
    expect(report.documents).toMatchObject({ failed: 1, removed: 0, unchanged: 1 });
    expect(report.files).toMatchObject([{ status: "failed", reason: "nothing listens at this address" }]);
    expect(await list()).toEqual(before);
  });

  it("goes on without the links of the last time when fewer levels are asked for", async () => {
    const site = await openSite({ "/": page("Home", "/a"), "/a": page("A", "/b"), "/b": page("B") });
    const { run, sources } = await openBench();
    await run({ roots: [site.origin], crawl: 2 });
    const { report } = await run({ roots: [site.origin] });
    expect(report.documents).toMatchObject({ unchanged: 3, removed: 0 });
    expect(await sources()).toHaveLength(3);
  });

  it("keeps folders and addresses apart in one run", async () => {
    const site = await openSite({ "/": page("Home") });
    const folder = await createFolder({ "a.md": "# A\n\nText." });
    const { run, sources } = await openBench();
    await run({ roots: [folder.path, site.origin] });
    const { report } = await run({ roots: [folder.path] });
    expect(report.documents).toMatchObject({ unchanged: 1, removed: 0 });
    expect(await sources()).toEqual(["a.md", `${site.origin}/`]);
  });

  it("lists in a dry run what it would store, and stores nothing", async () => {
    const site = await openSite({ "/": page("Home", "/a"), "/a": page("A") });
    const { run, store } = await openBench();
    const { report, events } = await run({ roots: [site.origin], crawl: 1, dryRun: true });
    expect(report.documents.added).toBe(2);
    expect(events).toContainEqual({
      type: "plan-ready",
      files: ["/", "/a"].map((path) => ({
        root: `${site.origin}/`,
        source: site.origin + path,
        action: "add",
        chunks: 1,
      })),
    });
    expect(await store.describeCollection("default")).toBeNull();
  });

  it("fetches every page anew for a collection that is re-indexed, those without links among them", async () => {
    const site = await openSite({ "/": tagged(page("Home", "/a"), '"1"'), "/a": tagged(page("A"), '"2"') });
    const { run, sources } = await openBench();
    await run({ roots: [site.origin], crawl: 1 });
    const { report } = await run({ roots: [site.origin], chunkTokens: 20, force: true });
    expect(report.documents).toMatchObject({ added: 2, failed: 0 });
    expect(await sources()).toHaveLength(2);
  });

  it("reports the limit of pages that was met", async () => {
    const site = await openSite({ "/": page("Home", "/a", "/b"), "/a": page("A"), "/b": page("B") });
    const { run } = await openBench({ maxPages: 2 });
    const { report } = await run({ roots: [site.origin], crawl: 1 });
    expect(report.documents).toMatchObject({ added: 2, skipped: 1 });
    expect(report.files).toMatchObject([{ status: "skipped", reason: expect.stringContaining("crawlMaxPages") }]);
  });

  it("refuses a private address before anything is fetched or stored", async () => {
    const site = await openSite({ "/": page("Home") });
    const { run, store } = await openBench({ allowPrivateAddresses: false });
    for (const root of [site.origin, `http://localhost:${site.port}/`, `http://[::ffff:127.0.0.1]:${site.port}/`]) {
      await expect(run({ roots: [root] }), root).rejects.toMatchObject({
        code: "address_refused",
        message: expect.stringContaining("--allow-private-addresses"),
      });
    }
    expect(site.asked).toEqual([]);
    expect(site.headersOf("/robots.txt")).toEqual({});
    expect(await store.describeCollection("default")).toBeNull();
  });

  it("refuses other schemes and credentials, and crawling without an address", async () => {
    const folder = await createFolder({ "a.md": "Text." });
    const { run } = await openBench();
    for (const root of ["ftp://example.com/a", "file:///etc/hosts", "https://anna:secret@example.com/"]) {
      await expect(run({ roots: [root] }), root).rejects.toMatchObject({
        code: "usage_invalid",
        message: expect.not.stringContaining("secret"),
      });
    }
    await expect(run({ roots: [folder.path], crawl: 1 })).rejects.toMatchObject({ code: "usage_invalid" });
  });
});
