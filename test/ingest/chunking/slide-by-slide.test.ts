import { describe, expect, it } from "vitest";
import { chunkDocument } from "../../../ingest/chunking/chunk-document.ts";
import { CHUNKER_VERSION } from "../../../ingest/chunking/chunker.ts";
import { openChunker } from "../../../ingest/chunking/open-chunker.ts";
import type { CollectionSettings } from "../../../src/domain/collection.ts";
import { loadedMade } from "../loaders/load-made.ts";
import { makePptx, shape } from "../loaders/office/made-office-files.ts";

const slide = (title: string, body: string): { readonly shapes: string } => ({
  shapes: shape([title], "title") + (body === "" ? "" : shape([body])),
});

describe("slides", () => {
  it.each<CollectionSettings["chunker"]["name"]>(["sentences", "recursive", "token", "autogen", "markdown"])(
    "are cited by their own pages with the chunker %s",
    async (name) => {
      const deck = makePptx([
        slide("Only a title", ""),
        slide("Costs", "It costs 5 euros."),
        slide("Thanks", "Ask us."),
      ]);
      const document = await loadedMade("a.pptx", deck);
      const chunker = await openChunker(
        { name, version: CHUNKER_VERSION, chunkTokens: 150, overlapTokens: 0 },
        { countTokens: (text) => text.length / 4 },
      );
      const chunks = [...chunkDocument(document, { chunker, collection: "c" })].map(({ chunk }) => chunk);
      expect(chunks.map(({ page, heading }) => [page, heading])).toEqual([
        [1, null],
        [2, "Costs"],
        [3, "Thanks"],
      ]);
      for (const { span, text } of chunks) expect(document.text.slice(span.start, span.end)).toBe(text);
    },
  );
});
