import { describe, expect, it, onTestFinished } from "vitest";
import type { IngestEvent, IngestOptions, IngestReport } from "../../../src/domain/ingest.ts";
import { createBackgroundSyncs } from "../../../src/mcp/refresh/background-sync.ts";
import { createIndexRefresher } from "../../../src/mcp/refresh/refresh-index.ts";
import { createFakeUseCases, fakeReport } from "../../server/fake-use-cases.ts";
import { connectClient, textOf } from "../connect-client.ts";

const PROGRESS = {
  type: "progress",
  filesDone: 3,
  filesTotal: 10,
  bytesDone: 30,
  bytesTotal: 100,
  chunksDone: 3,
  tokensDone: 9,
} as const;

/** Ingestions that go on until they are let go. */
function heldIngestions(failure?: Error) {
  const gate = Promise.withResolvers<void>();
  const seen: IngestOptions[] = [];
  const stopped: unknown[] = [];
  async function* ingestRoots(options: IngestOptions): AsyncGenerator<IngestEvent, IngestReport> {
    seen.push(options);
    yield PROGRESS;
    try {
      await new Promise<void>((resolve, reject) => {
        void gate.promise.then(resolve);
        options.signal?.addEventListener("abort", () => reject(options.signal?.reason));
      });
    } catch (error) {
      stopped.push(error);
      throw error;
    }
    if (failure !== undefined) throw failure;
    const files = [{ root: "/project", source: "a.bin", status: "failed", reason: "it is locked" } as const];
    const report = { ...fakeReport(options.collection, 2), files };
    yield { type: "ingest-end", report };
    return report;
  }
  const useCases = createFakeUseCases({ ingestRoots });
  const refresher = createIndexRefresher({ useCases, enabled: false });
  const open = (waitMs: number) => {
    const syncs = createBackgroundSyncs({ useCases, refresher, waitMs });
    onTestFinished(async () => syncs.close());
    return syncs;
  };
  return { open, seen, stopped, release: gate.resolve };
}

const REQUEST = { collection: "default", roots: ["/project"], force: false };
const call = (signal = new AbortController().signal) => ({ signal, onProgress: () => undefined });
/** Longer than any test. */
const LONG = 600_000;

describe("synchronisations in the background", () => {
  it("answer before a client gives up, go on, and are joined by the same request", async () => {
    const { open, seen, release } = heldIngestions();
    const syncs = open(5);
    expect(await syncs.run(REQUEST, call())).toMatchObject({
      type: "running",
      far: expect.stringContaining("3 of 10"),
    });
    expect(syncs.describe("default")).toMatch(/at work .*30 %, 3 of 10 files/);
    expect(syncs.describe("other")).toBeNull();
    expect(await syncs.run(REQUEST, call())).toMatchObject({ type: "running" });
    expect(seen).toMatchObject([{ ...REQUEST, wordsFirst: true }]);
    release();
    await expect.poll(() => syncs.describe("default")).toBeNull();
    expect(syncs.describeLast("default")).toBe(
      "The last sync_index is done: 2 added. Problems: failed: a.bin (it is locked).",
    );
  });

  it("tell a call that waits how it ends, and nobody else", async () => {
    const { open, release } = heldIngestions();
    const syncs = open(LONG);
    const waiting = syncs.run(REQUEST, call());
    release();
    expect(await waiting).toMatchObject({ type: "done", report: { documents: { added: 2 } } });
    expect([syncs.describe("default"), syncs.describeLast("default")]).toEqual([null, null]);
  });

  it("keep an error for whoever asks next", async () => {
    const { open, release } = heldIngestions(new Error("The disk is full."));
    const syncs = open(5);
    await syncs.run(REQUEST, call());
    release();
    await expect.poll(() => syncs.describeLast("default")).toBe("The last sync_index failed: The disk is full.");
    await expect(open(LONG).run(REQUEST, call())).rejects.toThrow("The disk is full.");
  });

  it("stop where the only call that waits is cancelled, and go on where it was told that they do", async () => {
    const { open, stopped } = heldIngestions();
    const cancelled = new AbortController();
    const syncs = open(LONG);
    const [one, other] = [syncs.run(REQUEST, call(cancelled.signal)), syncs.run(REQUEST, call())];
    cancelled.abort(new Error("cancelled"));
    await expect(one).rejects.toThrow("cancelled");
    expect(stopped).toEqual([]);
    await syncs.close();
    await expect(other).rejects.toThrow("The server ends.");
    expect(stopped).toHaveLength(1);

    const alone = open(LONG);
    const third = new AbortController();
    const only = alone.run(REQUEST, call(third.signal));
    await expect.poll(() => alone.describe("default")).toMatch(/30 %/);
    third.abort(new Error("cancelled too"));
    await expect(only).rejects.toThrow("cancelled too");
    expect(stopped).toHaveLength(2);
    expect(alone.describe("default")).toBeNull();

    const left = open(5);
    await left.run(REQUEST, call());
    const late = new AbortController();
    const again = left.run(REQUEST, call(late.signal));
    late.abort(new Error("late"));
    await expect(again).rejects.toThrow("late");
    expect(left.describe("default")).not.toBeNull();
  });
});

describe("sync_index", () => {
  it("says that it goes on, and index_status and searches say how far it is and how it ended", async () => {
    const { open, release } = heldIngestions();
    const client = await connectClient({ syncs: open(5) });
    const running = await client.callTool({ name: "sync_index", arguments: { paths: ["."] } });
    expect(running.structuredContent).toMatchObject({ state: "running", documents: {}, roots: ["/project"] });
    expect(textOf(running)).toMatch(/still running \(30 %, 3 of 10 files.*index_status says how far/);
    const status = await client.callTool({ name: "index_status", arguments: {} });
    expect(textOf(status)).toContain("sync_index is at work on this collection (30 %, 3 of 10 files");
    const search = await client.callTool({ name: "search_docs", arguments: { query: "install" } });
    expect(textOf(search)).toContain("sync_index is at work");
    release();
    await expect
      .poll(async () => textOf(await client.callTool({ name: "index_status", arguments: {} })))
      .toContain("The last sync_index is done: 2 added. Problems: failed: a.bin (it is locked).");
    const done = await client.callTool({ name: "sync_index", arguments: { paths: ["."] } });
    expect(done.structuredContent).toMatchObject({ state: "done", documents: { added: 2 } });
    expect(textOf(done)).toContain("The last sync_index is done");
  });
});
