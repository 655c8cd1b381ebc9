import { describe, expect, it } from "vitest";
import { plainLetters } from "../../src/lexical/plain-letters.ts";

describe("plain letters", () => {
  it.each([
    ["Müll", "mull"],
    ["Mu\u0308ll", "mull"],
    ["ÉTÉ", "ete"],
    ["plain Text", "plain text"],
    ["™", "tm"],
  ])("makes %s small, without marks", (text, plain) => {
    expect(plainLetters(text)).toBe(plain);
  });
});
