import { describe, expect, it, onTestFinished } from "vitest";
import { checkWebAddress, createSubmitPage } from "../../../ingest/web/submit-page.ts";
import type { SubmitPageRequest } from "../../../src/domain/ingest.ts";
import { runToEnd } from "../../../src/domain/run-to-end.ts";
import { createHashingEmbedder } from "../../../src/embedding/hashing-embedder.ts";
import { openEmbeddedStore } from "../../../src/store/embedded/embedded-store.ts";
import { openSite, page } from "./open-site.ts";

async function openBench({ allowPrivateAddresses = true } = {}) {
  const store = await openEmbeddedStore({ file: ":memory:" });
  onTestFinished(async () => store.close());
  const web = { allowPrivateAddresses, delayMs: 0, timeoutMs: 5_000 };
  const submit = createSubmitPage({
    store,
    embedder: createHashingEmbedder({ dimensions: 16 }),
    web,
    maxFileBytes: 5_000,
  });
  const run = async (request: SubmitPageRequest) => {
    return runToEnd(submit(request));
  };
  return { run, list: async () => (await store.listDocuments("default", { limit: 10 })).documents };
}

describe("submitting a page", () => {
  it("stores it among the uploads under its address, or under the name it is given", async () => {
    const site = await openSite({ "/a": page("A"), "/b": page("B") });
    const { run, list } = await openBench();
    expect((await run({ url: `${site.origin}/a#part` })).documents.added).toBe(1);
    await run({ url: `${site.origin}/b`, source: "notes/b" });
    expect((await list()).map(({ root, source, title, language }) => ({ root, source, title, language }))).toEqual([
      { root: "uploads", source: `${site.origin}/a`, title: "A", language: "html" },
      { root: "uploads", source: "notes/b", title: "B", language: "html" },
    ]);
  });

  it("embeds nothing when the page is the same, and replaces it when it is not", async () => {
    const site = await openSite({ "/a": page("A") });
    const { run, list } = await openBench();
    await run({ url: `${site.origin}/a` });
    expect(await run({ url: `${site.origin}/a` })).toMatchObject({
      documents: { unchanged: 1 },
      chunks: { embedded: 0 },
    });
    site.pages.set("/a", page("New"));
    expect((await run({ url: `${site.origin}/a` })).documents.changed).toBe(1);
    expect(await list()).toMatchObject([{ title: "New" }]);
  });

  it.each([
    ["missing", { status: 404 }, /HTTP 404/, false],
    ["broken", { status: 500 }, /HTTP 500/, true],
    ["large", "x".repeat(5_001), /maxFileBytes/, false],
    ["picture", { headers: { "content-type": "image/png" } }, /image\/png/, false],
  ])("says why there is no page: %s", async (_name, answer, reason, retryable) => {
    const site = await openSite({ "/a": answer });
    const { run } = await openBench();
    await expect(run({ url: `${site.origin}/a` })).rejects.toMatchObject({
      code: "page_unavailable",
      message: expect.stringMatching(reason),
      retryable,
    });
  });

  it("refuses a private address, and checks it without asking the server", async () => {
    const site = await openSite({ "/a": page("A") });
    const { run } = await openBench({ allowPrivateAddresses: false });
    const url = `${site.origin}/a`;
    const refused = { code: "address_refused", message: expect.stringContaining("allowPrivateAddresses") };
    await expect(run({ url })).rejects.toMatchObject(refused);
    await expect(checkWebAddress(url)).rejects.toMatchObject(refused);
    await checkWebAddress(url, { allowPrivateAddresses: true });
    await expect(checkWebAddress("file:///etc/passwd")).rejects.toMatchObject({ code: "usage_invalid" });
    expect(site.asked).toEqual([]);
  });
});
