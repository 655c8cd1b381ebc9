import { describe, expect, it } from "vitest";
import { lineStart } from "../../src/lexical/line-start.ts";

describe("lineStart", () => {
  it.each([
    ["a line feed", "One.\nTwo three.", 5],
    ["both marks", "One.\r\nTwo three.", 6],
    ["a carriage return alone", "One.\rTwo three.", 5],
    ["nothing", "Two three.", 0],
  ])("finds the beginning of a line behind %s", (_, text, start) => {
    expect(lineStart(text, text.indexOf("three"))).toBe(start);
    expect(lineStart(text, start)).toBe(start);
  });
});
