import { describe, expect, it } from "vitest";
import { linesOf } from "../../src/domain/lines-of.ts";

const lines = (text: string): readonly string[] =>
  Array.from(linesOf(text), ({ start, end }) => text.slice(start, end));

describe("linesOf", () => {
  it("knows all three breaks, of which the last one opens a line", () => {
    expect(lines("a\nb\r\nc\rd")).toEqual(["a", "b", "c", "d"]);
    expect(lines("a\n\r\n")).toEqual(["a", "", ""]);
    expect(lines("")).toEqual([""]);
  });
});
