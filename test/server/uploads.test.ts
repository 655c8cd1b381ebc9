import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, rename, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import type { SubmitDocuments } from "../../src/answering/use-cases.ts";
import type { SubmittedDocument } from "../../src/domain/ingest.ts";
import type { IngestEvent, IngestReport } from "../../src/domain/ingest.ts";
import { CitewellError } from "../../src/errors.ts";
import { createApp } from "../../src/server/create-app.ts";
import type { Upload } from "../../src/server/read-upload.ts";
import { startServer } from "../../src/server/start-server.ts";
import { createUploads } from "../../src/server/uploads.ts";
import { readSpoolFileName, spoolFileName } from "../../src/server/spool-file.ts";
import { createUploadSpool } from "../../src/server/upload-spool.ts";
import { createFolder } from "../ingest/temporary-folder.ts";
import { createFakeUseCases, fakeReport } from "./fake-use-cases.ts";
import { type JsonObject, jsonOf } from "./server-harness.ts";

const UPLOAD: Upload = {
  collection: "docs",
  documents: [
    { source: "a.md", content: "Größe\n\nzwei Zeilen", metadata: { team: "docs" } },
    { source: "b.bin", content: new Uint8Array([0, 10, 255, 10]), mediaType: "application/pdf" },
    { source: "empty.txt", content: "" },
  ],
};
const keptOf = (id: string, upload: Upload = UPLOAD, createdAt = "2026-01-01T00:00:00.000Z") => ({
  id,
  createdAt,
  upload,
});

async function openSpool() {
  const folder = join((await createFolder()).path, "uploads");
  const problems: CitewellError[] = [];
  const open = (ttlMs?: number) =>
    createUploadSpool({
      folder,
      onProblem: (error) => problems.push(error),
      ...(ttlMs === undefined ? {} : { ttlMs }),
    });
  return { folder, open, problems, files: async () => readdir(folder) };
}

/** Renames files as if a process of this number had made them, or one of another machine. */
async function disown(folder: string, from: { readonly pid?: number; readonly machine?: string }): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = readSpoolFileName(name);
    if (file === null) continue;
    const [machine, pid, random] = file.owner.split("/");
    const owner = [from.machine ?? machine, from.pid ?? pid, random].join("/");
    await rename(join(folder, name), join(folder, spoolFileName({ ...file, owner })));
  }
}

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "close");
  return child.pid ?? 0;
}

