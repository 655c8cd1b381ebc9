import { describe, expect, it } from "vitest";
import { createWordWrap } from "../../../src/cli/output/word-wrap.ts";

/** The text laid out when it arrives in pieces of some length. */
function wrapped(text: string, { width = 20, size = text.length || 1 } = {}): string {
  const wrap = createWordWrap(width);
  let out = "";
  for (let start = 0; start < text.length; start += size) out += wrap.push(text.slice(start, start + size));
  return out + wrap.end();
}

describe("createWordWrap", () => {
  it("breaks between words, never within one", () => {
    expect(wrapped("The lease ends on 28 February 2028. [1]")).toBe("The lease ends on 28\nFebruary 2028. [1]");
    expect(wrapped(`a ${"x".repeat(30)} b`)).toBe(`a\n${"x".repeat(30)}\nb`);
  });

  it.each([1, 2, 3, 7])("gives the same for pieces of %i characters", (size) => {
    const text =
      "One two three four five.\n\n- six seven eight nine ten\n  1. eleven twelve thirteen\n\n```\na b c d e f g h i j k l m n\n```\nend";
    expect(wrapped(text, { size })).toBe(wrapped(text));
  });

  it("aligns the lines of a list's item behind its mark", () => {
    expect(wrapped("- one two three four five\n  10. six seven eight nine")).toBe(
      "- one two three four\n  five\n  10. six seven\n      eight nine",
    );
  });

  it("leaves code and tables as they are", () => {
    const text = "```sh\ncitewell ingest docs --collection notes\n```\n| a long cell | another long cell |\n";
    expect(wrapped(text)).toBe(text);
  });

  it("loses nothing but the spaces at which it breaks", () => {
    const text = "  Indented words that go on and on\n\nand a [link](https://example.com/a/b/c) at the end\n";
    expect(wrapped(text).replaceAll(/\s+/g, " ")).toBe(text.replaceAll(/\s+/g, " "));
    expect(wrapped(text, { width: Number.POSITIVE_INFINITY })).toBe(text);
  });
});
