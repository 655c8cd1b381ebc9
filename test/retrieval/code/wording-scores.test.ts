import { describe, expect, it } from "vitest";
import { wordingScores } from "../../../src/retrieval/code/wording-scores.ts";

const RAISES = [
  "export function moduleOf(name: string): Module {",
  "  const found = modules.get(name);",
  "  if (found === undefined) throw new Error(`module not registered: ${name}`);",
  "  return found;",
  "}",
].join("\n");
const TALKS = "// Registered modules are not listed here: a module that is registered has a name.\nregister(module);";

describe("wordingScores", () => {
  it("prefers the text that prints a message to one that has its words apart", () => {
    const [raises = 0, talks = 0] = wordingScores("why does it say module not registered: http.foo", [RAISES, TALKS]);
    expect(raises).toBeGreaterThan(0);
    expect(talks).toBe(0);
  });

  it("follows a message over lines of a program, and not over distant ones", () => {
    const broken = 'fail("the reducer must not" +\n  " return undefined");';
    const apart = `// the reducer\n${"\n".repeat(9)}// return undefined`;
    const [whole = 0, parts = 0] = wordingScores("the reducer must not return undefined", [broken, apart]);
    expect(whole).toBeGreaterThan(2 * parts);
    expect(parts).toBeGreaterThan(0);
  });

  it("gives less to a text that repeats a small part of a long line", () => {
    const long =
      "the server should retry with a longer delay whenever the host has closed the connection before it was read";
    const text = ["// when the host has closed it, ask again"];
    const [part = 0] = wordingScores(long, text);
    const [most = 0] = wordingScores("the host has closed", text);
    expect(part).toBeGreaterThan(0);
    expect(most).toBeGreaterThan(2 * part);
  });

  it("gives little for neighbours that stand in every text", () => {
    const texts = ["return the value of a key", "return the value", "return the value, then stop", "stop at once"];
    const [first = 0, , , last = 0] = wordingScores("return the value: stop at once", texts);
    expect(last).toBeGreaterThan(first);
  });

  it.each(["", "module", "module\nnot\nregistered"])("finds no neighbours in %j", (task) => {
    expect(wordingScores(task, [RAISES, TALKS])).toEqual([0, 0]);
  });
});
