import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createCodeChunker } from "../../../ingest/chunking/code.ts";
import { findDefinition } from "../../../ingest/chunking/definitions.ts";
import { createMeasure } from "../../../ingest/chunking/measure.ts";
import { chunksOf, countWords, describeChunker } from "./chunker.contract.ts";

const measure = createMeasure(countWords);

describeChunker("code", () => createCodeChunker({ budget: 100, measure }), { budget: 100, language: "typescript" });
describeChunker("code without definitions", () => createCodeChunker({ budget: 100, measure }), {
  budget: 100,
  language: "json",
});

const functionText = (name: string, lines: number): string =>
  `/** Does ${name}. */\nexport function ${name}() {\n${"  step();\n".repeat(lines)}}\n`;

describe("code chunker", () => {
  it("begins a piece at a definition, with its comment", () => {
    const text = [functionText("first", 40), functionText("second", 40), functionText("third", 40)].join("\n");
    const chunks = chunksOf(createCodeChunker({ budget: 512, measure }), text, "typescript");
    expect(chunks.map(({ symbol }) => symbol)).toEqual(["first", "second", "third"]);
    expect(chunks.map(({ text: piece }) => piece.split("\n", 1)[0])).toEqual([
      "/** Does first. */",
      "/** Does second. */",
      "/** Does third. */",
    ]);
  });

  it("keeps pieces within 60 lines, whole lines only", () => {
    const text = readFileSync(new URL(import.meta.url), "utf8").repeat(4);
    const chunks = chunksOf(createCodeChunker({ budget: 512, measure }), text, "typescript");
    expect(chunks.length).toBeGreaterThan(4);
    for (const { lines, span } of chunks) {
      expect(lines.end - lines.start).toBeLessThan(60);
      expect(span.start === 0 || text[span.start - 1] === "\n").toBe(true);
    }
  });

  it("names the class that a later piece belongs to", () => {
    const text = `class Store {\n${"  read() {\n    return 1;\n  }\n\n".repeat(30)}}\n`;
    const symbols = chunksOf(createCodeChunker({ budget: 512, measure }), text, "typescript").map(
      ({ symbol }) => symbol,
    );
    expect(symbols.length).toBeGreaterThan(1);
    expect(new Set(symbols)).toEqual(new Set(["Store"]));
  });

  it("names the longest definition of a piece about several", () => {
    const text = [functionText("first", 3), functionText("second", 4)].join("\n");
    expect(chunksOf(createCodeChunker({ budget: 512, measure }), text, "typescript")[0]?.symbol).toBe("second");
  });

  it("keeps every character, empty lines too", () => {
    const text = `\n\n${functionText("first", 50)}\n\n\n${functionText("second", 50)}\n\n`;
    const chunks = chunksOf(createCodeChunker({ budget: 512, measure }), text, "typescript");
    expect(chunks.length).toBeGreaterThan(1);
    expect(chunks.map((chunk) => chunk.text).join("")).toBe(text);
  });

  it.each([
    ["export async function openStore(", "typescript", "openStore"],
    ["export const useCache = async (key) => {", "typescript", "useCache"],
    ["class VectorStore(Base):", "python", "VectorStore"],
    ["func (s *Server) Handle(w http.ResponseWriter) {", "go", "Handle"],
    ["pub(crate) fn parse<T>(input: &str) -> T {", "rust", "parse"],
    ["impl<T> Trait for Thing<T> {", "rust", "Trait"],
    ["static int read_block(struct file *f)", "c", "read_block"],
    ["CREATE TABLE IF NOT EXISTS users (", "sql", "users"],
  ])("finds the definition in %s", (line, language, name) => {
    expect(findDefinition(line, language)?.name).toBe(name);
  });

  it.each([
    ["if (value) {", "typescript"],
    ["  } else if (other) {", "typescript"],
    ["return value;", "typescript"],
    ['"class Store": 1', "json"],
  ])("finds no definition in %s", (line, language) => {
    expect(findDefinition(line, language)).toBeNull();
  });
});
