import { describe, expect, it } from "vitest";
import { createUsualWords } from "../../../src/retrieval/question/usual-words.ts";

const WORDS = new Set(["information", "change", "changes", "trail", "trial", "chat", "renamed", "about"]);
/** Whole words are one token, everything else one a letter. */
const countTokens = (text: string): number => (WORDS.has(text.trim()) ? 1 : text.trim().length);
const usual = createUsualWords(countTokens);

describe("createUsualWords", () => {
  it("knows words that are one token, in any case, and their plural", () => {
    expect(["change", "Change", "chats", "bread"].map((word) => usual.has(word))).toEqual([true, true, true, false]);
  });

  it.each([
    ["chnage", "change"],
    ["chage", "change"],
    ["channge", "change"],
    ["abuot", "about"],
  ])("finds the one word behind a slip: %s", (written, meant) => {
    expect(usual.nearest(written)).toBe(meant);
  });

  it.each([
    ["chanhe", "a replaced letter leads to too many words"],
    ["triail", "two words are as near"],
    ["rename", "it is a form of the word that is near"],
    ["Chnage", "a name may be anything"],
    ["chta", "it is too short"],
  ])("finds none for %s: %s", (written) => {
    expect(usual.nearest(written)).toBeNull();
  });

  it("takes every word for usual where tokens are only estimated, so that nothing is corrected", () => {
    const estimated = createUsualWords((text) => Math.ceil(text.length / 4));
    expect(estimated.has("chnage")).toBe(true);
    expect(estimated.nearest("chnage")).toBeNull();
  });
});
