import { describe, expect, it } from "vitest";
import { codeTerms, exactTerms } from "../../../src/retrieval/code/code-terms.ts";
import { scoreFiles } from "../../../src/retrieval/code/score-files.ts";
import type { StoreCandidate } from "../../../src/store/vector-store.ts";
import { makeChunk } from "../../support/make-chunk.ts";

const words = codeTerms("alpha");

function candidate(source: string, lexical: number, dense = 0): StoreCandidate {
  const chunk = makeChunk({ source, text: "nothing of it", ordinal: lexical });
  return { chunk: { ...chunk, documentId: source, id: `${source} ${lexical}` }, lexical, dense };
}

describe("scoreFiles", () => {
  it("puts a file with several good chunks before one with a single best", () => {
    const candidates = [candidate("a.ts", 10), candidate("b.ts", 9.9), candidate("b.ts", 9.8), candidate("b.ts", 9.7)];
    const files = scoreFiles(candidates, { subject: [], words });
    expect(files.map(({ chunks: [{ chunk }] }) => chunk.source)).toEqual(["b.ts", "a.ts"]);
  });

  it("lets weak chunks of a large file count little", () => {
    const weak = Array.from({ length: 40 }, (_, index) => candidate("b.ts", 2 + index / 100));
    const files = scoreFiles([candidate("a.ts", 10), ...weak], { subject: [], words });
    expect(files[0]?.chunks[0].chunk.source).toBe("a.ts");
  });

  it("takes the path as a field of its own", () => {
    const files = scoreFiles([candidate("b.ts", 10), candidate("alpha.ts", 9.8)], { subject: [], words });
    expect(files[0]?.chunks[0].chunk.source).toBe("alpha.ts");
  });

  it("counts what the first line finds again, and what only it finds", () => {
    const files = scoreFiles([candidate("a.ts", 10), candidate("b.ts", 9)], {
      subject: [candidate("b.ts", 9), candidate("c.ts", 1)],
      words,
    });
    expect(files.map(({ chunks: [{ chunk }] }) => chunk.source)).toEqual(["b.ts", "a.ts", "c.ts"]);
  });

  it("adds a little for each further piece that comes near the best by meaning", () => {
    const files = [candidate("a.ts", 10, 0.5), candidate("b.ts", 10, 0.5), candidate("b.ts", 1, 0.49)];
    const ranked = scoreFiles([...files, candidate("c.ts", 1, 0.1)], { subject: [], words });
    const vectorOf = (source: string) => ranked.find((one) => one.chunks[0].chunk.source === source)?.parts.vector ?? 0;
    expect(vectorOf("b.ts")).toBeGreaterThan(vectorOf("a.ts"));
    expect(vectorOf("a.ts")).toBeGreaterThan(0);
    expect(vectorOf("c.ts")).toBeLessThan(0);
  });

  it("tells the parts of a score, which sum up to it", () => {
    const [file] = scoreFiles([candidate("alpha.ts", 10, 0.4), candidate("b.ts", 9, 0.2)], { subject: [], words });
    const parts = Object.values(file?.parts ?? {});
    expect(file?.parts).toMatchObject({ text: 1, path: 0.3, folder: 0, imports: 0 });
    expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(file?.score ?? 0);
  });

  it("weighs the first line as much as the whole, however much the rest says", () => {
    const files = [candidate("a.ts", 100), candidate("b.ts", 60)];
    const rank = (subject: StoreCandidate[]): string | undefined =>
      scoreFiles(files, { subject, words })[0]?.chunks[0].chunk.source;
    expect(rank([])).toBe("a.ts");
    expect(rank([candidate("b.ts", 8), candidate("a.ts", 3)])).toBe("b.ts");
    expect(rank([candidate("b.ts", 8), candidate("a.ts", 6)])).toBe("a.ts");
  });

  it("prefers the file that prints the message to one with more of its words", () => {
    const saying = (source: string, text: string, lexical: number): StoreCandidate => {
      const found = candidate(source, lexical);
      return { ...found, chunk: { ...found.chunk, text } };
    };
    const candidates = [
      saying("registry.ts", "registered(module); // a module that is in this program, or was never registered", 10),
      saying("lookup.ts", "throw new Error(`module not registered in this program: ${name}`);", 7),
      ...Array.from({ length: 30 }, (_, index) => candidate(`other${String(index)}.ts`, 1)),
    ];
    const files = scoreFiles(candidates, {
      subject: [],
      words: codeTerms('why does "module not registered in this program: http.foo" appear'),
    });
    expect(files[0]?.chunks[0].chunk.source).toBe("lookup.ts");
  });

  it("prefers the file that defines what the task writes as code, and the file that it names", () => {
    const define = (source: string, text: string): StoreCandidate => {
      const found = candidate(source, 10);
      return { ...found, chunk: { ...found.chunk, text } };
    };
    const files = [define("a.py", "x = load_rows()"), define("b.py", "def load_rows():\n  pass"), define("c.py", "")];
    const rank = (task: string): string[] =>
      scoreFiles(files, { subject: [], words: codeTerms(task) }).map(({ chunks: [{ chunk }] }) => chunk.source);
    expect(rank("`load_rows` reads twice")[0]).toBe("b.py");
    expect(rank("Clean up c.py")[0]).toBe("c.py");
  });

  it("puts examples and benchmarks behind, unless the task speaks of them", () => {
    const files = [candidate("examples/a.ts", 10), candidate("src/b.ts", 8.5)];
    const rank = (task: string): string[] =>
      scoreFiles(files, { subject: [], words: codeTerms(task) }).map(({ chunks: [{ chunk }] }) => chunk.source);
    expect(rank("Sort the keys")[0]).toBe("src/b.ts");
    expect(rank("Sort the keys of the example")[0]).toBe("examples/a.ts");
  });

  it("orders equal files by their source", () => {
    const files = scoreFiles([candidate("b.ts", 1), candidate("a.ts", 1)], { subject: [], words });
    expect(files.map(({ chunks: [{ chunk }] }) => chunk.source)).toEqual(["a.ts", "b.ts"]);
  });
});

