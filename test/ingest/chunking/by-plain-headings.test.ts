import { describe, expect, it } from "vitest";
import { withHeadings } from "../../../ingest/chunking/headings.ts";
import { createMeasure } from "../../../ingest/chunking/measure.ts";
import { byPlainHeadings } from "../../../ingest/chunking/by-plain-headings.ts";
import { createSentenceChunker } from "../../../ingest/chunking/sentences.ts";
import { chunksOf, countWords, describeChunker } from "./chunker.contract.ts";

const measure = createMeasure(countWords);
const outlined = (budget: number) => byPlainHeadings(withHeadings(createSentenceChunker({ budget, measure })));

describeChunker("sentences, plain text with headings", () => outlined(40), { budget: 40, language: "text" });

const STATUTES = [
  "MILL STATUTES",
  "=============",
  "",
  "ARTICLE I",
  "Name",
  "",
  "  The mill is called Lindmouth.",
  "",
  "ARTICLE II",
  "Tolls",
  "",
  "# a remark",
  "A barge pays two coins 😀.",
  "",
].join("\r\n");

describe("a plain text with headings", () => {
  it("is cut by them, and stays as it is written", () => {
    const chunks = chunksOf(outlined(150), STATUTES, "text");
    expect(chunks.map(({ text, heading, lines }) => ({ text, heading, lines }))).toEqual([
      {
        text: "MILL STATUTES\r\n=============\r\n\r\nARTICLE I\r\nName\r\n\r\n  The mill is called Lindmouth.",
        heading: "MILL STATUTES > ARTICLE I > Name",
        lines: { start: 1, end: 7 },
      },
      {
        text: "ARTICLE II\r\nTolls\r\n\r\n# a remark\r\nA barge pays two coins 😀.",
        heading: "MILL STATUTES > ARTICLE II > Tolls",
        lines: { start: 9, end: 13 },
      },
    ]);
  });

  it("keeps the line under a last heading", () => {
    const text = "Tolls\n=====\n\nTwo coins for a barge.\n\nFairs\n=====\n";
    expect(chunksOf(outlined(150), text, "text").map((chunk) => chunk.text)).toEqual([
      "Tolls\n=====\n\nTwo coins for a barge.",
      "Fairs\n=====",
    ]);
  });

  it("is Markdown's own affair in Markdown", () => {
    const text = "ARTICLE I\n\nOne.\n\nARTICLE II\n\nTwo.\n";
    expect(chunksOf(outlined(150), text)).toHaveLength(1);
    expect(chunksOf(outlined(150), text, "text")).toHaveLength(2);
  });
});
