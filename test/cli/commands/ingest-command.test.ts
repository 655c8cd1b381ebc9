import { describe, expect, it } from "vitest";
import type { UseCases } from "../../../src/answering/use-cases.ts";
import type {
  FileReport,
  IngestEvent,
  IngestOptions,
  IngestReport,
  PlannedFile,
  WatchEvent,
} from "../../../src/domain/ingest.ts";
import { CitewellError } from "../../../src/errors.ts";
import { createReport, runProgram } from "../run-program.ts";

function ingesting(report: IngestReport = createReport(), events: readonly IngestEvent[] = []) {
  const requests: IngestOptions[] = [];
  const ingestRoots: UseCases["ingestRoots"] = async function* (options) {
    requests.push(options);
    yield* events;
    yield { type: "ingest-end", report };
    return report;
  };
  return { requests, useCases: { ingestRoots } };
}

const file = (changes: Partial<FileReport>): FileReport => ({
  root: "/project/docs",
  source: "a.bin",
  status: "skipped",
  reason: "is not text",
  ...changes,
});

const progress = (filesDone: number): Extract<IngestEvent, { type: "progress" }> => ({
  type: "progress",
  filesDone,
  filesTotal: 40,
  bytesDone: filesDone * 1_000,
  bytesTotal: 40_000,
  chunksDone: filesDone * 10,
  tokensDone: filesDone * 1_000,
});

/** A clock that moves on by `step` milliseconds whenever it is asked. */
function clock(step: number): () => number {
  let time = 0;
  return () => (time += step);
}