describe("codeTerms", () => {
  it("leaves out what every task says, unless there is nothing else", () => {
    expect(codeTerms("fix: add support for leases").all.terms).toEqual(["leas"]);
    expect(codeTerms("fix bug").all.terms).toEqual(["fix", "bug"]);
  });

  it("takes the first line for itself", () => {
    expect(codeTerms("Rotate keys\n\nand passwords")).toMatchObject({
      subject: { terms: ["rotat", "key"] },
      tests: "last",
    });
    expect(codeTerms("Flaky tests of leases").tests).toBe("among");
  });

  it.each([
    "Which test covers leases?",
    "which unit tests check leases",
    "where are leases tested",
    "where are the unit tests for leases",
    "What test file tests leases?",
    "How are leases tested?",
    "find all tests for leases",
    "Tests of leases",
  ])("knows a question for tests, and looks for what is tested: %s", (task) => {
    expect(codeTerms(task)).toMatchObject({ tests: "first", exact: expect.not.arrayContaining(["covers", "tested"]) });
    expect(codeTerms(task).exact).toContain("leases");
  });

  it.each([
    "Fix the flaky tests of leases",
    "Leases for test runs",
    "Where leases end\n\nWhich test covers leases?",
    "How does the test runner take leases?",
    "What test runner takes leases?",
    "How is the spec of leases made?",
    "Where does the test command read leases?",
  ])("knows a task that only speaks of tests: %s", (task) => {
    expect(codeTerms(task).tests).not.toBe("first");
  });

  it("knows names that are written as code", () => {
    expect(codeTerms("`Bool` in parseQuery, max_bin, close() and app.listen; Sort rows").named).toEqual([
      "bool",
      "parsequery",
      "max_bin",
      "close",
      "listen",
    ]);
  });

  it("cuts identifiers into their parts and keeps them whole", () => {
    expect(exactTerms("getUserName HTTPServer max_bin x")).toEqual([
      "getusername",
      "get",
      "user",
      "name",
      "httpserver",
      "http",
      "server",
      "max_bin",
      "max",
      "bin",
      "x",
    ]);
  });
});
