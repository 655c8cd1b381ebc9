import { describe, expect, it } from "vitest";
import type { FindCodeRequest, UseCases } from "../../../src/answering/use-cases.ts";
import type { CodeFile, CodeResult } from "../../../src/domain/code.ts";
import { createHit, createSearchResult, runProgram } from "../run-program.ts";

const TEXT = [
  "export function etag(body: string): string {",
  "  // weak etags begin with W/",
  "  return hash(body);",
  "}",
].join("\n");

function createFile(changes: Partial<CodeFile> = {}): CodeFile {
  return {
    rank: 1,
    score: 1.3,
    root: "/project",
    source: "src/etag.ts",
    documentId: "d1",
    language: "typescript",
    isTest: false,
    places: [
      { symbol: "etag", lines: { start: 9, end: 12 }, span: { start: 0, end: TEXT.length }, score: 1, text: TEXT },
      { symbol: "matches", lines: { start: 20, end: 31 }, span: { start: 300, end: 400 }, score: 0.7, text: "x" },
    ],
    ...changes,
  };
}

function recorded(files: readonly CodeFile[] = [createFile()], evidence: CodeResult["evidence"] = "good") {
  const requests: FindCodeRequest[] = [];
  const findCode: UseCases["findCode"] = async (request) => {
    requests.push(request);
    return {
      task: request.task,
      collection: "default",
      files,
      symbols: [],
      evidence,
      timing: { embedMs: 1, searchMs: 2 },
    };
  };
  return { requests, useCases: { findCode } };
}

const ESCAPE = "\u001B";

describe("search --code", () => {
  it("prints files with their symbols and places, and the lines that match with their numbers", async () => {
    const { useCases } = recorded();
    const run = await runProgram(["search", "--code", "support", "weak", "etags"], { useCases });
    expect(run).toMatchObject({ exitCode: 0, stderr: "" });
    expect(run.stdout).toBe(
      [
        "1.  src/etag.ts:9-12  etag",
        "    9  export function etag(body: string): string {",
        "   10    // weak etags begin with W/",
        "   11    return hash(body);",
        "   also  src/etag.ts:20-31  matches",
        "",
      ].join("\n"),
    );
  });

  it("hands its flags on", async () => {
    const { requests, useCases } = recorded();
    const args = ["--limit", "3", "--source", "src/**", "--language", "go", "--tests"];
    await runProgram(["search", "--code", "x", ...args], { useCases });
    expect(requests).toEqual([
      {
        task: "x",
        collection: "default",
        limit: 3,
        filter: { source: ["src/**"], language: ["go"] },
        tests: true,
        signal: expect.any(AbortSignal),
      },
    ]);
  });

  it("prints the whole result with --json, and one a line with --queries", async () => {
    const { useCases } = recorded();
    const { stdout } = await runProgram(["search", "--code", "x", "--json"], { useCases });
    expect(JSON.parse(stdout)).toMatchObject({ task: "x", files: [{ source: "src/etag.ts", places: [{}, {}] }] });
    const many = await runProgram(["search", "--code", "--queries", "-"], { useCases, stdin: "one\ntwo\n" });
    expect(
      many.stdout
        .trimEnd()
        .split("\n")
        .map((line): unknown => JSON.parse(line)),
    ).toMatchObject([{ task: "one" }, { task: "two" }]);
  });

  it("says on standard error that nothing fits, or fits badly", async () => {
    const none = await runProgram(["search", "--code", "x"], recorded([], "none"));
    expect(none).toMatchObject({ exitCode: 0, stdout: "" });
    expect(none.stderr).toMatch(/Nothing in the collection "default" fits "x"/);
    const weak = await runProgram(["search", "--code", "x"], recorded([createFile()], "weak"));
    expect(weak.stderr).toMatch(/The evidence is weak/);
  });

  it("says on standard error how misspelt words were read", async () => {
    const { useCases } = recorded();
    const findCode: UseCases["findCode"] = async (request) => ({
      ...(await useCases.findCode(request)),
      corrections: [{ written: "etgas", read: "etags" }],
    });
    const { stderr } = await runProgram(["search", "--code", "weak etgas"], { useCases: { findCode } });
    expect(stderr).toBe("Read “etgas” as “etags”; a word in backticks is searched for as it is.\n");
  });

  it("tells what each score is the sum of with --explain", async () => {
    const parts = {
      text: 0.9,
      path: 0.12,
      defined: 0.15,
      named: 0,
      vector: -0.05,
      siblings: 0,
      mentioned: 0,
      imports: 0.001,
      folder: 0,
    };
    const { useCases, requests } = recorded([{ ...createFile(), score: 1.12, parts }]);
    const { stdout } = await runProgram(["search", "--code", "--explain", "etags"], { useCases });
    expect(requests).toMatchObject([{ explain: true }]);
    expect(stdout).toContain("1.12 = text 0.90, path 0.12, defined 0.15, vector -0.05\n");
  });

  it.each([
    ["--mode", "dense"],
    ["--also", "y"],
  ])("refuses %s beside it", async (...flags) => {
    const run = await runProgram(["search", "--code", "x", ...flags], recorded());
    expect([run.exitCode, run.stderr]).toEqual([2, expect.stringMatching(/does not go with --code/)]);
  });
});