describe("ingest", () => {
  it("prints a summary", async () => {
    const run = await runProgram(["ingest", "docs"], ingesting());
    expect(run).toMatchObject({ exitCode: 0, stderr: "" });
    expect(run.stdout).toBe(
      [
        "Collection default, store embedded, model all-MiniLM-L6-v2",
        "  Documents  2 added, 1 changed, 30 unchanged, 0 removed, 0 skipped, 0 failed",
        "  Chunks     12 embedded, 300 reused, 1 deleted, 312 in total",
        "  Time       2.0 s, 900 tokens/s, 6 chunks/s",
        "",
      ].join("\n"),
    );
  });

  it("hands roots, flags and settings on", async () => {
    const { requests, useCases } = ingesting();
    const cut = ["--chunker", "token", "--chunk-tokens", "200", "--chunk-overlap", "20"];
    const take = ["--include", "**/*.md", "--include", "*.{ts,js}", "--exclude", "old/**"];
    await runProgram(
      ["ingest", "docs", "src", ...cut, ...take, "--force", "--reread", "--no-delete", "--words-first"],
      {
        useCases,
      },
    );
    expect(requests).toEqual([
      {
        collection: "default",
        roots: ["docs", "src"],
        chunker: "token",
        chunkTokens: 200,
        chunkOverlap: 20,
        include: ["**/*.md", "*.{ts,js}"],
        exclude: ["old/**"],
        maxFileBytes: 20 * 2 ** 20,
        force: true,
        reread: true,
        dryRun: false,
        removeMissing: false,
        wordsFirst: true,
        signal: expect.any(AbortSignal),
      },
    ]);
  });

  it("hands the levels of a crawl on, and takes private addresses as a setting", async () => {
    const { requests, useCases } = ingesting();
    const run = await runProgram(["ingest", "https://example.com/docs/", "--crawl", "2", "--allow-private-addresses"], {
      useCases,
    });
    expect(requests).toMatchObject([{ roots: ["https://example.com/docs/"], crawl: 2 }]);
    expect(run.config).toMatchObject({ allowPrivateAddresses: true, crawlMaxPages: 500 });
    await runProgram(["ingest", "https://example.com/docs/"], { useCases });
    expect(requests[1]).toMatchObject({ crawl: undefined });
  });

  it("leaves open what nobody set, so that it follows the collection", async () => {
    const { requests, useCases } = ingesting();
    await runProgram(["ingest", "docs"], { useCases });
    await runProgram(["ingest", "docs"], { useCases, env: { CITEWELL_CHUNK_TOKENS: "150" } });
    expect(requests[0]).not.toHaveProperty("chunker");
    expect(requests[0]).not.toHaveProperty("chunkTokens");
    expect(requests[0]).not.toHaveProperty("chunkOverlap");
    expect(requests[1]).toMatchObject({ chunkTokens: 150 });
  });

  it("refuses a wrong chunker and a wrong size in one go", async () => {
    const run = await runProgram(["ingest", "docs", "--chunker", "magic", "--chunk-tokens", "1"]);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(/2 settings are wrong: --chunker: "magic" is not one of .*--chunk-tokens: 1 is not/);
  });

  it("ends with 3 when files failed, lists them first, and lists twenty without --verbose", async () => {
    const skipped = Array.from({ length: 24 }, (_, index) => file({ source: `skip-${index}.bin` }));
    const failed = file({ source: "bad.pdf", status: "failed", reason: "is encrypted" });
    const report = createReport({
      documents: { added: 0, changed: 0, unchanged: 0, removed: 0, skipped: 24, failed: 1 },
      files: [...skipped, failed],
      noted: [file({ source: "latin.md", status: "added", reason: "read as windows-1252" })],
    });
    const run = await runProgram(["ingest", "docs"], ingesting(report));
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toMatch(/^ {2}failed {3}docs\/bad\.pdf +is encrypted$/m);
    expect(run.stdout.indexOf("bad.pdf")).toBeLessThan(run.stdout.indexOf("skip-0.bin"));
    expect(run.stdout.match(/skip-/g)).toHaveLength(19);
    expect(run.stdout).toContain("  and 6 more files; --verbose lists all\n");
    const verbose = await runProgram(["ingest", "docs", "--verbose"], ingesting(report));
    expect(verbose.stdout.match(/skip-/g)).toHaveLength(24);
  });

  it("ends with exactly one object with --json", async () => {
    const run = await runProgram(["ingest", "docs", "--json"], ingesting(createReport(), [progress(1)]));
    expect(run.stdout.trimEnd().split("\n")).toHaveLength(1);
    expect(JSON.parse(run.stdout)).toEqual(createReport());
  });

  it("prints the plan of a dry run", async () => {
    const planned = (action: PlannedFile["action"], source: string, chunks: number | null): PlannedFile => ({
      root: "/project/docs",
      source,
      action,
      chunks,
    });
    const files = [
      planned("add", "a.md", null),
      planned("change", "b.md", 3),
      planned("remove", "c.md", 1),
      planned("keep", "d.md", 2),
    ];
    const { requests, useCases } = ingesting(createReport(), [{ type: "plan-ready", files }]);
    const run = await runProgram(["ingest", "docs", "--dry-run"], { useCases });
    expect(requests[0]?.dryRun).toBe(true);
    expect(run.stdout).toMatch(
      /^\+ docs\/a\.md\n~ docs\/b\.md {2}\(3 chunks\)\n- docs\/c\.md {2}\(1 chunk\)\n= docs\/d\.md {2}\(2 chunks\)\n/,
    );
    expect(run.stdout).toMatch(/Dry run: nothing was changed\.\n$/);
    const verbose = await runProgram(["ingest", "docs", "--verbose"], { useCases });
    expect(verbose.stdout).toMatch(/^\+ docs\/a\.md\n~ docs\/b\.md.*\n- docs\/c\.md.*\nCollection /);
    expect((await runProgram(["ingest", "docs"], { useCases })).stdout).toMatch(/^Collection /);
    const forecast = {
      chunksToEmbed: 1_200,
      chunksToReuse: 3,
      chunksToDelete: 4,
      tokens: 90_000,
      seconds: 75,
      refusal: "This would delete 12 of the 20 documents; run it again with --force.",
    };
    const asked = await runProgram(["ingest", "docs", "--dry-run"], ingesting(createReport({ forecast })));
    expect(asked.exitCode).toBe(0);
    expect(asked.stdout).toContain(
      "A real run: 1,200 to embed (90,000 tokens), 3 to reuse, 4 to delete; about 1 min 15 s of embedding.\n" +
        "A real run would stop: This would delete 12 of the 20 documents; run it again with --force.\n",
    );
    const json = await runProgram(["ingest", "docs", "--dry-run", "--json"], { useCases });
    expect(JSON.parse(json.stdout)).toEqual({ ...createReport(), plan: files });
  });

  it("stops with 2 when too much would be deleted", async () => {
    const ingestRoots: UseCases["ingestRoots"] = async function* () {
      yield progress(0);
      throw new CitewellError("deletion_refused", "12 of 20 documents would go; add --force if that is meant.");
    };
    const run = await runProgram(["ingest", "docs"], { useCases: { ingestRoots } });
    expect(run).toMatchObject({ exitCode: 2, stdout: "" });
    expect(run.stderr).toContain("--force");
  });

  it("says for whom it waits", async () => {
    const waits: IngestEvent = { type: "lease-wait", holder: "process 7 on box", since: "2026-03-01T10:20:30.000Z" };
    const run = await runProgram(["ingest", "docs"], ingesting(createReport(), [waits]));
    expect(run.stderr).toBe(
      "citewell: waiting for process 7 on box, which ingests into the same collection (since 2026-03-01 10:20 UTC)\n",
    );
  });

  it("says that an interrupted re-indexing was given up", async () => {
    const dropped: IngestEvent = { type: "reindex-dropped", collection: "docs", documents: 17 };
    const run = await runProgram(["ingest", "docs", "--force"], ingesting(createReport(), [dropped]));
    expect(run.stderr).toBe('citewell: gave up the interrupted re-indexing of collection "docs" (17 documents)\n');
  });

  it("draws one line over and over on a terminal, ten times a second at most, and clears it", async () => {
    const events = Array.from({ length: 40 }, (_, index) => progress(index + 1));
    const options = { ...ingesting(createReport(), events), isTerminal: { stderr: true } };
    const { stderr, stdout } = await runProgram(["ingest", "docs"], { ...options, now: clock(10) });
    const frames = stderr.split("\r\u001B[2K").filter((frame) => frame !== "");
    expect(frames.length).toBeGreaterThan(1);
    expect(frames.length).toBeLessThan(15);
    expect(frames[0]).toMatch(/^█?░+ \d+\/40 files {2}[\d,]+ chunks/);
    expect(frames.every((frame) => !frame.includes("\n"))).toBe(true);
    expect(stderr.endsWith("\r\u001B[2K")).toBe(true);
    expect(stdout).not.toContain("░");
  });

  it("shows rate and time left once there is something to judge by", async () => {
    const events = [progress(10), progress(20)];
    const options = { ...ingesting(createReport(), events), isTerminal: { stderr: true } };
    const { stderr } = await runProgram(["ingest", "docs"], { ...options, now: clock(1_000) });
    expect(stderr).toMatch(/20\/40 files {2}200 chunks {2}[\d,]+ tokens\/s {2}[\d.]+ s left/);
  });

  it("keeps the time left in sight on a narrow terminal", async () => {
    const options = { ...ingesting(createReport(), [progress(10), progress(20)]), isTerminal: { stderr: true } };
    const { stderr } = await runProgram(["ingest", "docs"], { ...options, columns: 60, now: clock(1_000) });
    expect(stderr).toMatch(/K█{4}░{4} 20\/40 files {2}200 chunks {2}[\d.]+ s left/);
  });

  it("says when everything is searchable by words", async () => {
    const stored: readonly IngestEvent[] = [
      { type: "words-progress", filesDone: 30, filesTotal: 40 },
      { type: "words-stored", documents: 40, chunks: 400 },
    ];
    const options = { isTerminal: { stderr: true }, now: clock(1_000) };
    const { stderr } = await runProgram(["ingest", "docs"], {
      ...ingesting(createReport(), [...stored, progress(1)]),
      ...options,
    });
    expect(stderr).toContain("30/40 files read for their words");
    expect(stderr).toMatch(/1\/40 files .*searchable by words/);
  });

  it("judges rate and time left by the embedding alone, and leaves out what would be nothing", async () => {
    let time = 0;
    const ingestRoots: UseCases["ingestRoots"] = async function* () {
      time = 600_000;
      yield { type: "words-stored", documents: 40, chunks: 400 };
      time += 10_000;
      yield { ...progress(0), filesDone: 20, bytesDone: 20_000 };
      const report = createReport();
      yield { type: "ingest-end", report };
      return report;
    };
    const options = { isTerminal: { stderr: true }, now: () => time };
    const { stderr } = await runProgram(["ingest", "docs"], { useCases: { ingestRoots }, ...options });
    expect(stderr).toContain("20/40 files  10 s left  all searchable by words");
  });

  it("writes plain lines now and then without a terminal, and none under --quiet", async () => {
    const events = Array.from({ length: 10 }, (_, index) => progress(index + 1));
    const plain = await runProgram(["ingest", "docs"], { ...ingesting(createReport(), events), now: clock(1_000) });
    expect(plain.stderr).toMatch(/^\d+\/40 files .*\n/);
    expect(plain.stderr).not.toContain("\u001B");
    expect(plain.stderr.split("\n").length).toBeLessThan(10);
    const quiet = ["ingest", "docs", "--quiet"];
    expect((await runProgram(quiet, { ...ingesting(createReport(), events), now: clock(1_000) })).stderr).toBe("");
  });
});

