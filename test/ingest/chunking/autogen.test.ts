import { describe, expect, it } from "vitest";
import { type AutogenOptions, createAutogenChunker } from "../../../ingest/chunking/autogen.ts";
import { createMeasure } from "../../../ingest/chunking/measure.ts";
import { chunksOf, countWords, describeChunker } from "./chunker.contract.ts";

const measure = createMeasure(countWords);
/** A token for every eight characters of a word, as a byte-pair encoding counts long runs of one letter. */
const measureRuns = createMeasure((text) => Math.ceil(text.length / 8));

describeChunker("autogen, several lines", () => createAutogenChunker({ budget: 40, measure }), { budget: 40 });
describeChunker("autogen, one line", () => createAutogenChunker({ budget: 40, measure, mode: "one_line" }), {
  budget: 40,
});
describeChunker("autogen with overlap", () => createAutogenChunker({ budget: 40, measure, overlapLines: 2 }), {
  budget: 40,
  overlaps: true,
});

const LETTERS = Array.from({ length: 25 }, (_, index) => String.fromCodePoint(65 + index));
const lines = (from: string, to: string): string =>
  LETTERS.filter((letter) => letter >= from && letter <= to).join("\n");
const textsOf = (text: string, options: Omit<AutogenOptions, "measure">): string[] =>
  chunksOf(createAutogenChunker({ ...options, measure }), text).map((chunk) => chunk.text);

describe("AutoGen's chunker", () => {
  it("cuts lines A to Y at 10 tokens as the original does", () => {
    expect(textsOf(LETTERS.join("\n"), { budget: 10 })).toEqual([lines("A", "I"), lines("J", "R"), lines("S", "Y")]);
  });

  it("shares three lines as the original does", () => {
    expect(textsOf(LETTERS.join("\n"), { budget: 10, overlapLines: 3 })).toEqual([
      lines("A", "I"),
      lines("G", "O"),
      lines("M", "U"),
      lines("S", "Y"),
    ]);
  });

  it("cuts one line of 10,000 letters into few pieces", () => {
    const chunker = createAutogenChunker({ budget: 1_000, measure: measureRuns });
    const chunks = chunksOf(chunker, "A".repeat(10_000));
    expect(chunks.length).toBeLessThanOrEqual(3);
    for (const { text } of chunks) expect(measureRuns(text)).toBeLessThanOrEqual(1_000);
  });

  it("ends a chunk at an empty line within reach", () => {
    expect(textsOf("a\nb\n\nc\nd\ne\nf", { budget: 5 })).toEqual(["a\nb", "c\nd\ne\nf"]);
    expect(textsOf("a\nb\n\nc\nd\ne\nf", { budget: 5, mustBreakAtEmptyLine: false })).toEqual(["a\nb\n\nc\nd", "e\nf"]);
  });

  it("breaks at empty lines again after a stretch without one", () => {
    expect(textsOf("a\nb\nc\nd\ne\nf\n\ng\nh\ni\nj", { budget: 5 })).toEqual(["a\nb\nc\nd", "e\nf", "g\nh\ni\nj"]);
  });

  it("makes a chunk of every line, the last ones too", () => {
    expect(textsOf("a b\n\nc\nd", { budget: 3, mode: "one_line" })).toEqual(["a b", "c", "d"]);
  });

  it("keeps texts of fewer than five characters", () => {
    expect(textsOf("abcd", { budget: 10 })).toEqual(["abcd"]);
  });

  it("refuses an unknown mode", () => {
    // @ts-expect-error -- a caller without types may give anything.
    expect(() => createAutogenChunker({ budget: 10, measure, mode: "bogus_chunk_mode" })).toThrow(/bogus_chunk_mode/);
  });
});
