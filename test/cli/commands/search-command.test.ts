import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SearchRequest, UseCases } from "../../../src/answering/use-cases.ts";
import type { SearchResult } from "../../../src/domain/hit.ts";
import { createHit, createSearchResult, runProgram } from "../run-program.ts";

function recorded(answer: (request: SearchRequest) => SearchResult = () => createSearchResult()) {
  const requests: SearchRequest[] = [];
  const searchCorpus: UseCases["searchCorpus"] = async (request) => {
    requests.push(request);
    return answer(request);
  };
  return { requests, useCases: { searchCorpus } };
}

describe("search", () => {
  it("prints rank, score, place, title and the lines that match", async () => {
    const { useCases } = recorded();
    const run = await runProgram(["search", "installer", "key"], { useCases });
    expect(run).toMatchObject({ exitCode: 0, stderr: "" });
    expect(run.stdout).toBe(
      "1.  0.81  docs/guide/install.md:3-9  Installing\n   Run the installer once.\n   It asks for a key.\n",
    );
  });

  it("shows the lines of a long hit that hold the query's words", async () => {
    const filler = Array.from({ length: 30 }, (_, index) => `Line ${index} speaks of the weather.`);
    const text = [...filler, "Here the keys are rotated.", "Twice a year."].join("\n");
    const { useCases } = recorded(() => createSearchResult({ query: "rotating keys", hits: [createHit({ text })] }));
    const { stdout } = await runProgram(["search", "rotating keys"], { useCases });
    expect(stdout).toContain("Here the keys are rotated.");
    expect(stdout).not.toContain("Line 0 ");
  });

  it("marks where a long line is cut", async () => {
    const sentence = (word: string): string => `The ${word} is looked after by those who live nearby.`;
    const text = "abcdefghij".split("").map(sentence).join(" ");
    const { useCases } = recorded(() => createSearchResult({ query: "g", hits: [createHit({ text })] }));
    const { stdout } = await runProgram(["search", "g"], { useCases });
    const [, ...lines] = stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^ {3}…\S/);
    expect(lines[2]).toMatch(/\S…$/);
    expect(lines.every((line) => line.length <= 100)).toBe(true);
  });

  it("names absolute paths, URLs, single files and pages as they are", async () => {
    const hits = [
      createHit({ root: "/elsewhere", source: "a.md" }),
      createHit({ rank: 2, root: "https://a.example/x", source: "https://a.example/x" }),
      createHit({ rank: 3, root: "/project/notes.pdf", source: "notes.pdf", page: 4, symbol: null, title: null }),
    ];
    const { useCases } = recorded(() => createSearchResult({ hits }));
    const { stdout } = await runProgram(["search", "x"], { useCases });
    expect(stdout).toContain("  /elsewhere/a.md:3-9  ");
    expect(stdout).toContain("  https://a.example/x:3-9  ");
    expect(stdout).toContain("  notes.pdf:3-9 p. 4\n");
    const pageStarts = [5, 7].map((page) => ({ page, start: 900 + page }));
    const wide = createSearchResult({ hits: [createHit({ source: "notes.pdf", page: 4, pageStarts })] });
    const pages = await runProgram(["search", "x"], { useCases: recorded(() => wide).useCases });
    expect(pages.stdout).toMatch(/notes\.pdf:3-9 p\. 4-7 /);
  });

  it("says which headings a hit stands under, with the title and without one", async () => {
    const hits = [
      createHit({ heading: "Linux > Keys" }),
      createHit({ rank: 2, title: null, heading: "Linux" }),
      createHit({ rank: 3, heading: "Linux", symbol: "Store.open" }),
    ];
    const { useCases } = recorded(() => createSearchResult({ hits }));
    const { stdout } = await runProgram(["search", "x"], { useCases });
    const heads = stdout.split("\n").filter((line) => /^\d\./.test(line));
    expect(heads.map((line) => line.replace(/^.*:3-9  /, ""))).toEqual([
      "Installing > Linux > Keys",
      "Linux",
      "Store.open",
    ]);
    const json = await runProgram(["search", "x", "--json"], { useCases });
    expect(JSON.parse(json.stdout)).toMatchObject({ hits: [{ title: "Installing", heading: "Linux > Keys" }, {}, {}] });
  });

  it("shows control characters of documents as signs, so that they cannot steer the terminal", async () => {
    const hit = createHit({ source: "a\u001B[31m\nb.md", title: "T\u0007", text: "key \u001B]0;x\u0007\u009B2J" });
    const { useCases } = recorded(() => createSearchResult({ query: "key", hits: [hit] }));
    const run = await runProgram(["search", "key"], { useCases });
    expect(run.stdout).toContain("docs/a␛[31m␊b.md:3-9  T␇\n   key ␛]0;x␇\uFFFD2J\n");
    const json = await runProgram(["search", "key", "--json"], { useCases });
    expect(JSON.parse(json.stdout)).toMatchObject({ hits: [{ source: hit.source, title: hit.title, text: hit.text }] });
  });

  it("hands every flag on", async () => {
    const { requests, useCases } = recorded();
    const args = ["--limit", "7", "--no-stop", "--source", "a/**", "--source", "b.md", "--language", "python"];
    await runProgram(["search", "x", ...args, "--mode", "lexical", "--explain"], { useCases });
    expect(requests).toEqual([
      {
        query: "x",
        collection: "default",
        limit: 7,
        stop: false,
        mode: "lexical",
        explain: true,
        filter: { source: ["a/**", "b.md"], language: ["python"] },
        signal: expect.any(AbortSignal),
      },
    ]);
  });

  it("prints the search object with --json", async () => {
    const { useCases } = recorded();
    const run = await runProgram(["search", "x", "--json"], { useCases });
    expect(run.stdout.trimEnd().split("\n")).toHaveLength(1);
    expect(JSON.parse(run.stdout)).toEqual(createSearchResult());
  });

  it("prints scores, fates and the cut with --explain", async () => {
    const explain = {
      interpretation: {
        queries: [{ query: "key", reason: "asked" as const, weight: 1, evidence: "good" as const }],
        fusion: "best" as const,
        filter: { words: "in the guide", filter: { source: ["guide.md"] }, applied: true },
        standalone: null,
      },
      terms: [{ term: "key", idf: 2.5 }],
      stopScore: 0.57,
      weights: { lexical: 0.5, sentence: 0.15, dense: 0.5 },
      cosines: { model: { unrelated: 0.75, related: 0.86 }, countAs: { unrelated: 0.034, related: 0.505 } },
      candidates: [
        {
          chunkId: "c9",
          source: "guide/other.md",
          lines: { start: 1, end: 2 },
          score: 0.41,
          scores: { dense: null, lexical: 0.2, sentence: 0.1 },
          fate: "below-stop" as const,
        },
      ],
    };
    const { useCases } = recorded(() => createSearchResult({ explain }));
    const { stdout } = await runProgram(["search", "x", "--explain"], { useCases });
    expect(stdout).toMatch(/1\.00 +asked +good +key/);
    expect(stdout).toContain("Filter: guide.md, from “in the guide”");
    expect(stdout).toContain("Terms (idf): key 2.50");
    expect(stdout).toContain("cut below 0.570");
    expect(stdout).toContain("0.750 counts as 0.034 (unrelated texts), 0.860 counts as 0.505 (related ones)");
    expect(stdout).toMatch(/0\.410 +– +0\.200 +0\.100 +below-stop +guide\/other\.md:1-2/);
  });

  it("says on standard error that nothing fits, and ends well", async () => {
    const { useCases } = recorded(() => createSearchResult({ hits: [], evidence: "none" }));
    const run = await runProgram(["search", "x"], { useCases });
    expect(run).toMatchObject({ exitCode: 0, stdout: "" });
    expect(run.stderr).toMatch(/Nothing in the collection "default" fits "x"/);
    expect((await runProgram(["search", "x", "--quiet"], { useCases })).stderr).toBe("");
  });

  it("points to the filters of the request where nothing fits", async () => {
    const { useCases } = recorded(() => createSearchResult({ hits: [], evidence: "none" }));
    const run = await runProgram(["search", "x", "--source", "guide/**", "--language", "klingon", "--meta", "team=x"], {
      useCases,
    });
    expect(run.stderr).toContain(
      "Try other words, or another --source, or another --language, or another --meta, or --no-stop.\n",
    );
  });

  it.each([[["search", "-"]], [["search"]]])("reads the query of %j from standard input", async (args) => {
    const { useCases, requests } = recorded(() => createSearchResult({}));
    expect((await runProgram(args, { useCases, stdin: "  retry limit\n" })).exitCode).toBe(0);
    expect(requests).toMatchObject([{ query: "retry limit" }]);
  });

  it("refuses an empty language", async () => {
    const run = await runProgram(["search", "x", "--language", " "]);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(/--language.*name of a language is needed/i);
  });

  it("refuses a missing query, and a query beside --queries", async () => {
    expect((await runProgram(["search"])).stderr).toMatch(/What to search for is missing/);
    expect((await runProgram(["search", "x", "--queries", "-"])).exitCode).toBe(2);
  });
});