describe("kept uploads", () => {
  it("make no folder before the first one, and are readable by their owner only", async () => {
    const { folder, open } = await openSpool();
    const spool = open();
    expect(await spool.takeOver()).toEqual([]);
    await expect(stat(folder)).rejects.toMatchObject({ code: "ENOENT" });
    await spool.keep(keptOf("one"));
    const [name = ""] = await readdir(folder);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
  });

  it("are taken over as they were when they are given back, once", async () => {
    const { folder, open, files } = await openSpool();
    const [first, second, third] = [open(), open(), open()];
    const page: Upload = { collection: "web", documents: [], page: { url: "https://example.com/", source: "x" } };
    await first.keep(keptOf("one"));
    await first.keep(keptOf("two", page, "2025-01-01T00:00:00.000Z"));
    await disown(folder, { pid: process.ppid });
    expect(await second.takeOver()).toEqual([]);
    for (const name of await files()) await utimes(join(folder, name), new Date(0), new Date(0));
    const taken = (await Promise.all([second.takeOver(), third.takeOver()])).flat();
    expect(taken.toSorted((one, other) => (one.id < other.id ? -1 : 1))).toEqual([
      { ...keptOf("one"), crashes: 0, isCancelled: false },
      { ...keptOf("two", page, "2025-01-01T00:00:00.000Z"), crashes: 0, isCancelled: false },
    ]);
    expect(await second.takeOver()).toEqual([]);
  });

  it("come oldest first", async () => {
    const { folder, open } = await openSpool();
    const first = open();
    for (const [id, day] of [
      ["b", "02"],
      ["a", "03"],
      ["c", "01"],
    ] as const) {
      await first.keep(keptOf(id, UPLOAD, `2026-01-${day}T00:00:00.000Z`));
    }
    await disown(folder, { pid: await deadPid() });
    expect((await open().takeOver()).map(({ id }) => id)).toEqual(["c", "b", "a"]);
  });

  it("are taken from a dead process of this machine at once, from others when they give no sign of life", async () => {
    const { folder, open, files } = await openSpool();
    await open().keep(keptOf("dead"));
    await disown(folder, { pid: await deadPid() });
    expect(await open().takeOver()).toEqual([{ ...keptOf("dead"), crashes: 0, isCancelled: false }]);

    const far = await openSpool();
    await far.open().keep(keptOf("far"));
    await disown(far.folder, { pid: await deadPid(), machine: "elsewhere" });
    expect(await far.open().takeOver()).toEqual([]);
    const old = new Date(Date.now() - 30_000);
    for (const name of await far.files()) await utimes(join(far.folder, name), old, old);
    expect(await far.open().takeOver()).toMatchObject([{ id: "far" }]);
    expect(await files()).toHaveLength(1);
  });

  it("tell how many processes died while they ingested them, not while they waited or were given back", async () => {
    const { folder, open } = await openSpool();
    const first = open();
    await first.keep(keptOf("ingested"));
    await first.keep(keptOf("waiting", UPLOAD, "2026-01-02T00:00:00.000Z"));
    await first.begin("ingested");
    await first.begin("unknown");
    await disown(folder, { pid: await deadPid() });
    const second = open();
    const counts = [
      { id: "ingested", crashes: 1 },
      { id: "waiting", crashes: 0 },
    ];
    expect(await second.takeOver()).toMatchObject(counts);
    for (const { id } of counts) await second.begin(id);
    await second.touch();
    for (const { id } of counts) await second.release(id);
    expect(await open().takeOver()).toMatchObject(counts);
  });

  it("are taken over as cancelled ones where they were cancelled, and dropped by whoever has them then", async () => {
    const { folder, open, files } = await openSpool();
    const first = open();
    await first.keep(keptOf("one"));
    // None of these waits for the one before it.
    await Promise.all([first.begin("one"), first.cancel("one"), first.release("one"), first.drop("one")]);
    expect(await files()).toHaveLength(1);
    const second = open();
    expect(await second.takeOver()).toEqual([{ ...keptOf("one"), crashes: 0, isCancelled: true }]);
    await disown(folder, { pid: await deadPid() });
    const third = open();
    expect(await third.takeOver()).toMatchObject([{ id: "one", isCancelled: true }]);
    await third.drop("one");
    expect(await files()).toEqual([]);
  });

  it("stay with a process that gives signs of life", async () => {
    const { folder, open, files } = await openSpool();
    const spool = open();
    await spool.keep(keptOf("one"));
    const [name = ""] = await files();
    await utimes(join(folder, name), new Date(5), new Date(5));
    await spool.touch();
    expect(Date.now() - (await stat(join(folder, name))).mtimeMs).toBeLessThan(20_000);
    expect(await spool.takeOver()).toEqual([]);
    await spool.drop("one");
    expect(await files()).toEqual([]);
  });

  it("are removed with a word where they are not whole, and so is what was being written", async () => {
    const { folder, open, files, problems } = await openSpool();
    await open().keep(keptOf("one"));
    await disown(folder, { pid: await deadPid() });
    const [name = ""] = await files();
    await writeFile(join(folder, name), (await readFile(join(folder, name))).subarray(0, -1));
    await writeFile(join(folder, "x.upload.tmp"), "x");
    await utimes(join(folder, "x.upload.tmp"), new Date(5), new Date(5));
    await writeFile(join(folder, "notes.txt"), "somebody's");
    expect(await open().takeOver()).toEqual([]);
    expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining("one")]);
    expect(await files()).toEqual(["notes.txt"]);
  });

  it("are taken over where another one cannot be read, which is told", async () => {
    const { folder, open, problems } = await openSpool();
    await open().keep(keptOf("whole"));
    await mkdir(join(folder, spoolFileName({ id: "odd", crashes: 0, owner: "elsewhere/1/x", isCancelled: false })));
    await disown(folder, { pid: await deadPid() });
    const [name = ""] = (await readdir(folder)).filter((one) => one.startsWith("odd"));
    await utimes(join(folder, name), new Date(5), new Date(5));
    expect(await open().takeOver()).toMatchObject([{ id: "whole" }]);
    expect(problems).toMatchObject([{ message: expect.stringContaining("odd") }]);
  });
});