describe("search --files", () => {
  const hits = [
    createHit({ text: "Run it once.\nIt asks for a key.", lines: { start: 3, end: 4 } }),
    createHit({ rank: 2, score: 0.7, lines: { start: 30, end: 31 } }),
    createHit({ rank: 3, score: 0.6, documentId: "d2", root: "/elsewhere", source: "a b.md" }),
    createHit({ rank: 4, score: 0.5, documentId: "d3", root: "https://a.example/x", source: "https://a.example/x" }),
  ];
  const useCases = { searchCorpus: async () => createSearchResult({ query: "key", hits }) };

  it("prints paths alone for other programs: each once, best first", async () => {
    const run = await runProgram(["search", "--files", "key"], { useCases });
    expect(run).toMatchObject({ exitCode: 0, stderr: "" });
    expect(run.stdout).toBe("docs/guide/install.md\n/elsewhere/a b.md\nhttps://a.example/x\n");
  });

  it("prints path and best line with a link for a person", async () => {
    const { stdout } = await runProgram(["search", "--files", "key"], { useCases, isTerminal: { stdout: true } });
    expect(stdout).toContain(`${ESCAPE}]8;;file:///project/docs/guide/install.md#L4${ESCAPE}\\`);
    expect(stdout).toContain("docs/guide/install.md:4");
    const plain = await runProgram(["search", "--files", "key"], {
      useCases,
      isTerminal: { stdout: true },
      env: { NO_COLOR: "1" },
    });
    expect(plain.stdout.split("\n")[0]).toBe("docs/guide/install.md:4");
  });

  it("prints a list with --json, at most as long as --limit", async () => {
    const { stdout } = await runProgram(["search", "--files", "key", "--json", "--limit", "2"], { useCases });
    expect(JSON.parse(stdout)).toEqual([
      {
        rank: 1,
        score: 0.8123,
        path: "docs/guide/install.md",
        root: "/project/docs",
        source: "guide/install.md",
        line: 4,
      },
      { rank: 2, score: 0.6, path: "/elsewhere/a b.md", root: "/elsewhere", source: "a b.md", line: 4 },
    ]);
  });

  it("prints the files for a task with --code", async () => {
    const { stdout } = await runProgram(["search", "--files", "--code", "weak etags"], recorded());
    expect(stdout).toBe("src/etag.ts\n");
    const { stdout: json } = await runProgram(["search", "--files", "--code", "weak etags", "--json"], recorded());
    expect(JSON.parse(json)).toMatchObject([{ path: "src/etag.ts", line: 10 }]);
  });

  it("prints a list a line with --queries", async () => {
    const { stdout } = await runProgram(["search", "--files", "--queries", "-"], { useCases, stdin: "key\n" });
    expect(JSON.parse(stdout)).toMatchObject({ query: "key", files: [{ path: "docs/guide/install.md" }, {}, {}] });
  });

  it("refuses --explain, and --tests without --code", async () => {
    expect((await runProgram(["search", "x", "--files", "--explain"], { useCases })).exitCode).toBe(2);
    expect((await runProgram(["search", "x", "--tests"], { useCases })).exitCode).toBe(2);
  });
});
