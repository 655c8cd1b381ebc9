import { describe, expect, it } from "vitest";
import type { Chunk } from "../../../src/domain/chunk.ts";
import type { LoadedDocument } from "../../../src/domain/document.ts";
import { chunkDocument } from "../../../ingest/chunking/chunk-document.ts";
import type { Chunker } from "../../../ingest/chunking/chunker.ts";
import { createMeasure } from "../../../ingest/chunking/measure.ts";
import { createRandom } from "../../../src/domain/seeded-random.ts";
import { ODD_TEXTS, randomText } from "./odd-texts.ts";

/** Words and marks, as the hashing embedder counts. */
export function countWords(text: string): number {
  return text.match(/[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu)?.length ?? 0;
}

/** The chunks that a chunker makes of a text. */
export function chunksOf(chunker: Chunker, text: string, language = "markdown"): readonly Chunk[] {
  const document: LoadedDocument = {
    root: "/root",
    source: "file.md",
    title: null,
    mediaType: "text/markdown",
    language,
    text,
    contentHash: "",
    bytes: 0,
    pages: [],
  };
  return [...chunkDocument(document, { chunker, collection: "test" })].map(({ chunk }) => chunk);
}

/** What a chunker promises. */
export interface ChunkerPromise {
  readonly budget: number;
  /** Whether chunks may share text. */
  readonly overlaps?: boolean;
  readonly language?: string;
}

/** Every chunker must pass this suite, with a size measured by {@link countWords}. */
export function describeChunker(name: string, create: () => Chunker, options: ChunkerPromise): void {
  const check = (text: string): void => checkChunks(text, chunksOf(create(), text, options.language), options);

  describe(`chunker: ${name}`, () => {
    it.each(Object.entries(ODD_TEXTS))("keeps every character in its place: %s", (_title, text) => {
      check(text);
    });

    it("keeps every character in its place in 200 random texts", () => {
      const random = createRandom(20_261_120);
      for (let round = 0; round < 200; round += 1) check(randomText(random));
    });

    it("cuts the same text the same way", () => {
      const text = Object.values(ODD_TEXTS).join("\n\n");
      expect(chunksOf(create(), text, options.language)).toEqual(chunksOf(create(), text, options.language));
    });
  });
}

function checkChunks(text: string, chunks: readonly Chunk[], { budget, overlaps = false }: ChunkerPromise): void {
  const measure = createMeasure(countWords);
  const covered = new Uint8Array(text.length);
  let previous: Chunk | undefined;
  for (const [index, chunk] of chunks.entries()) {
    const { start, end } = chunk.span;
    expect(chunk.ordinal).toBe(index);
    expect(text.slice(start, end)).toBe(chunk.text);
    expect(chunk.text.trim()).not.toBe("");
    expect(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/.test(chunk.text)).toBe(false);
    expect(chunk.lines).toEqual({ start: lineOf(text, start), end: lineOf(text, end - 1) });
    if (previous !== undefined) {
      expect(start).toBeGreaterThan(previous.span.start);
      if (!overlaps) expect(start).toBeGreaterThanOrEqual(previous.span.end);
    }
    // White space between sentences counts by its length alone; a text of hardly anything else may be over.
    expect(measure(chunk.text.replaceAll(/\s+/g, " "))).toBeLessThanOrEqual(budget);
    covered.fill(1, start, end);
    previous = chunk;
  }
  const lost = Array.from(covered.keys()).filter((at) => covered[at] === 0 && /\S/.test(text[at] ?? ""));
  expect(lost).toEqual([]);
}

function lineOf(text: string, offset: number): number {
  return text
    .slice(0, offset)
    .replace(/\r$/, text[offset] === "\n" ? "" : "\r")
    .split(/\r\n|\n|\r/).length;
}
