import { describe, expect, it } from "vitest";
import type { SubmittedDocument } from "../../src/domain/ingest.ts";
import type { IngestEvent, IngestReport } from "../../src/domain/ingest.ts";
import { CitewellError } from "../../src/errors.ts";
import { COLLECTION, createFakeUseCases, DOCUMENT, DOCUMENT_TEXT, fakeReport } from "./fake-use-cases.ts";
import { asList, createHarness, jsonOf, type Harness, type JsonObject } from "./server-harness.ts";

describe("documents", () => {
  it("lists documents with what the listing promises", async () => {
    const body = await jsonOf(await createHarness().get("/v1/documents?limit=10"));
    const { id, root, source, title, mediaType, language, bytes, chunks, ingestedAt } = DOCUMENT;
    const fields = { id, root, source, title, mediaType, language, bytes, chunks, ingestedAt };
    expect(body).toEqual({
      documents: [{ ...fields, metadata: { team: "docs" }, state: "complete" }],
      nextCursor: null,
    });
  });

  it("tells a document that is not stored as a whole", async () => {
    const fakes = createFakeUseCases();
    const document = { ...DOCUMENT, contentHash: "", chunks: 0 };
    const documents = {
      ...fakes.documents,
      list: async () => ({ documents: [document], nextCursor: null }),
      get: async () => ({ document, text: "", chunks: [] }),
    };
    const harness = createHarness({ useCases: { ...fakes, documents } });
    const [listed] = asList((await jsonOf(await harness.get("/v1/documents")))["documents"]);
    expect(listed).toMatchObject({ chunks: 0, state: "incomplete" });
    expect(await jsonOf(await harness.get(`/v1/documents/${DOCUMENT.id}`))).toMatchObject({ state: "incomplete" });
  });

  it("hands collection, limit and cursor on", async () => {
    const seen: unknown[] = [];
    const fakes = createFakeUseCases();
    const harness = createHarness({
      useCases: {
        ...fakes,
        documents: {
          ...fakes.documents,
          list: async ({ collection, limit, cursor }) => {
            seen.push({ collection, limit, cursor });
            return { documents: [], nextCursor: "next" };
          },
        },
      },
    });
    const body = await jsonOf(await harness.get("/v1/documents?collection=c&limit=5&cursor=abc"));
    expect(seen).toEqual([{ collection: "c", limit: 5, cursor: "abc" }]);
    expect(body["nextCursor"]).toBe("next");
  });

  it.each(["limit=0", "limit=1001", "limit=many", "colection=x"])("refuses ?%s", async (query) => {
    expect((await createHarness().get(`/v1/documents?${query}`)).status).toBe(400);
  });

  it("reads a document with its text", async () => {
    const body = await jsonOf(await createHarness().get(`/v1/documents/${DOCUMENT.id}`));
    expect(body).toMatchObject({
      id: DOCUMENT.id,
      source: DOCUMENT.source,
      text: DOCUMENT_TEXT,
      pages: [],
      chunks: [],
    });
  });

  it("removes a document, and answers 404 for an unknown one", async () => {
    const harness = createHarness();
    expect((await harness.send(`/v1/documents/${DOCUMENT.id}`, { method: "DELETE" })).status).toBe(204);
    const missing = await harness.send("/v1/documents/nope", { method: "DELETE" });
    expect(missing.status).toBe(404);
    const detail = expect.stringContaining('in the collection "default"');
    expect(await jsonOf(missing)).toMatchObject({ code: "document_missing", detail });
    expect((await harness.get("/v1/documents/nope")).status).toBe(404);
  });
});

