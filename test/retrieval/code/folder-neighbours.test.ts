import { describe, expect, it } from "vitest";
import { addFolderNeighbours } from "../../../src/retrieval/code/folder-neighbours.ts";
import type { ScoredFile } from "../../../src/retrieval/code/score-files.ts";
import { makeChunk } from "../../support/make-chunk.ts";
import { NO_PARTS } from "./no-parts.ts";

function file(source: string, score: number, { isTest = false, root = "/r" } = {}): ScoredFile {
  const chunk = { ...makeChunk({ source, text: "" }), root, documentId: source };
  return { score, parts: { ...NO_PARTS, text: score }, isTest, chunks: [{ chunk, score: 1 }] };
}

function gains(files: readonly ScoredFile[], tests = false): Readonly<Record<string, number>> {
  const found = addFolderNeighbours(files, { tests });
  return Object.fromEntries(found.map(({ chunks: [{ chunk }], parts }) => [chunk.source, parts.siblings]));
}

describe("addFolderNeighbours", () => {
  it("lifts what stands beside the best file over a file that stands elsewhere", () => {
    const ranked = addFolderNeighbours([file("a/x.ts", 1), file("b/y.ts", 0.52), file("a/z.ts", 0.5)], {
      tests: false,
    });
    expect(ranked.map(({ chunks: [{ chunk }] }) => chunk.source)).toEqual(["a/x.ts", "a/z.ts", "b/y.ts"]);
    expect(ranked[1]).toMatchObject({ score: 0.55, parts: { text: 0.5, siblings: 0.05 } });
  });

  it("gives the less the more files of the folder are found", () => {
    const five = ["b", "c", "d", "e"].map((name) => file(`a/${name}.ts`, 0.5));
    expect(gains([file("a/a.ts", 1), ...five])["a/b.ts"]).toBeCloseTo(0.025);
  });

  it("gives the best file a share of the second, and nothing to a file without a score", () => {
    const found = gains([file("a/x.ts", 1), file("a/y.ts", 0.5), file("a/z.ts", -0.1)]);
    expect(found["a/x.ts"]).toBeCloseTo(0.05 / Math.sqrt(2));
    expect(found["a/z.ts"]).toBe(0);
  });

  it("keeps equal folders of different roots apart", () => {
    expect(gains([file("a/x.ts", 1), file("a/y.ts", 0.5, { root: "/other" })])["a/y.ts"]).toBe(0);
  });

  it("lets tests give and get nothing, unless they are asked for", () => {
    const files = [file("a/x.test.ts", 1, { isTest: true }), file("a/x.ts", 0.5)];
    expect(gains(files)).toEqual({ "a/x.test.ts": 0, "a/x.ts": 0 });
    expect(gains(files, true)["a/x.ts"]).toBeCloseTo(0.05);
  });
});
