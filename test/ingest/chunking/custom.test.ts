import { describe, expect, it } from "vitest";
import { CHUNKER_VERSION } from "../../../ingest/chunking/chunker.ts";
import { chunkerVersion } from "../../../ingest/chunking/chunking-options.ts";
import { createCustomChunker, type CustomTextSplit } from "../../../ingest/chunking/custom.ts";
import { openChunker } from "../../../ingest/chunking/open-chunker.ts";
import { chunksOf, countWords } from "./chunker.contract.ts";

const cut = (text: string, split: CustomTextSplit): { texts: string[]; notes: string[] } => {
  const notes: string[] = [];
  const pieces = [...createCustomChunker(split).cut({ text, language: "text" }, (note) => void notes.push(note))];
  return { texts: pieces.map(({ span }) => text.slice(span.start, span.end)), notes };
};

describe("a split function of the caller's", () => {
  it("has its pieces found where they stand", () => {
    const text = "same same\n\nother\nsame";
    expect(cut(text, (all) => all.split(/\s+/))).toEqual({ texts: ["same", "same", "other", "same"], notes: [] });
  });

  it("may cut a text in halves, and return blank pieces", () => {
    const text = "one two three four 🙂";
    expect(cut(text, (all) => [all.slice(0, 9), "  ", all.slice(9)]).texts).toEqual(["one two t", "hree four 🙂"]);
  });

  it("may let pieces share text", () => {
    const lines = ["a1", "b2", "c3", "d4"];
    expect(cut(lines.join("\n"), () => ["a1\nb2\nc3", "c3\nd4"]).texts).toEqual(["a1\nb2\nc3", "c3\nd4"]);
  });

  it("has what it leaves out named in the report", () => {
    expect(cut("keep this\ndrop that\nkeep it", () => ["keep this", "keep it"]).notes).toEqual([
      "customTextSplitFunction left out 8 characters",
    ]);
  });

  it("fails with the reason when a piece does not stand in the text", () => {
    expect(() => cut("some text", () => ["some", "TEXT"])).toThrow(
      /does not stand in the text after character 1: "TEXT"\. Return parts of the text unchanged/,
    );
  });

  it("fails when it returns no list of texts", () => {
    // @ts-expect-error -- a caller without types may give anything.
    expect(() => cut("some text", () => "some")).toThrow(TypeError);
  });

  it("cuts code too, in place of the chunker", async () => {
    const settings = { name: "sentences", version: 1, chunkTokens: 150, overlapTokens: 0 } as const;
    const split: CustomTextSplit = (text) => text.split("\n");
    const chunker = await openChunker(settings, { countTokens: countWords, customTextSplitFunction: split });
    expect(chunksOf(chunker, "const a = 1;\nconst b = 2;\n", "typescript").map(({ text }) => text)).toEqual([
      "const a = 1;",
      "const b = 2;",
    ]);
  });
});

describe("options of cutting", () => {
  const settings = { name: "autogen", version: 1, chunkTokens: 4, overlapTokens: 0 } as const;

  it("measure with a count function of the caller's", async () => {
    const chunker = await openChunker(settings, { countTokens: countWords, customTokenCountFunction: () => 2 });
    expect(chunksOf(chunker, "a b c d e f\ng h\ni\nj").map(({ text }) => text)).toEqual(["a b c d e f", "g h", "i\nj"]);
  });

  it("choose AutoGen's mode", async () => {
    const chunker = await openChunker(settings, { countTokens: countWords, chunkMode: "one_line" });
    expect(chunksOf(chunker, "a\nb\n\nc").map(({ text }) => text)).toEqual(["a", "b", "c"]);
  });

  it("give a version of their own to what they cut", () => {
    const split: CustomTextSplit = (text) => [text];
    expect(chunkerVersion()).toBe(CHUNKER_VERSION);
    expect(chunkerVersion({ chunkMode: "multi_lines", mustBreakAtEmptyLine: true })).toBe(CHUNKER_VERSION);
    const versions = [
      chunkerVersion({ customTextSplitFunction: split }),
      chunkerVersion({ customTextSplitFunction: (text) => text.split("\n") }),
      chunkerVersion({ customTokenCountFunction: (text) => text.length }),
      chunkerVersion({ chunkMode: "one_line" }),
    ];
    expect(new Set([CHUNKER_VERSION, ...versions]).size).toBe(5);
    expect(versions.every(Number.isSafeInteger)).toBe(true);
    expect(chunkerVersion({ customTextSplitFunction: split })).toBe(versions[0]);
  });
});
