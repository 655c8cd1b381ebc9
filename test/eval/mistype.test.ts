import { describe, expect, it } from "vitest";
import { mistype } from "./mistype.ts";

const QUESTION = "How do I change the embedding model of `chunks` in docs/config.json, Anna?";

describe("mistype", () => {
  it("types one or two words wrong, always in the same way", () => {
    const texts = Array.from({ length: 50 }, (_, seed) => mistype(QUESTION, seed));
    expect(texts).toEqual(Array.from({ length: 50 }, (_, seed) => mistype(QUESTION, seed)));
    expect(new Set(texts.map((one) => one?.text)).size).toBeGreaterThan(30);
    for (const one of texts) {
      expect(one?.words.length).toBeOneOf([1, 2]);
      for (const { meant, written } of one?.words ?? []) {
        expect(["change", "embedding", "model"]).toContain(meant);
        expect(written.charAt(0)).toBe(meant.charAt(0));
        expect(written).not.toBe(meant);
        expect(one?.text).toContain(written);
      }
    }
  });

  it("finds nothing to mistype in short words", () => {
    expect(mistype("How do I run it?", 1)).toBeNull();
  });
});
