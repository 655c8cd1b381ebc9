import { beforeAll, describe, expect, it } from "vitest";
import { chunkDocument } from "../../../ingest/chunking/chunk-document.ts";
import type { Chunker, ChunkPiece } from "../../../ingest/chunking/chunker.ts";
import { createCodeChunker } from "../../../ingest/chunking/code.ts";
import { createMeasure } from "../../../ingest/chunking/measure.ts";
import { MAX_PARSED_LENGTH, openSyntaxReader, type ReadSyntax } from "../../../ingest/chunking/syntax-reader.ts";
import { countWords } from "./chunker.contract.ts";
import { CODE_SAMPLES } from "./code-samples.ts";
import { createRandom } from "../../../src/domain/seeded-random.ts";
import { ODD_TEXTS, randomText } from "./odd-texts.ts";

const measure = createMeasure(countWords);
const LANGUAGES =
  "c cpp csharp css go ini java javascript jsx php powershell python ruby rust shell tsx typescript json kotlin".split(
    " ",
  );

let readSyntax: ReadSyntax;
beforeAll(async () => {
  readSyntax = await openSyntaxReader();
});

const create = (budget = 512, maxLines = 60): Chunker => createCodeChunker({ budget, maxLines, measure, readSyntax });
const piecesOf = (text: string, language: string, chunker = create()): ChunkPiece[] => [
  ...chunker.cut({ text, language }),
];
const textsOf = (text: string, language: string, chunker = create()): string[] =>
  piecesOf(text, language, chunker).map(({ span }) => text.slice(span.start, span.end));
const notesOf = (text: string, language: string): string[] => {
  const notes: string[] = [];
  for (const _ of create().cut({ text, language }, (note) => void notes.push(note)));
  return notes;
};

function expectTiles(text: string, language: string, chunker = create()): void {
  const texts = textsOf(text, language, chunker);
  expect(texts.join("")).toBe(text.trim() === "" ? "" : text);
  const blankOrTorn = texts.filter((piece) => piece.trim() === "" || /^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/.test(piece));
  expect(blankOrTorn).toEqual([]);
}

const ODD_CODE: Readonly<Record<string, string>> = {
  ...ODD_TEXTS,
  "Windows line breaks in code": 'function a() {\r\n\treturn "x";\r\n}\r\n\r\nclass B {\r\n\tc() {}\r\n}\r\n'.repeat(
    30,
  ),
  "old Mac line breaks in code": "def a():\r    return 1\r\rdef b():\r    return 2\r".repeat(30),
  "emoji in identifiers and strings": 'const 変数 = "👩🏽‍💻";\nfunction naïve() { return "🎉🎉"; } // 🇩🇪\n'.repeat(60),
  "braces that nobody closes": "function a() {\n  if (b) {\n    c(\n".repeat(80),
  "braces that nobody opened": "}\n})\n  }\n];\n".repeat(80),
  "one line of 10,000 characters": `const data = [${"12345, ".repeat(1_430)}];`,
  "one line of many statements": "a();b();c();".repeat(200),
  "mixed HTML and JavaScript":
    '<div onclick="go()">\n<script>\nfunction go() { return 1; }\n</script>\n</div>\n'.repeat(40),
  "a deep nest": `${"if (a) {\n".repeat(300)}b();\n${"}\n".repeat(300)}`,
  "a template of 300 lines": `const text = \`\n${"line of the template\n".repeat(300)}\`;\n`,
  "comments only": "// one\n// two\n\n# three\n\n/* four\n\n*/\n".repeat(40),
  "a comment at the end": "function a() {\n  b();\n}\n\n// the end",
};

