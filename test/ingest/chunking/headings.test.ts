import { describe, expect, it } from "vitest";
import { chunkDocument } from "../../../ingest/chunking/chunk-document.ts";
import { articleTitles, withHeadings } from "../../../ingest/chunking/headings.ts";
import { createMeasure } from "../../../ingest/chunking/measure.ts";
import { createSentenceChunker } from "../../../ingest/chunking/sentences.ts";
import { createTokenChunker } from "../../../ingest/chunking/token-splitters.ts";
import { countWords } from "./chunker.contract.ts";

const measure = createMeasure(countWords);
const sentences = withHeadings(createSentenceChunker({ budget: 150, measure }));

const TEXT = `# Guide

Welcome.

## Stores

### Qdrant \`server\`

Point to it.

Old name
--------

Below a line.

\`\`\`
# no heading
\`\`\`

# [Other](x.md) part ##

The end.
`;

describe("headings of a piece", () => {
  it("are the path down to its own first heading", () => {
    expect([...sentences.cut({ text: TEXT, language: "markdown" })].map(({ headings }) => headings)).toEqual([
      ["Guide"],
      ["Guide", "Stores", "Qdrant server"],
      ["Guide", "Old name"],
      ["Other part"],
    ]);
  });

  it("are told for every chunker, also where pieces share text", () => {
    const chunker = withHeadings(createTokenChunker({ budget: 6, overlap: 3, measure }));
    const text = "# A\n\none two three four\n\n## B\n\nfive six seven eight nine ten\n";
    const found = [...chunker.cut({ text, language: "markdown" })];
    expect(found[0]?.headings).toEqual(["A"]);
    expect(found.at(-1)?.headings).toEqual(["A", "B"]);
    for (const { span, headings } of found) {
      if (span.start > text.indexOf("## B")) expect(headings).toEqual(["A", "B"]);
    }
  });

  it("are none in plain text and code", () => {
    expect([...sentences.cut({ text: "# A\n\nText.", language: "text" })][0]?.headings).toBeUndefined();
  });

  it("stand below the title in what is embedded, and not in the chunk's text", () => {
    const document = {
      root: "/root",
      source: "guide.md",
      title: "Guide",
      mediaType: "text/markdown",
      language: "markdown",
      text: TEXT,
      contentHash: "",
      bytes: 0,
      pages: [],
    };
    const chunks = [...chunkDocument(document, { chunker: sentences, collection: "test" })];
    expect(chunks.map(({ prefix }) => prefix)).toEqual([
      "Guide",
      "Guide > Stores > Qdrant server",
      "Guide > Old name",
      "Guide > Other part",
    ]);
    expect(chunks.map(({ chunk }) => chunk.heading)).toEqual([
      null,
      "Stores > Qdrant server",
      "Old name",
      "Other part",
    ]);
    expect(chunks[1]?.chunk.text.startsWith("## Stores")).toBe(true);
    expect(chunks[1]?.embeddedText).toBe(`Guide > Stores > Qdrant server\n${chunks[1]?.chunk.text}`);
  });
});

describe("articleTitles", () => {
  const titlesOf = (text: string, language = "markdown"): readonly string[] => articleTitles({ language, text });

  it("are the headings of level 1, where there are several, as chunks name them", () => {
    const text =
      "# Odra *Kesh*\n\nA painter.\n\n## Life\n\nLong.\n\nVellin\n======\n\nA town.\n\n# Odra Kesh\n\nAgain.\n";
    expect(titlesOf(text)).toEqual(["Odra Kesh", "Vellin"]);
    const document = {
      root: "/r",
      source: "wiki.jsonl",
      title: null,
      mediaType: "text/markdown",
      language: "markdown",
      text,
      contentHash: "hash",
      bytes: text.length,
      pages: [],
    };
    const chunks = [...chunkDocument(document, { chunker: sentences, collection: "c" })];
    const headings = chunks.map(({ chunk }) => chunk.heading?.split(" > ")[0]);
    expect(new Set(headings)).toEqual(new Set(titlesOf(text)));
  });

  it("are none where one heading is the title of all, in code, and where text has no headings", () => {
    expect(titlesOf("# Guide\n\n## One\n\n## Two\n")).toEqual([]);
    expect(titlesOf("# Guide\n\n```\n# a\n# b\n```\n")).toEqual([]);
    expect(titlesOf("# One\n\n# Two\n", "text")).toEqual([]);
    expect(titlesOf("# One\n\n# Two\n", "python")).toEqual([]);
  });
});
