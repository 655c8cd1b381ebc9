import { describe, expect, it } from "vitest";
import { createFencePlaces, fencedBlocks } from "../../src/lexical/fences.ts";

const blocksOf = (text: string, isPart = false): string[] =>
  fencedBlocks(text, { isPart }).map(({ start, end }) => text.slice(start, end));

describe("fencedBlocks", () => {
  it("finds what stands between two fences of one mark", () => {
    expect(blocksOf("a\n```js\nx\n```\nb\n\n~~~\ny\n~~~\nc")).toEqual(["```js\nx\n```", "~~~\ny\n~~~"]);
  });

  it("takes a shorter fence, one of another mark and one with a language for code", () => {
    const block = "````md\n```\n~~~~\n````js\n````";
    expect(blocksOf(`${block}\nprose`)).toEqual([block]);
  });

  it("finds indented ones and those with Windows line breaks", () => {
    expect(blocksOf("- a\r\n  ```\r\n  x\r\n  ```\r\nb")).toEqual(["  ```\r\n  x\r\n  ```"]);
  });

  it("opens none by a fence that nothing closes", () => {
    expect(blocksOf("# A\n\n```js\nx\n\n# B\n\nProse.\n")).toEqual([]);
    expect(blocksOf("A\n\n~~~~\nProse. More.\n")).toEqual([]);
    expect(blocksOf("```\nx\n```\n```js\ny")).toEqual(["```\nx\n```"]);
  });

  it("takes tildes below a line of their length for an underline", () => {
    expect(blocksOf("Title\n~~~~~\n\nProse.\n\nOther\n~~~~~\n\nMore.\n")).toEqual([]);
  });

  it("takes no line of code with backticks for a fence", () => {
    expect(blocksOf("```inline``` code\n\nProse.\n```inline``` code")).toEqual([]);
  });

  it("lets a block of a part go on to its end, or to prose", () => {
    expect(blocksOf("Do this:\n\n```js\nx\n\ny", true)).toEqual(["```js\nx\n\ny"]);
    expect(blocksOf("Do this:\n\n```\nx\n\nThis is prose.\n\nMore of it.", true)).toEqual(["```\nx"]);
  });

  it("sees that a part begins within a block", () => {
    expect(blocksOf("x = 1\n```\nProse.\n", true)).toEqual(["x = 1\n```"]);
    expect(blocksOf("x = 1\n```\nProse.\n\n```js\ny\n```\n", true)).toEqual(["x = 1\n```", "```js\ny\n```"]);
  });

  it("takes prose in front of a lone fence of a part for prose", () => {
    expect(blocksOf("This is how it is done:\n```\nx = 1", true)).toEqual(["```\nx = 1"]);
  });

  it("tells a part that ends within a block from one that begins within one", () => {
    const whole =
      "This is how it works in all that follows:\n```\na\n```\nThen go on.\n\nWith this one, for once:\n```\nb";
    expect(blocksOf(whole, true)).toEqual(["```\na\n```", "```\nb"]);
    expect(blocksOf("x = 1\n```\nThis is prose.\n\nHere is more of it:\n```\ny = 2", true)).toEqual([
      "x = 1\n```",
      "```\ny = 2",
    ]);
  });

  it("reads thousands of fences that nothing closes in one go", () => {
    const text = `${"``` a\n~~~ b\n".repeat(100_000)}end`;
    expect(fencedBlocks(text)).toEqual([]);
  });
});

describe("createFencePlaces", () => {
  it("tells fences from what is between them", () => {
    const text = "a\n```\nx\n```\nb";
    const placeAt = createFencePlaces(fencedBlocks(text));
    expect([0, 2, 6, 8, 12].map((offset) => placeAt(offset)?.isFence ?? null)).toEqual([null, true, false, true, null]);
  });
});
