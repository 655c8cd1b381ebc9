import { describe, expect, it } from "vitest";
import { bestLines, weighWords } from "../../src/answering/best-lines.ts";

const TEXT = [
  "def connect(host):",
  "    # The keys are read once.",
  "    keys = read_keys(host)",
  "    return keys",
  "",
  "def rotate(host):",
  "    for key in keys(host):",
  "        rotate_key(key)",
  "",
].join("\n");
const linesIn = (text: string): number => text.split("\n").length;
/** Each line has the size 1. */
const sizeOf = (text: string): number => (text.includes("\n") ? linesIn(text) : 0);

function best(query: string, room: number, others: readonly string[] = []): string | null {
  return bestLines(TEXT, { words: weighWords(query, [TEXT, ...others]), room, sizeOf })?.text ?? null;
}

describe("bestLines", () => {
  it("takes the lines in which most of the words stand", () => {
    expect(best("rotate the key of a host", 3)).toBe(
      "def rotate(host):\n    for key in keys(host):\n        rotate_key(key)",
    );
    expect(best("readKeys", 2)).toBe("    # The keys are read once.\n    keys = read_keys(host)");
  });

  it("prefers lines in which words stand together", () => {
    const text = ["the host", "a key", "nothing", "nothing more", "the key of a host", "the end"].join("\n");
    const words = weighWords("key host", [text]);
    expect(bestLines(text, { words, room: 2, sizeOf })?.text).toContain("the key of a host");
  });

  it("prefers the line that prints a message to one that has its words apart", () => {
    const text = ["a module that is not there", "modules are registered", "x", "fail('module not registered')"].join(
      "\n",
    );
    const words = weighWords("why does it say module not registered: foo", [text]);
    expect(bestLines(text, { words, room: 1, sizeOf })?.text).toBe("fail('module not registered')");
  });

  it("prefers the line with the whole name to those with its parts", () => {
    const text = ["replace(local); // the admin server, local", "x", "y", "return replaceLocalAdmin();"].join("\n");
    const words = weighWords("who calls replaceLocalAdmin", [text]);
    expect(bestLines(text, { words, room: 1, sizeOf })?.text).toBe("return replaceLocalAdmin();");
  });

  it("gives a word less the more texts hold it, and nothing to the words of every question", () => {
    const others = Array.from({ length: 5 }, () => "rotate a host");
    expect(best("where does it return to the host, or rotate", 1, others)).toBe("    return keys");
  });

  it("begins beside the first line that holds a word, and not with what only closes a block", () => {
    const code = ["const a = 1;", "const b = 2;", "}", "", "function rotate() {", "  one();", "  two();", "}"].join(
      "\n",
    );
    const words = weighWords("rotate", [code]);
    expect(bestLines(code, { words, room: 4, sizeOf: (some) => (some.includes("\n") ? 8 : 0) })?.text).toBe(
      "function rotate() {\n  one();\n  two();",
    );
  });

  it("leaves a text alone that fits", () => {
    expect(best("keys", 9)).toBeNull();
  });

  it("gives the places of exactly its lines, without empty ones at the ends, whatever the line breaks", () => {
    const text = TEXT.replaceAll("\n", "\r\n");
    const found = bestLines(text, {
      words: weighWords("return", [text]),
      room: 2,
      sizeOf: (some) => linesIn(some) - 1,
    });
    expect(found).toEqual({
      text: "    keys = read_keys(host)\r\n    return keys",
      before: 2,
      count: 2,
      beforeBest: 3,
    });
  });
});