describe("pieces of code", () => {
  it.each(LANGUAGES)("give back the text, whatever it is: %s", (language) => {
    for (const text of Object.values(ODD_CODE)) {
      expectTiles(text, language);
      expectTiles(text, language, create(60, 12));
    }
    for (const sample of Object.values(CODE_SAMPLES)) expectTiles(sample.text, language);
  });

  it("give back texts that were damaged in 300 ways", () => {
    const random = createRandom(27);
    const samples = Object.values(CODE_SAMPLES);
    for (let round = 0; round < 300; round += 1) {
      const { text, language } = samples[round % samples.length] ?? { text: "", language: "go" };
      const at = Math.floor(random() * text.length);
      const removed = Math.floor(random() * 80);
      const damaged = text.slice(0, at) + randomText(random).slice(0, 200) + text.slice(at + removed);
      expectTiles(damaged.replaceAll(/[\uD800-\uDFFF]/g, "x"), language, create(120, 20));
    }
  });

  it.each(Object.entries(CODE_SAMPLES))("name their symbols in %s", (_name, { text, language, symbols }) => {
    const found = piecesOf(text, language, create(400, 20)).map(({ symbol }) => symbol);
    expect(found).toEqual(expect.arrayContaining([...symbols]));
    expect(notesOf(text, language)).toEqual([]);
  });

  it("keep a method with its comment and decorator", () => {
    const text = CODE_SAMPLES["TypeScript"]?.text ?? "";
    const starts = textsOf(text, "typescript", create(400, 20)).map((piece) => piece.trimStart().split("\n", 1)[0]);
    expect(starts).toContain("  /** Searches. */".trim());
    expect(starts).not.toContain("async search(query: string): Promise<T[]> {");
  });

  it("join imports and small functions", () => {
    const text = `import a from "a";\nimport b from "b";\n\nfunction one() {\n  a();\n}\n\nfunction two() {\n  b();\n}\n`;
    expect(textsOf(text, "typescript")).toEqual([text]);
  });

  it("are whole functions where they fit", () => {
    const functions = Array.from(
      { length: 12 },
      (_, index) => `/** Does ${index}. */\nfunction f${index}() {\n${"  step(a, b);\n".repeat(20 + index)}}\n\n`,
    );
    const pieces = textsOf(functions.join(""), "typescript");
    expect(pieces.join("")).toBe(functions.join(""));
    for (const piece of pieces) {
      expect(piece.startsWith("/** Does ")).toBe(true);
      expect(piece.endsWith("}\n\n")).toBe(true);
    }
  });

  it("end between statements where a function is too long, and tell its signature", () => {
    const text = `def long(first, second):\n${"    run(\n        first,\n        second,\n    )\n".repeat(60)}`;
    const pieces = piecesOf(text, "python");
    expect(pieces.length).toBeGreaterThan(3);
    for (const { span, symbol, context } of pieces.slice(1)) {
      expect(text.slice(span.start, span.end).startsWith("    run(")).toBe(true);
      expect(symbol).toBe("long");
      expect(context).toBe("def long(first, second):");
    }
  });

  it("have what several definitions share as their symbol, or the longest definition", () => {
    const methods = "class Store {\n  read() {\n    return 1;\n  }\n\n  write() {\n    return 2;\n  }\n}\n";
    expect(piecesOf(methods, "typescript").map(({ symbol }) => symbol)).toEqual(["Store"]);
    const functions = "function small() {}\n\nfunction large() {\n  a();\n  b();\n}\n";
    expect(piecesOf(functions, "typescript").map(({ symbol }) => symbol)).toEqual(["large"]);
    const receivers = "package a\n\nfunc (s *Server) Open() {\n}\n\nfunc (s *Server) Close() {\n}\n";
    expect(piecesOf(receivers, "go").map(({ symbol }) => symbol)).toEqual(["Server"]);
  });

  it("have the names of C++ behind macros that the text does not define, and never only that of a namespace", () => {
    const text = `namespace store {
namespace details {

class STORE_API reader final : public base {
public:
    STORE_NODISCARD int size() const;
};

STORE_INLINE reader::reader(const reader &other)
    : size_(other.size_)
{}

STORE_INLINE std::shared_ptr<reader> reader::clone(std::string name) STORE_NOEXCEPT
{
    return std::make_shared<reader>(*this);
}

STORE_INLINE reader &reader::operator=(reader other) STORE_NOEXCEPT
{
    return *this;
}

DWORD open_all(int count)
{
    return count;
}
}
}
`;
    const symbols = [7, 6, 5].map((lines) => piecesOf(text, "cpp", create(400, lines)).map(({ symbol }) => symbol));
    const reader = "store.details.reader";
    const all = [reader, `${reader}.reader`, `${reader}.clone`, `${reader}.operator=`, "store.details.open_all"];
    expect(symbols.flat()).toEqual(expect.arrayContaining(all));
    const larger = piecesOf(text, "cpp", create(400, 19)).map(({ symbol }) => symbol);
    expect(larger).toEqual([reader, `${reader}.operator=`]);
  });

  it("take capitals for no macro where they are a type", () => {
    const pieces = piecesOf("DWORD open_all(int count)\n{\n    return count;\n}\n", "c");
    expect(pieces).toMatchObject([{ symbol: "open_all", signature: "DWORD open_all(int count)" }]);
  });

  it("are cut by lines, with a note, where the syntax is that of something else", () => {
    const text = "Dear Sir, I write to you } because ((( of the [ weather } in our ) town.\n".repeat(30);
    expectTiles(text, "java");
    expect(notesOf(text, "java")).toEqual(["cut by lines: its syntax is not that of java"]);
  });

  it("are cut by lines, with a note, where the text is too long to parse", () => {
    const text = "const value = compute(1);\n".repeat(MAX_PARSED_LENGTH / 26 + 1);
    expect(notesOf(text, "typescript")).toEqual([expect.stringMatching(/^cut by lines: .* too many to parse$/)]);
  });

  it("need no note in a language without a grammar", () => {
    expect(notesOf('{"a": [1, 2]}', "json")).toEqual([]);
  });
});

