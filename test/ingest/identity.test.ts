import { describe, expect, it } from "vitest";
import { chunkFingerprint, chunkId, documentId } from "../../ingest/identity.ts";
import type { Chunk } from "../../src/domain/chunk.ts";

const document = { collection: "default", root: "/a", source: "b.md" };
const chunk: Chunk = {
  id: "1",
  documentId: "2",
  root: "/a",
  source: "b.md",
  title: null,
  language: "markdown",
  ordinal: 0,
  text: "Text",
  span: { start: 0, end: 4 },
  lines: { start: 1, end: 1 },
  page: null,
  symbol: null,
  signature: null,
  heading: null,
};

describe("identity", () => {
  it("gives the same document the same id, in every version", () => {
    expect(documentId(document)).toBe("fa76964e-f7cc-58c7-9b37-a2084dcb1936");
  });

  it("tells documents apart whose root and source join to the same path", () => {
    expect(documentId({ ...document, root: "/a/b", source: "c.md" })).not.toBe(
      documentId({ ...document, root: "/a", source: "b/c.md" }),
    );
  });

  it("tells equal chunks of one document apart by their number", () => {
    const id = (occurrence: number): string => chunkId({ ...document, hash: "h", occurrence });
    expect(id(0)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5/);
    expect(id(0)).not.toBe(id(1));
  });

  it("changes a fingerprint with place, title and weights", () => {
    const terms = { indices: [1, 2], values: [0.5, 1] };
    const prints = [
      chunkFingerprint(chunk, terms),
      chunkFingerprint({ ...chunk, ordinal: 1 }, terms),
      chunkFingerprint({ ...chunk, span: { start: 1, end: 5 } }, terms),
      chunkFingerprint({ ...chunk, title: "T" }, terms),
      chunkFingerprint(chunk, { indices: [1, 2], values: [0.5, 0.9] }),
    ];
    expect(prints[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(prints).size).toBe(prints.length);
    expect(chunkFingerprint({ ...chunk }, terms)).toBe(prints[0]);
  });
});
