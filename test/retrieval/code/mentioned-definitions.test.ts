import { describe, expect, it } from "vitest";
import { addMentionedDefinitions } from "../../../src/retrieval/code/mentioned-definitions.ts";
import type { ScoredFile } from "../../../src/retrieval/code/score-files.ts";
import { makeChunk } from "../../support/make-chunk.ts";
import { NO_PARTS } from "./no-parts.ts";

function file(source: string, score: number, texts: readonly string[], isTest = false): ScoredFile {
  const pieces = texts.map((text, index) => ({
    chunk: { ...makeChunk({ source, text, ordinal: index }), documentId: source, symbol: null },
    score: 1 - index / 10,
  }));
  const [first = { chunk: makeChunk({ source, text: "" }), score: 1 }, ...rest] = pieces;
  return { score, parts: { ...NO_PARTS, text: score }, isTest, chunks: [first, ...rest] };
}

function gains(files: readonly ScoredFile[], tests = false): Readonly<Record<string, number>> {
  const found = addMentionedDefinitions(files, { tests });
  return Object.fromEntries(found.map(({ chunks: [{ chunk }], parts }) => [chunk.source, parts.mentioned]));
}

const CALLER = file("caller.py", 1, ["rows = load_rows()"]);

describe("addMentionedDefinitions", () => {
  it("lifts the file that defines what the best piece of the best file mentions", () => {
    const files = [CALLER, file("other.py", 0.52, ["nothing"]), file("rows.py", 0.5, ["def load_rows():\n  pass"])];
    const ranked = addMentionedDefinitions(files, { tests: false });
    expect(ranked.map(({ chunks: [{ chunk }] }) => chunk.source)).toEqual(["caller.py", "rows.py", "other.py"]);
    expect(ranked[1]).toMatchObject({ score: 0.55, parts: { text: 0.5, mentioned: 0.05 } });
  });

  it("gives what a lesser file mentions its share of the best score, and the largest share only", () => {
    const definer = file("rows.py", 0.2, ["def load_rows():\n  pass"]);
    const lesser = file("lesser.py", 0.5, ["load_rows()"]);
    expect(gains([file("best.py", 1, ["x"]), lesser, definer])["rows.py"]).toBeCloseTo(0.025);
    expect(gains([CALLER, lesser, definer])["rows.py"]).toBeCloseTo(0.05);
  });

  it("divides it among the files that define the name, and gives nothing where they are many", () => {
    const definers = ["a", "b", "c", "d"].map((name) => file(`${name}.py`, 0.4, ["def load_rows():\n  pass"]));
    expect(gains([CALLER, ...definers.slice(0, 2)])["a.py"]).toBeCloseTo(0.025);
    expect(gains([CALLER, ...definers])["a.py"]).toBe(0);
  });

  it("does not follow a name that the file defines itself, nor one as short as a counter", () => {
    const own = file("own.py", 1, ["def load_rows():\n  pass", "load_rows()"]);
    expect(gains([own, file("rows.py", 0.5, ["def load_rows():\n  pass"])])["rows.py"]).toBe(0);
    expect(gains([file("a.ts", 1, ["for (i of row)"]), file("b.ts", 0.5, ["const row = 1;"])])["b.ts"]).toBe(0);
  });

  it("reads two pieces of three files", () => {
    const definer = file("rows.py", 0.1, ["def load_rows():\n  pass"]);
    const third = file("c.py", 0.5, ["x", "y", "load_rows()"]);
    const fourth = file("d.py", 0.4, ["load_rows()"]);
    expect(gains([file("a.py", 1, ["x"]), file("b.py", 0.9, ["x"]), third, fourth, definer])["rows.py"]).toBe(0);
    expect(gains([file("a.py", 1, ["x", "load_rows()"]), definer])["rows.py"]).toBeCloseTo(0.05);
  });

  it("lets tests give and get nothing, unless they are asked for", () => {
    const test = file("test_rows.py", 1, ["load_rows()"], true);
    const files = [test, file("a.py", 0.8, ["x"]), file("rows.py", 0.5, ["def load_rows():\n  pass"])];
    expect(gains(files)["rows.py"]).toBe(0);
    expect(gains(files, true)["rows.py"]).toBeCloseTo(0.05);
  });

  it("leaves a file that is alone, and files without a score, as they are", () => {
    expect(gains([CALLER])).toEqual({ "caller.py": 0 });
    const none = [file("caller.py", 0, ["load_rows()"]), file("rows.py", 0, ["def load_rows():\n  pass"])];
    expect(gains(none)["rows.py"]).toBe(0);
  });
});
