import type { Chunk } from "../../src/domain/chunk.ts";
import type { Hit } from "../../src/domain/hit.ts";

/** A chunk for tests; its id tells document and place. */
export function makeChunk(part: Partial<Chunk> & { readonly text: string }): Chunk {
  const { text, documentId = "doc", ordinal = 0, span = { start: 0, end: text.length } } = part;
  return {
    id: `${documentId}-${String(ordinal)}`,
    documentId,
    root: "/root",
    source: `${documentId}.md`,
    title: null,
    language: "markdown",
    ordinal,
    span,
    lines: { start: 1, end: 1 },
    page: null,
    symbol: null,
    signature: null,
    heading: null,
    ...part,
  };
}

/** A hit of one chunk for tests. */
export function makeHit(part: Partial<Hit> & { readonly text: string }): Hit {
  return {
    rank: 1,
    score: 0.8,
    root: "/root",
    source: "guide.md",
    title: null,
    lines: { start: 1, end: 1 },
    span: { start: 0, end: part.text.length },
    page: null,
    language: "markdown",
    symbol: null,
    scores: { dense: 0.8, lexical: 0.8, sentence: 0.8 },
    documentId: "guide",
    chunkIds: ["guide-0"],
    ...part,
  };
}
