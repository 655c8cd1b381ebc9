import { describe, expect, it } from "vitest";
import type { Chunk } from "../../src/domain/chunk.ts";
import type { PageSpan } from "../../src/domain/document.ts";
import type { Hit } from "../../src/domain/hit.ts";
import { placeHits } from "../../src/retrieval/place-hits.ts";
import type { VectorStore } from "../../src/store/vector-store.ts";
import { sampleDocument } from "../store/store-samples.ts";
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

interface Placing {
  readonly trim?: boolean;
  readonly said?: Pick<Hit, "metadata">;
  readonly pages?: readonly PageSpan[];
  readonly chunks?: readonly [Chunk, ...Chunk[]];
  /** What is stored. */
  readonly text?: string;
  readonly asked?: string[];
}

async function placed(
  terms: readonly string[],
  { trim = false, said = {}, pages, chunks = [chunkAt(0), chunkAt(1)], text = TEXT, asked = [] }: Placing = {},
): Promise<Hit | undefined> {
  const best = { chunk: chunks[0], score: 1, evidenceScore: 1, scores: { dense: 1, lexical: 1, sentence: 1 }, ...said };
  const store: Pick<VectorStore, "readSpans" | "getDocument"> = {
    async getDocument(_name, id) {
      asked.push(id);
      return sampleDocument("d", { id, ...(pages && { pages }) });
    },
    readSpans: async (_name, spans) => spans.map(({ span }) => text.slice(span.start, span.end)),
  };
  const [hit] = await placeHits([{ best, chunks }], {
    store,
    collection: "default",
    terms: new Set(terms),
    isRelated: () => false,
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

  it("names the headings that the whole text stands under", async () => {
    const under = (...headings: readonly (string | null)[]): readonly [Chunk, Chunk] => [
      { ...chunkAt(0), heading: headings[0] ?? null },
      { ...chunkAt(1), heading: headings[1] ?? null },
    ];
    const chunks = under("Stores > Qdrant > Keys", "Stores > Qdrant");
    expect(await placed(["lamp", "dust"], { chunks })).toMatchObject({ heading: "Stores > Qdrant" });
    expect(await placed(["lamp"], { chunks, trim: true })).toMatchObject({ heading: "Stores > Qdrant > Keys" });
    expect(await placed(["lamp"], { chunks: under("Stores", "Store") })).not.toHaveProperty("heading");
    expect(await placed(["lamp"], { chunks: under("Stores", null) })).not.toHaveProperty("heading");
    expect(await placed(["lamp"])).not.toHaveProperty("heading");
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

  it("takes pages from the document's record, since a chunk may go over a page break", async () => {
    const second = TEXT.indexOf("Nobody lit");
    const third = TEXT.indexOf("Nobody counts");
    const pages = [
      { page: 4, start: 0, end: second - 1 },
      { page: 5, start: second, end: third - 1 },
      { page: 7, start: third, end: TEXT.length },
    ];
    const starts = [
      { page: 5, start: second },
      { page: 7, start: third },
    ];
    expect(await placed(["lamp", "dust"], { trim: true, pages })).toMatchObject({ page: 4, pageStarts: starts });
    expect(await placed(["count"], { trim: true, pages })).toMatchObject({ page: 5, pageStarts: starts.slice(1) });
    const within = await placed(["lamp"], { trim: true, pages });
    expect(within).toMatchObject({ page: 4, text: "The lamp is red. It hangs in the hall." });
    expect(within).not.toHaveProperty("pageStarts");
  });

  it("takes them from the chunks where the record says nothing of pages", async () => {
    const start = chunkAt(1).span.start;
    expect(await placed(["lamp", "dust"], { trim: true })).toMatchObject({ pageStarts: [{ page: 2, start }] });
  });

  it("names no further page where all chunks begin on one", async () => {
    const chunks = [chunkAt(0), { ...chunkAt(1), page: 1 }] as const;
    expect(await placed(["lamp"], { chunks })).not.toHaveProperty("pageStarts");
  });

  it("asks for the record of a document with pages, and for none of slides and what has no pages", async () => {
    const asked: string[] = [];
    await placed(["lamp"], { asked });
    expect(asked).toEqual(["d"]);
    await placed(["lamp"], { asked, chunks: [{ ...chunkAt(0), language: "pptx" }] });
    await placed(["lamp"], { asked, chunks: [{ ...chunkAt(0), page: null }] });
    expect(asked).toEqual(["d"]);
  });

  it("goes from the first line of its chunks to the last", async () => {
    const first = { ...chunkAt(0), lines: { start: 1, end: 2 } };
    const second = { ...chunkAt(1), lines: { start: 3, end: 3 } };
    for (const chunks of [[first, second] as const, [second, first] as const]) {
      expect(await placed(["lamp"], { chunks })).toMatchObject({ lines: { start: 1, end: 3 }, text: TEXT });
    }
  });

  it("is the best chunk alone where the stored text is another one by now", async () => {
    const { text, span } = chunkAt(0);
    expect(await placed(["lamp"], { text: TEXT.replace("red", "new") })).toMatchObject({
      text,
      span,
      chunkIds: ["c0"],
    });
  });

  describe("in code", () => {
    const text = [
      "def repair(kite):",
      "    return kite",
      "",
      "",
      "def paint(wall):",
      "    brush(wall)",
      "",
      "",
      "class Aquarium:",
      "    def fill(self):",
      "        pour(self)",
    ].join("\n");
    const piece = makeChunk({ text, language: "python", symbol: "Aquarium", lines: { start: 21, end: 31 } });
    const symbolFor = async (term: string, part: Partial<Chunk> = {}): Promise<unknown> =>
      (await placed([term], { chunks: [{ ...piece, ...part }], text, trim: true }))?.symbol;

    it("is named after the definition that its lines show", async () => {
      expect(await symbolFor("kite")).toBe("repair");
      expect(await symbolFor("brush")).toBe("paint");
      expect(await symbolFor("pour")).toBe("Aquarium");
    });

    it("keeps the name of a piece that is shown whole, that lies inside what names it, or has none", async () => {
      expect(await symbolFor("absent")).toBe("Aquarium");
      expect(await symbolFor("kite", { symbol: "Park" })).toBe("Park");
      expect(await symbolFor("kite", { symbol: null })).toBeNull();
    });
  });

  it("always names the chunk that opened the span", async () => {
    expect(await chunkIds(["dust"], true)).toContain("c0");
  });
});