describe("POST /v1/documents", () => {
  function recording(): { readonly harness: Harness; readonly seen: SubmittedDocument[] } {
    const seen: SubmittedDocument[] = [];
    const fakes = createFakeUseCases();
    const harness = createHarness({
      useCases: {
        ...fakes,
        submitDocuments: (request) => {
          seen.push(...request.documents);
          return fakes.submitDocuments(request);
        },
      },
    });
    return { harness, seen };
  }

  it("takes files as a form and reports the job", async () => {
    const { harness, seen } = recording();
    const form = new FormData();
    form.append("files", new File(["# One"], "notes/one.md", { type: "text/markdown" }));
    form.append("files", new File([new Uint8Array([1, 2])], "two.pdf"));
    form.append("collection", "uploads");
    const response = await harness.send("/v1/documents", { method: "POST", body: form });
    expect(response.status).toBe(202);
    const { jobId } = await jsonOf(response);
    expect(response.headers.get("location")).toBe(`/v1/jobs/${String(jobId)}`);
    const job = await endedJob(harness, String(jobId));
    expect(job).toMatchObject({ state: "done", collection: "uploads", report: fakeReport("uploads", 2), error: null });
    expect(job["progress"]).toMatchObject({ filesDone: 2, filesTotal: 2 });
    expect(seen).toEqual([
      { source: "notes/one.md", content: new TextEncoder().encode("# One"), mediaType: "text/markdown" },
      { source: "two.pdf", content: new Uint8Array([1, 2]) },
    ]);
  });

  it("names the job below the server's public address", async () => {
    const harness = createHarness({ publicUrl: "https://docs.example/citewell/" });
    const response = await harness.post("/v1/documents", { source: "a.md", text: "A" });
    const { jobId } = await jsonOf(response);
    expect(response.headers.get("location")).toBe(`/citewell/v1/jobs/${String(jobId)}`);
  });

  it("takes the same name from every system, though macOS writes letters and their marks apart", async () => {
    const { harness, seen } = recording();
    const form = new FormData();
    form.append("files", new File(["# One"], "Übung.md".normalize("NFD")));
    const response = await harness.send("/v1/documents", { method: "POST", body: form });
    await endedJob(harness, String((await jsonOf(response))["jobId"]));
    expect(seen).toMatchObject([{ source: "Übung.md" }]);
  });

  it("takes one text as JSON, with metadata and without", async () => {
    const { harness, seen } = recording();
    const metadata = { by: "me", year: 2025, tags: ["a"] };
    for (const body of [
      { source: "a.md", text: "Hello", metadata },
      { source: "b.md", text: "Bye" },
    ]) {
      const response = await harness.post("/v1/documents", body);
      expect(response.status).toBe(202);
      await endedJob(harness, String((await jsonOf(response))["jobId"]));
    }
    expect(seen).toEqual([
      { source: "a.md", content: "Hello", metadata },
      { source: "b.md", content: "Bye" },
    ]);
  });

  it("takes metadata for all files of a form", async () => {
    const { harness, seen } = recording();
    const form = new FormData();
    form.append("files", new File(["# One"], "one.md"));
    form.append("metadata", '{"team": "docs"}');
    form.append("files", new File(["# Two"], "two.md"));
    const response = await harness.send("/v1/documents", { method: "POST", body: form });
    await endedJob(harness, String((await jsonOf(response))["jobId"]));
    expect(seen.map(({ source, metadata }) => [source, metadata])).toEqual([
      ["one.md", { team: "docs" }],
      ["two.md", { team: "docs" }],
    ]);
  });

  it.each([
    [["{team: docs}"], /not well-formed JSON/],
    [['"docs"'], /Metadata is an object/],
    [['{"team": {}}'], /"team" is an object/],
    [["{}", "{}"], /twice/],
  ])("refuses a form with the metadata %j", async (values, sentence) => {
    const form = new FormData();
    form.append("files", new File(["# One"], "one.md"));
    for (const value of values) form.append("metadata", value);
    const response = await createHarness().send("/v1/documents", { method: "POST", body: form });
    expect(response.status).toBe(400);
    expect(await jsonOf(response)).toMatchObject({
      code: "usage_invalid",
      errors: [{ path: "metadata", message: expect.stringMatching(sentence) }],
    });
  });

  it("takes the address of a page, with or without a name for it", async () => {
    const fakes = createFakeUseCases();
    const seen: unknown[] = [];
    const submit: typeof fakes.pages.submit = ({ signal, cancel, acceptedAt, ...request }) => {
      expect(signal === undefined || signal instanceof AbortSignal).toBe(true);
      expect(cancel).toBeInstanceOf(AbortSignal);
      expect(acceptedAt).toBeGreaterThan(0);
      seen.push(request);
      return fakes.pages.submit(request);
    };
    const harness = createHarness({ useCases: { ...fakes, pages: { ...fakes.pages, submit } } });
    const url = "https://example.org/a";
    for (const body of [{ url }, { url, source: "a.html", collection: "web", metadata: { team: "docs" } }]) {
      const response = await harness.post("/v1/documents", body);
      expect(response.status).toBe(202);
      const job = await endedJob(harness, String((await jsonOf(response))["jobId"]));
      expect(job).toMatchObject({ state: "done", progress: { filesDone: 1, filesTotal: 1 } });
    }
    expect(seen).toEqual([
      { collection: "default", url },
      { collection: "web", url, source: "a.html", metadata: { team: "docs" } },
    ]);
  });

  it("refuses an address before there is a job", async () => {
    const response = await createHarness().post("/v1/documents", { url: "http://127.0.0.1/" });
    expect(response.status).toBe(403);
    expect(await jsonOf(response)).toMatchObject({ code: "address_refused" });
    expect(response.headers.get("location")).toBeNull();
  });

  it.each([
    [{ source: "a.md" }, "text"],
    [{ text: "x", url: "https://example.org" }, "url"],
    [{ mediaType: "text/plain", url: "https://example.org" }, "mediaType"],
    [{ source: "../a", url: "https://example.org" }, "source"],
    [{ text: "x" }, "source"],
    [{ source: "../a.md", text: "x" }, "source"],
    [{ source: "/etc/passwd", text: "x" }, "source"],
    [{ source: "a.md", text: "x", titel: "y" }, "titel"],
    [{ source: "a.md", text: "x", metadata: { year: null } }, "metadata"],
    [{ url: "https://example.org", metadata: ["docs"] }, "metadata"],
  ])("refuses %j", async (body, path) => {
    const response = await createHarness().post("/v1/documents", body);
    expect(response.status).toBe(400);
    expect(await jsonOf(response)).toMatchObject({ code: "usage_invalid", errors: [{ path }] });
  });

  it("refuses a form without files, with unknown fields, or with a file or a collection twice", async () => {
    const harness = createHarness();
    const post = async (fill: (form: FormData) => void): Promise<number> => {
      const form = new FormData();
      fill(form);
      return (await harness.send("/v1/documents", { method: "POST", body: form })).status;
    };
    expect(await post((form) => form.append("collection", "x"))).toBe(400);
    expect(await post((form) => form.append("picture", new File(["x"], "a.txt")))).toBe(400);
    const twice = (form: FormData): void => {
      form.append("files", new File(["x"], "a.txt"));
      form.append("files", new File(["y"], "a.txt"));
    };
    expect(await post(twice)).toBe(400);
    const inTwo = (form: FormData): void => {
      form.append("files", new File(["x"], "a.txt"));
      form.append("collection", "one");
      form.append("collection", "two");
    };
    expect(await post(inTwo)).toBe(400);
  });

  it("refuses a form of more parts than are read, wherever their delimiters are broken in two", async () => {
    const part = (name: string): string =>
      `--border\r\nContent-Disposition: form-data; name="files"; filename="${name}"\r\n\r\nx\r\n`;
    const post = async (parts: number): Promise<Response> => {
      const bytes = Buffer.from(`${Array.from({ length: parts }, (_, at) => part(`${at}.md`)).join("")}--border--\r\n`);
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          for (let at = 0; at < bytes.length; at += 50) controller.enqueue(bytes.subarray(at, at + 50));
          controller.close();
        },
      });
      const headers = { "content-type": "multipart/form-data; boundary=border" };
      return createHarness().send("/v1/documents", { method: "POST", headers, body, duplex: "half" });
    };
    const response = await post(10_001);
    expect(response.status).toBe(400);
    expect(await jsonOf(response)).toMatchObject({
      code: "usage_invalid",
      detail: expect.stringMatching(/10000 parts/),
    });
    expect((await post(10_000)).status).toBe(202);
  });

  it("shows why a job failed, without what is not for others", async () => {
    const fakes = createFakeUseCases();
    const failing = (error: Error): Harness =>
      createHarness({
        useCases: {
          ...fakes,
          // eslint-disable-next-line require-yield
          async *submitDocuments(): AsyncGenerator<IngestEvent, IngestReport> {
            throw error;
          },
        },
      });
    const known = failing(new CitewellError("store_full", "The disk is full; make room."));
    const { jobId } = await jsonOf(await known.post("/v1/documents", { source: "a.md", text: "x" }));
    const job = await endedJob(known, String(jobId));
    expect(job).toMatchObject({
      state: "failed",
      error: { code: "store_full", detail: "The disk is full; make room." },
    });

    const unknown = failing(new Error("password hunter2"));
    const second = await jsonOf(await unknown.post("/v1/documents", { source: "a.md", text: "x" }));
    expect(JSON.stringify(await endedJob(unknown, String(second["jobId"])))).not.toContain("hunter2");
  });

  it("answers 404 for an unknown job", async () => {
    const harness = createHarness();
    for (const response of [
      await harness.get("/v1/jobs/nope"),
      await harness.send("/v1/jobs/nope", { method: "DELETE" }),
    ]) {
      expect(response.status).toBe(404);
      expect(await jsonOf(response)).toMatchObject({ code: "job_missing" });
    }
  });

  it("leaves an ended job as it is when it is cancelled", async () => {
    const harness = createHarness();
    const { jobId } = await jsonOf(await harness.post("/v1/documents", { source: "a.md", text: "x" }));
    const before = await endedJob(harness, String(jobId));
    expect((await harness.send(`/v1/jobs/${String(jobId)}`, { method: "DELETE" })).status).toBe(204);
    expect(await jsonOf(await harness.get(`/v1/jobs/${String(jobId)}`))).toEqual(before);
  });

  it("passes on what listed documents are looked for by", async () => {
    const { documents } = createFakeUseCases();
    const seen: unknown[] = [];
    const harness = createHarness({
      useCases: {
        ...createFakeUseCases(),
        documents: {
          ...documents,
          list: async ({ search }) => {
            seen.push(search);
            return { documents: [], nextCursor: null };
          },
        },
      },
    });
    expect((await harness.get("/v1/documents?search=lease")).status).toBe(200);
    expect(seen).toEqual(["lease"]);
  });
});

describe("collections", () => {
  it("lists, makes and deletes", async () => {
    const harness = createHarness();
    expect(await jsonOf(await harness.get("/v1/collections"))).toEqual({ collections: [COLLECTION] });
    const made = await harness.post("/v1/collections", { name: "handbook" });
    expect(made.status).toBe(201);
    expect(await jsonOf(made)).toMatchObject({ name: "handbook", documents: 0 });
    expect((await harness.send("/v1/collections/default", { method: "DELETE" })).status).toBe(204);
    expect((await harness.send("/v1/collections/nope", { method: "DELETE" })).status).toBe(404);
  });

  it("says that a name is taken", async () => {
    const response = await createHarness().post("/v1/collections", { name: "default" });
    expect(response.status).toBe(409);
    expect(await jsonOf(response)).toMatchObject({ code: "collection_exists" });
  });
});

async function endedJob(harness: Harness, id: string): Promise<JsonObject> {
  for (;;) {
    const job = await jsonOf(await harness.get(`/v1/jobs/${id}`));
    if (job["endedAt"] !== null) return job;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
