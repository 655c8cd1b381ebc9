import { describe, expect, it } from "vitest";
import { codeTerms, exactTerms } from "../../src/retrieval/code-terms.ts";
import { isTestPath, scoreFiles } from "../../src/retrieval/score-files.ts";
import type { StoreCandidate } from "../../src/store/vector-store.ts";
import { makeChunk } from "../support/make-chunk.ts";

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

  it("orders equal files by their source", () => {
    const files = scoreFiles([candidate("b.ts", 1), candidate("a.ts", 1)], { subject: [], words });
    expect(files.map(({ chunks: [{ chunk }] }) => chunk.source)).toEqual(["a.ts", "b.ts"]);
  });
});

describe("isTestPath", () => {
  it.each([
    "test/a.ts",
    "src/__tests__/a.ts",
    "a.test.ts",
    "pkg/test_a.py",
    "a_test.go",
    "conftest.py",
    "src/FooTest.java",
  ])("takes %s for a test", (source) => expect(isTestPath(source)).toBe(true));

  it.each(["src/contest.ts", "src/latest/a.ts", "src/attestation.py", "testimony.md"])(
    "does not take %s for one",
    (source) => expect(isTestPath(source)).toBe(false),
  );
});

describe("codeTerms", () => {
  it("leaves out what every task says, unless there is nothing else", () => {
    expect(codeTerms("fix: add support for leases").all.terms).toEqual(["leas"]);
    expect(codeTerms("fix bug").all.terms).toEqual(["fix", "bug"]);
  });

  it("takes the first line for itself", () => {
    expect(codeTerms("Rotate keys\n\nand passwords")).toMatchObject({
      subject: { terms: ["rotat", "key"] },
      asksForTests: false,
    });
    expect(codeTerms("Flaky tests of leases").asksForTests).toBe(true);
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
