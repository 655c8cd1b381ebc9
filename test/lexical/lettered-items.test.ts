import { describe, expect, it } from "vitest";
import { createLetteredItems } from "../../src/lexical/lettered-items.ts";

function lengthsOf(text: string): readonly number[] {
  const markerAt = createLetteredItems(text);
  return Array.from(text.matchAll(/[^\n]+/g), ({ index, 0: line }) => markerAt(index + line.search(/\S/)));
}

describe("createLetteredItems", () => {
  it.each([
    ["letters", "a. the key\nb. the lamp", [2, 2]],
    ["the middle of a list", "f) the key\nof iron\ng) the lamp", [2, 0, 2]],
    ["letters in brackets, with a list within an item", "(a) keys:\n  (i) old\n  (ii) new\n(b) lamps", [3, 3, 4, 3]],
    ["Roman numbers", "iii. the key\niv. the lamp", [4, 3]],
    ["an only item behind a colon", "It holds:\na. the key", [0, 2]],
  ])("finds %s", (_, text, expected) => {
    expect(lengthsOf(text)).toEqual(expected);
  });

  it.each([
    ["initials", "A. Marlow came\nB. Quist left"],
    ["hours and abbreviations", "a.m. it opens\ne.g. the mill\ni.e. the tower"],
    ["a letter without a neighbour", "a. Marlow came\nd. Quist left"],
    ["letters of two forms", "a. the key\nb) the lamp"],
    ["other words", "so.\nme) to\nthe mill, b. the tower"],
  ])("takes no %s for items", (_, text) => {
    expect(lengthsOf(text).every((length) => length === 0)).toBe(true);
  });
});
