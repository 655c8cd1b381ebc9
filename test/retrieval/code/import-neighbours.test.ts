import { describe, expect, it } from "vitest";
import { addImportNeighbours } from "../../../src/retrieval/code/import-neighbours.ts";
import type { ScoredFile } from "../../../src/retrieval/code/score-files.ts";
import type { VectorStore } from "../../../src/store/vector-store.ts";
import { makeChunk } from "../../support/make-chunk.ts";
import { NO_PARTS } from "./no-parts.ts";

function file(source: string, score: number, isTest = false): ScoredFile {
  const chunk = { ...makeChunk({ source, text: "" }), documentId: source };
  return { score, parts: { ...NO_PARTS, text: score }, isTest, chunks: [{ chunk, score: 1 }] };
}

async function rank(files: readonly ScoredFile[], texts: Readonly<Record<string, string>>, tests = false) {
  const store: Pick<VectorStore, "readSpans"> = {
    readSpans: async (_, spans) => spans.map(({ documentId }) => texts[documentId] ?? null),
  };
  const ranked = await addImportNeighbours(files, { store, collection: "code", tests });
  return ranked.map(({ chunks: [{ chunk }], score, parts }) => ({ source: chunk.source, score, parts }));
}

describe("addImportNeighbours", () => {
  it("gives what the best file imports a share, and what imports the best one", async () => {
    const files = [file("a.ts", 1), file("b.ts", 0.5), file("c.ts", 0.45), file("d.ts", 0.4)];
    const ranked = await rank(files, { "a.ts": 'import "./c.ts";', "d.ts": 'import "./a.ts";' });
    expect(ranked.map(({ source }) => source)).toEqual(["a.ts", "c.ts", "b.ts", "d.ts"]);
    expect(ranked[1]?.parts.imports).toBeCloseTo((0.2 / Math.sqrt(2)) * 0.45);
    expect(ranked[3]?.score).toBeGreaterThan(0.4);
    expect(ranked[2]?.parts.imports).toBe(0);
  });

  it("divides the share among many imports", async () => {
    const names = ["b", "c", "d", "e"];
    const files = [file("a.ts", 1), ...names.map((name) => file(`${name}.ts`, 0.5))];
    const [, neighbour] = await rank(files, { "a.ts": names.map((name) => `import "./${name}.ts";`).join("\n") });
    expect(neighbour?.parts.imports).toBeCloseTo((0.2 / Math.sqrt(5)) * 0.5);
  });

  it("lets tests give and get nothing, unless they are asked for", async () => {
    const files = [file("a.test.ts", 1, true), file("b.ts", 0.6), file("c.ts", 0.5)];
    const texts = { "a.test.ts": 'import "./c.ts";' };
    expect((await rank(files, texts)).map(({ parts }) => parts.imports)).toEqual([0, 0, 0]);
    expect((await rank(files, texts, true)).find(({ source }) => source === "c.ts")?.parts.imports).toBeGreaterThan(0);
  });

  it("leaves files without neighbours, whose texts are gone, or that are alone as they are", async () => {
    expect(await rank([file("a.ts", 1)], { "a.ts": 'import "./b.ts";' })).toMatchObject([{ score: 1 }]);
    expect(await rank([file("a.ts", 1), file("b.ts", 0.5)], {})).toMatchObject([{ score: 1 }, { score: 0.5 }]);
  });
});