describe("ingest --watch", () => {
  function watching(events: readonly WatchEvent[]) {
    const controller = new AbortController();
    const requests: IngestOptions[] = [];
    const watchRoots: UseCases["watchRoots"] = async function* (options) {
      requests.push(options);
      yield* events;
      controller.abort(new DOMException("SIGINT", "AbortError"));
      throw controller.signal.reason;
    };
    return { requests, signal: controller.signal, useCases: { watchRoots } };
  }

  it("prints one line a pass, tells what fails, and ends with 130 when it is interrupted", async () => {
    const report = createReport({
      documents: { added: 1, changed: 0, unchanged: 3, removed: 2, skipped: 0, failed: 1 },
      files: [file({ source: "bad.pdf", status: "failed", reason: "is encrypted" })],
    });
    const { requests, ...rest } = watching([
      { type: "pass-start" },
      { type: "pass-end", report },
      { type: "pass-start" },
      { type: "pass-failed", error: new CitewellError("store_unavailable", "Nobody listens."), retryInMs: 5_000 },
      { type: "watch-limited", error: new Error("no space left for watchers"), everyMs: 30_000 },
    ]);
    const run = await runProgram(["ingest", "docs", "--watch", "--chunk-tokens", "200"], rest);
    expect(requests[0]).toMatchObject({ collection: "default", roots: ["docs"], chunkTokens: 200 });
    expect(run.exitCode).toBe(130);
    expect(run.stdout).toBe(
      "default: 1 added, 0 changed, 2 removed, 1 failed; 12 chunks embedded, 312 in total (2.0 s)\n",
    );
    expect(run.stderr).toContain('watching docs for collection "default" (Ctrl-C ends)');
    expect(run.stderr).toContain("citewell: bad.pdf: is encrypted\n");
    expect(run.stderr).toContain("Nobody listens. (next try in 5.0 s)");
    expect(run.stderr).toContain("looking every 30 s instead");
  });

  it("prints one object a pass with --json: its report, or what it failed by", async () => {
    const error = new CitewellError("store_unavailable", "Nobody listens.");
    const { requests: _, ...rest } = watching([
      { type: "pass-end", report: createReport() },
      { type: "pass-failed", error, retryInMs: 5_000 },
      { type: "pass-failed", error: new Error("odd"), retryInMs: 10_000 },
      { type: "pass-end", report: createReport() },
    ]);
    const run = await runProgram(["ingest", "docs", "--watch", "--json"], rest);
    const lines = run.stdout.trimEnd().split("\n");
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
      createReport(),
      {
        collection: "default",
        error: { code: "store_unavailable", message: "Nobody listens." },
        retryInSeconds: 5,
      },
      {
        collection: "default",
        error: { code: "internal", message: expect.stringContaining("odd") },
        retryInSeconds: 10,
      },
      createReport(),
    ]);
    expect(run.stderr).toContain("Nobody listens. (next try in 5.0 s)");
  });

  it.each(["--dry-run", "--reread"])("refuses %s", async (flag) => {
    const run = await runProgram(["ingest", "docs", "--watch", flag]);
    expect(run).toMatchObject({ exitCode: 2, stdout: "" });
  });
});
