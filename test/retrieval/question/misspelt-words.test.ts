import { describe, expect, it } from "vitest";
import { analyse } from "../../../src/lexical/analyse.ts";
import { termIndex } from "../../../src/lexical/term-index.ts";
import { correctText, findCorrections } from "../../../src/retrieval/question/misspelt-words.ts";
import type { UsualWords } from "../../../src/retrieval/question/usual-words.ts";
import { makeChunk } from "../../support/make-chunk.ts";

const USUAL = new Set(["bread", "does", "how", "change", "the", "what", "where", "is"]);
const usualWords: UsualWords = {
  has: (word) => USUAL.has(word.toLowerCase()),
  nearest: (word) => (word === "upgarde" ? "upgrade" : null),
};

/** What is read in a query over a collection of these texts, which are all found. */
function readIn(query: string, texts: readonly string[]): string {
  const known = new Set(texts.flatMap(analyse));
  const absent = new Set(analyse(query).flatMap((term) => (known.has(term) ? [] : [termIndex(term)])));
  const candidates = texts.map((text, at) => ({ chunk: makeChunk({ text, documentId: String(at) }) }));
  return correctText(query, findCorrections([{ query, found: { candidates, absent } }], usualWords));
}

const TEXT = "To change the vector model, read on. The limits of uploads stand in Qdrant's guide.";

describe("findCorrections", () => {
  it.each([
    ["how to chnage the vectro modle", "how to change the vector model"],
    ["Limmits of uplaods?", "Limits of uploads?"],
    ["is teh limit hight, or taht", "is the limit hight, or that"],
    ["what of Qdrnat's guide", "what of Qdrant's guide"],
    ["the upload-limmits", "the upload-limits"],
    ["how do I upgarde", "how do I upgrade"],
  ])("reads %s as what was meant", (written, meant) => {
    expect(readIn(written, [`${TEXT} A way.`])).toBe(meant);
  });

  it.each([
    ["where is bread", "is a usual word, though the collection lacks it"],
    ["how to limit", "has a form that the collection knows"],
    ["the `vectro` model", "is code"],
    ["what is --vectro", "is a flag"],
    ["what is vectro.json or src/vectro", "is a file or a path"],
    ["what is VECTRO_MODLE or VECTRO", "is a setting"],
    ["who is vecTro", "is an identifier"],
    ["what of mdel", "is short, and two words are as near to it as one that is not there"],
    ["reda the xylophones", "has nothing near it"],
  ])("leaves %s alone: a word in it %s", (query) => {
    const texts = query.includes("mdel") ? ["A medal."] : [TEXT.replace("read on", "go on")];
    expect(readIn(query, texts)).toBe(query);
  });

  it("takes the least slip, then the word that most passages have", () => {
    expect(readIn("the matrial", ["material", "martial", "martial"])).toBe("the martial");
    expect(readIn("the matrial", ["material", "material", "martial"])).toBe("the material");
    expect(readIn("the matrixl", ["matrix", "matrixes", "matrices"])).toBe("the matrixl");
    expect(readIn("a fomr", ["four", "form"])).toBe("a form");
  });

  it("takes a nearer word before one that more passages have, and none for a usual word", () => {
    expect(readIn("a vectro", ["vector", "vectra", "vectra"])).toBe("a vector");
    expect(readIn("where is bread", ["A broad way."])).toBe("where is bread");
  });

  it("makes no word of four letters shorter", () => {
    expect(readIn("whoo is there", [TEXT])).toBe("whoo is there");
  });

  it("is careful with short names, which differ in a letter by nature", () => {
    expect(readIn("when was Biden born", ["Boden was born there."])).toBe("when was Biden born");
    expect(readIn("when was biden born", ["Boden was born there."])).toBe("when was boden born");
    expect(readIn("when was Bidens born", ["Bodens was born there."])).toBe("when was Bidens born");
    expect(readIn("when was Bidders born", ["Bodders was born there."])).toBe("when was Bodders born");
    expect(readIn("when was Eisntein born", ["Einstein was born there."])).toBe("when was Einstein born");
  });

  it("leaves texts alone that are in another language, and words that are data", () => {
    const other = (count: number): string =>
      Array.from({ length: count }, (_, at) => `zq${"abcdefghijklmnopqrstu"[at]}x`).join(" ");
    expect(readIn(`the vectro ${other(19)}`, [TEXT])).toBe(`the vector ${other(19)}`);
    expect(readIn(`the vectro ${other(20)}`, [TEXT])).toBe(`the vectro ${other(20)}`);
    const [long, data] = ["v".repeat(40), "v".repeat(41)];
    expect(readIn(`a ${long}ector, a ${data}`, [`${long}vector, ${data}v`])).toBe(`a ${long}ector, a ${data}`);
  });

  it("reads words with marks as their terms are read", () => {
    expect(readIn("les bibliothqèues", ["Les bibliothèques de Paris."])).toBe("les bibliothèques");
  });
});