describe("uploads of a server that is stopped", () => {
  /** A server whose ingestions wait until they are let go. */
  async function serve(
    folder: string,
    isHeld: boolean,
    failures: CitewellError[] = [],
    withdrawFailures: CitewellError[] = [],
  ) {
    const seen: (readonly SubmittedDocument[])[] = [];
    const times: (number | undefined)[] = [];
    const withdrawn: string[] = [];
    const began = Promise.withResolvers<void>();
    async function* submit({
      collection = "default",
      documents,
      acceptedAt,
      signal,
      cancel,
    }: Parameters<SubmitDocuments>[0]): AsyncGenerator<IngestEvent, IngestReport> {
      const withdraw = (): never => {
        const failure = withdrawFailures.shift();
        if (failure !== undefined) throw failure;
        withdrawn.push(...documents.map(({ source }) => source));
        throw cancel?.reason;
      };
      if (cancel?.aborted === true) withdraw();
      seen.push(documents);
      times.push(acceptedAt);
      began.resolve();
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      yield { type: "file-start", source: "a.md" };
      if (isHeld) {
        await new Promise((_, reject) => {
          signal?.addEventListener("abort", () => reject(signal.reason));
          cancel?.addEventListener("abort", () => reject(cancel.reason));
        }).catch((error: unknown) => {
          if (cancel?.aborted === true) withdraw();
          throw error;
        });
      }
      return fakeReport(collection, documents.length);
    }
    const useCases = createFakeUseCases({ submitDocuments: submit });
    const spool = createUploadSpool({
      folder,
      onProblem: (error) => {
        throw error;
      },
    });
    const uploads = createUploads({ useCases, spool, lookMs: 20 });
    const app = createApp({ useCases, uploads, apiKeys: [] });
    const server = await startServer({
      app,
      host: "127.0.0.1",
      port: 0,
      drainMs: 1,
      background: (bindings) => void uploads.resume(bindings),
    });
    const job = async (id: string): Promise<JsonObject> => jsonOf(await fetch(`${server.url}/v1/jobs/${id}`));
    const ended = async (id: string) => {
      for (;;) {
        const now = await job(id).catch(() => null);
        if (now !== null && ["done", "failed"].includes(String(now["state"]))) return now;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    return { server, seen, times, withdrawn, began: began.promise, job, ended };
  }

  async function send(url: string, source: string): Promise<string> {
    const form = new FormData();
    form.append("files", new File(["# One\n\nText."], source, { type: "text/markdown" }));
    form.append("metadata", JSON.stringify({ team: "docs" }));
    const reply = await fetch(`${url}/v1/documents`, { method: "POST", body: form });
    expect(reply.status).toBe(202);
    return String((await jsonOf(reply))["jobId"]);
  }

  it("are finished by the next one under the same job, running and waiting ones", async () => {
    const folder = join((await createFolder()).path, "uploads");
    const first = await serve(folder, true);
    const ids = [await send(first.server.url, "a.md"), await send(first.server.url, "b.md")];
    await first.began;
    await first.server.close();
    expect(await readdir(folder)).toHaveLength(2);

    const second = await serve(folder, false);
    for (const id of ids) expect(await second.ended(id)).toMatchObject({ state: "done", error: null });
    expect(second.seen).toEqual([
      [{ source: "a.md", content: expect.any(Uint8Array), mediaType: "text/markdown", metadata: { team: "docs" } }],
      [{ source: "b.md", content: expect.any(Uint8Array), mediaType: "text/markdown", metadata: { team: "docs" } }],
    ]);
    await second.server.close();
    expect(await readdir(folder)).toEqual([]);
  });

  it("are not left to the next one when they were cancelled, running or waiting", async () => {
    const folder = join((await createFolder()).path, "uploads");
    const { server, began, seen, withdrawn, ended } = await serve(folder, true);
    const ids = [await send(server.url, "a.md"), await send(server.url, "b.md")];
    await began;
    for (const id of ids.toReversed()) {
      expect((await fetch(`${server.url}/v1/jobs/${id}`, { method: "DELETE" })).status).toBe(204);
    }
    for (const id of ids) expect(await ended(id)).toMatchObject({ state: "failed", error: { code: "job_cancelled" } });
    await server.close();
    expect(await readdir(folder)).toEqual([]);
    expect(seen).toHaveLength(1);
    expect(withdrawn).toEqual(["a.md"]);
  });

  it("are known by their jobs while the next one still reads them", async () => {
    const { folder, open } = await openSpool();
    await open().keep(keptOf("left"));
    await disown(folder, { pid: await deadPid() });
    const slow = open();
    const read = Promise.withResolvers<void>();
    const spool = { ...slow, takeOver: async () => read.promise.then(async () => slow.takeOver()) };
    const uploads = createUploads({ useCases: createFakeUseCases(), spool });
    const shutdown = new AbortController();
    const resumed = uploads.resume({ shutdown: shutdown.signal });
    const found = uploads.find("left");
    const cancelled = uploads.cancel("left");
    read.resolve();
    expect((await found)?.id).toBe("left");
    expect(await cancelled).toBe(true);
    expect(await uploads.find("another")).toBeUndefined();
    await resumed;
    shutdown.abort();
  });

  it("are taken back by the next one where the server died after they were cancelled", async () => {
    const { folder, open, files } = await openSpool();
    const spool = open();
    await spool.keep(keptOf("cancelled"));
    await spool.begin("cancelled");
    await spool.cancel("cancelled");
    await disown(folder, { pid: await deadPid() });
    const { server, seen, withdrawn, ended } = await serve(folder, false);
    expect(await ended("cancelled")).toMatchObject({ state: "failed", error: { code: "job_cancelled" } });
    while ((await files()).length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await server.close();
    expect(seen).toEqual([]);
    expect(withdrawn).toEqual(["a.md", "b.bin", "empty.txt"]);
  });

  it("are taken back as soon as the store is there, where it was not when they were cancelled", async () => {
    const folder = join((await createFolder()).path, "uploads");
    const down = new CitewellError("store_unavailable", "Nobody listens.", { retryable: true });
    const { server, began, seen, withdrawn, ended } = await serve(folder, true, [], [down, down]);
    const id = await send(server.url, "a.md");
    await began;
    expect((await fetch(`${server.url}/v1/jobs/${id}`, { method: "DELETE" })).status).toBe(204);
    expect(await ended(id)).toMatchObject({ state: "failed", error: { code: "job_cancelled" } });
    while ((await readdir(folder)).length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await server.close();
    expect(seen).toHaveLength(1);
    expect(withdrawn).toEqual(["a.md"]);
  });

  it("say when they were accepted, also when they are gone on with", async () => {
    const folder = join((await createFolder()).path, "uploads");
    const first = await serve(folder, true);
    const id = await send(first.server.url, "a.md");
    await first.began;
    const accepted = Date.parse(String((await first.job(id))["createdAt"]));
    expect(first.times).toEqual([accepted]);
    await first.server.close();
    const second = await serve(folder, false);
    await second.ended(id);
    expect(second.times).toEqual([accepted]);
    await second.server.close();
  });

  it("are tried until the store is there, and given up for what does not pass", async () => {
    const folder = join((await createFolder()).path, "uploads");
    const first = await serve(folder, true);
    const id = await send(first.server.url, "a.md");
    await first.began;
    await first.server.close();
    const down = new CitewellError("store_unavailable", "Nobody listens.", { retryable: true });
    const second = await serve(folder, true, [down, down]);
    while (second.seen.length < 3) await new Promise((resolve) => setTimeout(resolve, 10));
    await second.server.close();
    expect(await readdir(folder)).toHaveLength(1);

    const gone = new CitewellError("page_unavailable", "Nothing is there.", { retryable: true });
    const third = await serve(folder, false, [gone]);
    expect(await third.ended(id)).toMatchObject({ state: "failed", error: { detail: "Nothing is there." } });
    await third.server.close();
    expect(await readdir(folder)).toEqual([]);
  });

  it("are not kept once they are done", async () => {
    const folder = join((await createFolder()).path, "uploads");
    const { server, ended } = await serve(folder, false);
    await ended(await send(server.url, "a.md"));
    await server.close();
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    { crashes: 4, sources: ["a.md", "b.bin", "empty.txt"] },
    { crashes: 5, sources: [] },
  ])("are left alone where they ended the server $crashes times, and taken back once", async ({ crashes, sources }) => {
    const { folder, open, files } = await openSpool();
    await open().keep(keptOf("bad"));
    await disown(folder, { pid: await deadPid() });
    for (const name of await files())
      await rename(join(folder, name), join(folder, name.replace(".0.", `.${crashes}.`)));
    const { server, seen, withdrawn, ended } = await serve(folder, false);
    const job = await ended("bad");
    expect(job).toMatchObject({
      state: "failed",
      error: { detail: expect.stringContaining(`ended ${crashes} times`) },
    });
    expect(seen).toEqual([]);
    expect(withdrawn).toEqual(sources);
    await server.close();
    expect(await files()).toEqual([]);
  });

  it("are not given up for having waited while others were ingested", async () => {
    const { folder, open, files } = await openSpool();
    const spool = open();
    await spool.keep(keptOf("waiting"));
    for (let kills = 0; kills < 5; kills += 1) {
      await disown(folder, { pid: await deadPid() });
      expect(await open().takeOver()).toHaveLength(1);
    }
    await disown(folder, { pid: await deadPid() });
    const { server, ended } = await serve(folder, false);
    expect(await ended("waiting")).toMatchObject({ state: "done" });
    await server.close();
    expect(await files()).toEqual([]);
  });

  it("are marked while they are ingested, and kept without the mark when the server stops", async () => {
    const folder = join((await createFolder()).path, "uploads");
    const { server, began } = await serve(folder, true);
    await send(server.url, "a.md");
    await began;
    const marks = async () => (await readdir(folder)).map((name) => readSpoolFileName(name)?.crashes);
    expect(await marks()).toEqual([1]);
    await server.close();
    expect(await marks()).toEqual([0]);
  });

  it("are ingested also where they cannot be kept", async () => {
    const { path } = await createFolder({ uploads: "a file in the way" });
    const { server, ended } = await serve(join(path, "uploads"), false);
    expect(await ended(await send(server.url, "a.md"))).toMatchObject({ state: "done" });
    await server.close();
  });
});

describe("uploads of a server with a log", () => {
  it("say how large they are, and why they failed", async () => {
    const lines: JsonObject[] = [];
    const logger = pino({ level: "info" }, { write: (line: string) => void lines.push(JSON.parse(line)) });
    const useCases = createFakeUseCases({
      async *submitDocuments() {
        yield { type: "file-start", source: "a.md" };
        throw new CitewellError("store_unavailable", "The store is down.");
      },
    });
    const uploads = createUploads({ useCases, logger });
    const { job, ended } = await uploads.accept(UPLOAD, { signal: undefined, requestId: "r-1" });
    expect(job.progress).toMatchObject({ filesTotal: 3, bytesTotal: 24 });
    await ended;
    expect(lines).toMatchObject([{ msg: "ingestion failed", requestId: "r-1", jobId: job.id, level: 50 }]);
    expect(JSON.stringify(lines)).toContain("The store is down.");
  });
});