describe("search --queries", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "citewell-queries-"));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const echo = () => recorded(({ query }) => createSearchResult({ query, hits: [] }));
  const lines = (stdout: string): readonly unknown[] =>
    stdout
      .trimEnd()
      .split("\n")
      .map((line): unknown => JSON.parse(line));

  it("prints one JSON result a query, in order, with the given ids", async () => {
    writeFileSync(
      join(folder, "q.jsonl"),
      '{"id":"a","query":"one"}\n\n{"query":"two","more":1}\n{"id":3,"query":"three"}\n',
    );
    const { useCases, requests } = echo();
    const run = await runProgram(["search", "--queries", "q.jsonl", "--limit", "2"], { useCases, cwd: folder });
    expect(run.exitCode).toBe(0);
    expect(lines(run.stdout)).toMatchObject([{ id: "a", query: "one" }, { query: "two" }, { id: 3, query: "three" }]);
    expect(lines(run.stdout)[1]).not.toHaveProperty("id");
    expect(requests.map(({ limit }) => limit)).toEqual([2, 2, 2]);
  });

  it("reads plain lines from standard input", async () => {
    const run = await runProgram(["search", "--queries", "-"], {
      useCases: echo().useCases,
      stdin: "one\r\ntwo words",
    });
    expect(lines(run.stdout)).toMatchObject([{ query: "one" }, { query: "two words" }]);
  });

  it("names every wrong line before anything is searched", async () => {
    writeFileSync(join(folder, "bad.jsonl"), 'fine\n{"query":\n{"id":1}\n{"query":" "}\n');
    const { useCases, requests } = echo();
    const run = await runProgram(["search", "--queries", "bad.jsonl"], { useCases, cwd: folder });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(/line 2: not valid JSON.*line 3: the key "query" is missing.*line 4: "query" must be/);
    expect(requests).toEqual([]);
  });

  it("names lines that are too long or in another encoding, and reads UTF-16 with its mark", async () => {
    const bytes = Buffer.concat([
      Buffer.from(`fine\n${"x".repeat(8_001)}\nK`),
      Buffer.from([0xe4]),
      Buffer.from("fer"),
    ]);
    writeFileSync(join(folder, "odd.txt"), bytes);
    const { useCases, requests } = echo();
    const run = await runProgram(["search", "--queries", "odd.txt"], { useCases, cwd: folder });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(/line 2: has 8001 characters, and 8000 are allowed; line 3: not UTF-8/);
    expect(requests).toEqual([]);
    writeFileSync(join(folder, "wide.txt"), Buffer.from("\uFEFFone\r\nKäfer\r\n", "utf16le"));
    const wide = await runProgram(["search", "--queries", "wide.txt"], { useCases, cwd: folder });
    expect(lines(wide.stdout)).toMatchObject([{ query: "one" }, { query: "Käfer" }]);
  });

  it("refuses a file that is not there, and an empty one", async () => {
    writeFileSync(join(folder, "empty.txt"), "\n");
    expect((await runProgram(["search", "--queries", "none.txt"], { cwd: folder })).stderr).toMatch(/There is no file/);
    expect((await runProgram(["search", "--queries", "empty.txt"], { cwd: folder })).stderr).toMatch(/no query in/);
  });

  it("refuses a folder and an empty name as wrong usage", async () => {
    const run = await runProgram(["search", "--queries", "."], { cwd: folder });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(/is a folder; name a file of queries/);
    const unnamed = await runProgram(["search", "--queries", ""], { cwd: folder });
    expect(unnamed.exitCode).toBe(2);
    expect(unnamed.stderr).toMatch(/--queries names no file/);
  });

  it("ends lines at a lone carriage return too", async () => {
    writeFileSync(join(folder, "mac.txt"), "one\rtwo\r");
    const run = await runProgram(["search", "--queries", "mac.txt"], { useCases: echo().useCases, cwd: folder });
    expect(lines(run.stdout)).toMatchObject([{ query: "one" }, { query: "two" }]);
  });
});
