import { describe, expect, it } from "vitest";
import type { ChunkerName } from "../../../src/domain/collection.ts";
import { createMeasure } from "../../../ingest/chunking/measure.ts";
import { openChunker } from "../../../ingest/chunking/open-chunker.ts";
import { createSeparatorChunker, createTokenChunker } from "../../../ingest/chunking/token-splitters.ts";
import { chunksOf, countWords, describeChunker } from "./chunker.contract.ts";

const measure = createMeasure(countWords);
const separators = ["\n\n", "\n", " ", ""];

describeChunker("recursive", () => createSeparatorChunker({ budget: 50, overlap: 0, measure, separators }), {
  budget: 50,
});
describeChunker(
  "recursive with overlap",
  () => createSeparatorChunker({ budget: 50, overlap: 10, measure, separators }),
  {
    budget: 50,
    overlaps: true,
  },
);
describeChunker("token", () => createTokenChunker({ budget: 40, overlap: 0, measure }), { budget: 40 });
describeChunker("token with overlap", () => createTokenChunker({ budget: 40, overlap: 8, measure }), {
  budget: 40,
  overlaps: true,
});

const open = (name: ChunkerName, chunkTokens: number, overlapTokens = 0) =>
  openChunker({ name, version: 1, chunkTokens, overlapTokens }, { countTokens: countWords });

describe("separator and token chunkers", () => {
  it("cuts at paragraphs before lines, and at lines before words", async () => {
    const chunker = await open("recursive", 6);
    const texts = chunksOf(chunker, "a b c\nd e f\n\ng h i\nj k l m n o p").map((chunk) => chunk.text);
    expect(texts).toEqual(["a b c\nd e f", "g h i", "j k l m n o", "p"]);
  });

  it("cuts Markdown at its headings first", async () => {
    const chunker = await open("markdown", 5);
    const texts = chunksOf(chunker, "intro text here\n## One\nbody one\n## Two\nbody two").map((chunk) => chunk.text);
    expect(texts).toEqual(["intro text here", "## One\nbody one", "## Two\nbody two"]);
  });

  it("repeats the last tokens of a chunk in the next one", async () => {
    const chunker = await open("token", 4, 2);
    expect(chunksOf(chunker, "a b c d e f g h").map((chunk) => chunk.text)).toEqual(["a b c d", "c d e f", "e f g h"]);
  });

  it("refuses an overlap as large as the chunk", async () => {
    await expect(open("token", 10, 10)).rejects.toMatchObject({ code: "usage_invalid" });
  });

  it("refuses an overlap for whole sentences", async () => {
    await expect(open("sentences", 150, 10)).rejects.toMatchObject({ code: "usage_invalid" });
  });

  it("cuts source code by lines whatever is chosen for prose", async () => {
    const chunker = await open("token", 4);
    expect(chunksOf(chunker, "const a = 1;\nconst b = 2;\n", "typescript")).toHaveLength(1);
  });
});
