import { describe, expect, it } from "vitest";
import type { Chunk } from "../../src/domain/chunk.ts";
import type { Hit } from "../../src/domain/hit.ts";
import { placeHits } from "../../src/retrieval/place-hits.ts";
import type { VectorStore } from "../../src/store/vector-store.ts";
import { makeChunk } from "../support/make-chunk.ts";

const PARTS = [
  "The lamp is red. It hangs in the hall. Nobody lit it.\n\n",
  "Chairs stand there. Tables too. Nobody counts them. Dust lies on all of it.\n",
];
const TEXT = PARTS.join("");

function chunkAt(ordinal: number): Chunk {
  const start = PARTS.slice(0, ordinal).join("").length;
  const text = PARTS[ordinal] ?? "";
  return makeChunk({
    id: `c${String(ordinal)}`,
    documentId: "d",
    ordinal,
    text,
    span: { start, end: start + text.length },
    page: ordinal + 1,
  });
}

async function placed(
  terms: readonly string[],
  { trim = false, said = {} }: { readonly trim?: boolean; readonly said?: Pick<Hit, "metadata"> } = {},
): Promise<Hit | undefined> {
  const chunks = [chunkAt(0), chunkAt(1)];
  const best = { chunk: chunkAt(0), score: 1, base: 1, scores: { dense: 1, lexical: 1, sentence: 1 }, ...said };
  const store: Pick<VectorStore, "readSpans"> = {
    readSpans: async (_name, spans) => spans.map(({ span }) => TEXT.slice(span.start, span.end)),
  };
  const [hit] = await placeHits([{ best, chunks }], {
    store,
    collection: "default",
    terms: new Set(terms),
    trim,
    signal: undefined,
  });
  return hit;
}

async function chunkIds(terms: readonly string[], trim: boolean): Promise<readonly string[]> {
  return (await placed(terms, { trim }))?.chunkIds ?? [];
}

describe("placeHits", () => {
  it("names no chunk that was trimmed away, so that a later round may still bring it", async () => {
    expect(await chunkIds(["lamp"], true)).toEqual(["c0"]);
    expect(await chunkIds(["lamp", "dust"], true)).toEqual(["c0", "c1"]);
    expect(await chunkIds(["lamp"], false)).toEqual(["c0", "c1"]);
  });

  it("brings along what is said of the document, and nothing where nothing is", async () => {
    expect(await placed(["lamp"], { said: { metadata: { team: "docs" } } })).toMatchObject({
      metadata: { team: "docs" },
    });
    expect(await placed(["lamp"])).not.toHaveProperty("metadata");
  });

  it("names the page that the text begins on after the trimming", async () => {
    expect(await placed(["lamp", "dust"], { trim: true })).toMatchObject({ page: 1 });
    expect(await placed(["dust"], { trim: true })).toMatchObject({ page: 2 });
  });

  it("always names the chunk that opened the span", async () => {
    expect(await chunkIds(["dust"], true)).toContain("c0");
  });
});
