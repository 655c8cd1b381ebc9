import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFakeUseCases, HIT } from "../../server/fake-use-cases.ts";
import { runProgram, type ProgramRun } from "../run-program.ts";

let cwd = "";

beforeAll(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), "citewell-eval-command-"));
  const lines = Array.from({ length: 12 }, (_, index) => ({
    id: `q${index}`,
    question: "How?",
    references: [{ source: "install.md", text: HIT.text }],
  }));
  const stale = { id: "old", question: "When?", references: [{ source: "gone.md", text: "x" }] };
  await writeFile(path.join(cwd, "set.jsonl"), [...lines, stale].map((line) => JSON.stringify(line)).join("\n"));
});
afterAll(async () => {
  await rm(cwd, { recursive: true, force: true });
});

function run(args: readonly string[], { finds = true } = {}): Promise<ProgramRun> {
  const useCases = createFakeUseCases(
    finds
      ? {}
      : {
          searchCorpus: async ({ query }) => ({
            query,
            collection: "default",
            mode: "hybrid",
            hits: [],
            evidence: "none",
            timing: { embedMs: 0, searchMs: 0 },
          }),
        },
  );
  return runProgram(args, { useCases, cwd });
}

describe("citewell eval", () => {
  it("prints measures with intervals, and labels that are out of date", async () => {
    const { exitCode, stdout, stderr } = await run(["eval", "run", "set.jsonl", "--output", "first"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^13 questions of set\.jsonl on "default", 0 unanswerable\n/);
    expect(stdout).toMatch(/^recallAt5 +100\.0 +100\.0 to 100\.0 +12 /m);
    expect(stderr).toContain("Label out of date: old: gone.md: no such document\n");
    expect(stderr).toContain("report.html");
  });

  it("prints the report as JSON", async () => {
    const { stdout } = await run(["eval", "run", "set.jsonl", "--json", "--quiet"]);
    expect(JSON.parse(stdout)).toMatchObject({ version: 1, questions: 13, metrics: { recallAt1: { mean: 1, n: 12 } } });
  });

  it("asks the baseline's questions anew, and ends with 5 when something got worse", async () => {
    const same = await run(["eval", "compare", "first"]);
    expect([same.exitCode, same.stdout]).toEqual([0, expect.stringMatching(/No regression\.\n$/)]);
    const worse = await run(["eval", "compare", "first/report.json", "--output", "second"], { finds: false });
    expect(worse.exitCode).toBe(5);
    expect(worse.stdout).toMatch(/^recallAt5 +100\.0 +0\.0 +-100\.0 .* worse$/m);
  });

  it("keeps what was measured when Ctrl-C ends it", async () => {
    const controller = new AbortController();
    let searches = 0;
    const fakes = createFakeUseCases();
    const useCases = createFakeUseCases({
      searchCorpus: async (request) => {
        searches += 1;
        if (searches === 5) controller.abort(new DOMException("SIGINT", "AbortError"));
        request.signal?.throwIfAborted();
        return fakes.searchCorpus(request);
      },
    });
    const { exitCode, stdout, stderr } = await runProgram(["eval", "run", "set.jsonl", "--output", "part"], {
      useCases,
      cwd,
      signal: controller.signal,
    });
    expect(exitCode).toBe(130);
    expect(stdout).toMatch(/^2 questions of set\.jsonl/);
    expect(stderr).toContain("2 of 13 questions were measured before the end.");
    expect(await readFile(path.join(cwd, "part", "report.json"), "utf8")).toContain('"interrupted": true');
  });

  it("compares two reports, and lists the questions that differ", async () => {
    expect((await run(["eval", "compare", "first/report.json", "second/report.json"])).exitCode).toBe(5);
    expect((await run(["eval", "compare", "second/report.json", "first/report.json"])).exitCode).toBe(0);
    const { stdout } = await run(["eval", "diff", "first/report.json", "second/report.json"]);
    expect(stdout).toMatch(/^q0 {2}How\?\n {2}recallAt1 +100\.0 {2}→ +0\.0\n/);
    expect(stdout).toContain("  guide/install.md at 52: rank 1 → not among ten\n");
  });

  it.each([
    [["eval", "run", "none.jsonl"], /none\.jsonl cannot be read/],
    [["eval", "compare", "set.jsonl"], /is no report of citewell eval/],
    [["eval", "diff", "first/report.json"], /Missing required argument/],
  ])("refuses %j with exit code 2", async (args, message) => {
    const { exitCode, stderr } = await run(args);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(message)]);
  });

  it("has no flag that the handbook leaves out", async () => {
    const page = await readFile(new URL("../../../corpora/handbook/documents/commands.md", import.meta.url), "utf8");
    for (const command of ["run", "compare", "diff"]) {
      const { stdout } = await run(["eval", command, "--help"]);
      const own = stdout.split("Global Options:")[0] ?? "";
      const flags = [...own.matchAll(/^ +(--[a-z]+)/gm)].map(([, flag]) => flag);
      expect(flags.filter((flag) => !page.includes(`- \`${flag}`))).toEqual([]);
    }
  });
});