describe("an edit of one line", () => {
  const idsOf = (text: string, language: string): string[] => {
    const document = {
      root: "/root",
      source: "file.ts",
      title: null,
      mediaType: "text/x-typescript",
      language,
      text,
      contentHash: "",
      bytes: 0,
      pages: [],
    };
    return [...chunkDocument(document, { chunker: create(), collection: "test" })].map(({ chunk }) => chunk.id);
  };
  const generated = (random: () => number): string[] => {
    const lines: string[] = [];
    while (lines.length < 2_000) {
      const name = `compute${lines.length}`;
      lines.push(`export function ${name}(value: number): number {`);
      for (let left = 2 + Math.floor(random() * 20); left > 0; left -= 1) {
        lines.push(`  const part${left} = value * ${Math.floor(random() * 1_000)} + ${lines.length};`);
      }
      lines.push("  return value;", "}", "");
    }
    return lines;
  };

  it.each([
    ["typescript", 1],
    ["json", 2],
    ["text-like", 3],
  ])("in a file of 2,000 lines makes three chunks new at most: %s", (language, seed) => {
    const random = createRandom(seed);
    const lines = generated(random);
    const before = new Set(idsOf(lines.join("\n"), language));
    expect(before.size).toBeGreaterThan(30);
    for (let round = 0; round < 18; round += 1) {
      const at = Math.floor(random() * lines.length);
      const edits = [
        lines.with(at, `${lines[at]} // changed here`),
        lines.toSpliced(at, 1),
        lines.toSpliced(at, 0, "  // more"),
      ];
      const edited = edits[round % edits.length] ?? lines;
      const fresh = idsOf(edited.join("\n"), language).filter((id) => !before.has(id));
      expect(fresh.length).toBeLessThanOrEqual(3);
    }
  });
});

describe("the signature of a piece of code", () => {
  const signaturesOf = (text: string, maxLines: number): (string | null)[] =>
    piecesOf(text, "typescript", create(512, maxLines)).map(({ signature }) => signature ?? null);

  it("is that of the one definition it begins or is a part of", () => {
    const body = Array.from({ length: 12 }, (_, at) => `  run(${at});`).join("\n");
    const signatures = signaturesOf(`export function step(value: number): void {\n${body}\n}\n`, 6);
    expect(signatures.length).toBeGreaterThan(1);
    expect(new Set(signatures).size).toBe(1);
    expect(signatures[0]).toContain("step(value: number): void");
  });

  it("is left open where a piece holds several", () => {
    expect(signaturesOf("function a() {}\n\nfunction b() {}\n", 60)).toEqual([null]);
  });
});
