import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { checkArchitecture, resolveImport, type SourceFile } from "./architecture/check-architecture.ts";
import { EXCEPTIONS, IMPORT_TABLE } from "./architecture/import-table.ts";
import { readSourceFile, readSourceFiles } from "./architecture/read-source-file.ts";

const repository = fileURLToPath(new URL("..", import.meta.url));

function file(path: string, ...imports: readonly string[]): SourceFile {
  return { path, imports, runtimeImports: imports, readsEnvironment: false };
}

describe("the code", () => {
  it("keeps to the import table", () => {
    const files = readSourceFiles(repository, ["src", "ingest"]);
    expect(files.length).toBeGreaterThan(40);
    expect(checkArchitecture(files)).toEqual([]);
  });

  it("needs every exception to the table", () => {
    const edges = readSourceFiles(repository, ["src", "ingest"]).flatMap(({ path, imports }) =>
      imports.map((specifier) => `${path} ${resolveImport(path, specifier)}`),
    );
    expect(EXCEPTIONS.filter(({ from, to }) => !edges.includes(`${from} ${to}`))).toEqual([]);
  });

  it("has the same table in src/README.md", () => {
    const readme = readFileSync(new URL("../src/README.md", import.meta.url), "utf8");
    const codeIn = (text: string): readonly string[] =>
      [...text.matchAll(/`([a-z.-]+)`/g)].map(([, name = ""]) => name);
    // "- _Ports_: `lexical`, …" names a group of parts, which the cells then call _ports_.
    const groups = [...readme.matchAll(/^- _([A-Z][a-z]+)_: (.*)$/gm)].map(
      ([, group = "", parts = ""]) => [`_${group.toLowerCase()}_`, codeIn(parts)] as const,
    );
    const named = (cell: string): Set<string> =>
      new Set([...codeIn(cell), ...groups.flatMap(([group, parts]) => (cell.includes(group) ? parts : []))]);
    const rows = [...readme.matchAll(/^\| `([a-z-]+)` +\| (.*?) +\| (.*?) +\|$/gm)].map(
      ([, part = "", imports = "", doors = ""]) => [part, { imports: named(imports), doors: named(doors) }],
    );
    const table = Object.entries(IMPORT_TABLE).map(([part, { imports, doors = [] }]) => [
      part,
      { imports: new Set(imports), doors: new Set(doors) },
    ]);
    expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(table));
  });
});

describe("checkArchitecture", () => {
  it("passes files that import downward", () => {
    const files = [
      file("src/domain/hit.ts", "./document.ts"),
      file("src/domain/document.ts"),
      file("src/store/vector-store.ts", "../domain/hit.ts"),
      file("src/retrieval/create-retriever.ts", "../store/vector-store.ts", "picomatch"),
      file("src/compose.ts", "./store/qdrant/qdrant-store.ts", "../ingest/ingest-corpus.ts"),
      file("ingest/ingest-corpus.ts", "../src/store/vector-store.ts"),
      file("src/store/qdrant/qdrant-store.ts", "@qdrant/js-client-rest"),
    ];
    expect(checkArchitecture(files)).toEqual([]);
  });

  it.each([
    [
      "an upward import",
      file("src/store/vector-store.ts", "../answering/use-cases.ts"),
      /store may not import answering/,
    ],
    ["retrieval in ingest", file("ingest/plan.ts", "../src/retrieval/retrieve.ts"), /ingest may not import retrieval/],
    ["ingest in retrieval", file("src/retrieval/a.ts", "../../ingest/plan.ts"), /retrieval may not import ingest/],
    ["an adapter", file("src/retrieval/a.ts", "../store/qdrant/qdrant-store.ts"), /of store only vector-store\.ts/],
    ["a folder that nobody listed", file("src/plugins/load.ts"), /plugins is not in the import table/],
    ["an empty name", file("src/domain/utils.ts"), /"utils" names nothing/],
    ["an inner index", file("src/store/index.ts"), /only src\/index\.ts is an index/],
    ["a test in the product", file("src/store/a.ts", "../../test/support/b.ts"), /outside src\/ and ingest\//],
    ["a store's client", file("src/answering/a.ts", "@qdrant/js-client-rest"), /belongs in src\/store\/qdrant\//],
    ["one adapter in another", file("src/store/embedded/a.ts", "../qdrant/payload.ts"), /know nothing of each other/],
    ["a process", file("src/cli/a.ts", "node:child_process"), /belongs in src\/code-execution\//],
    ["the environment", { ...file("src/store/a.ts"), readsEnvironment: true }, /reads process\.env/],
  ])("refuses %s", (_, planted, message) => {
    expect(checkArchitecture([planted])).toEqual([expect.stringMatching(message)]);
  });

  it("refuses a cycle, also through three files", () => {
    const files = [
      file("src/domain/a.ts", "./b.ts"),
      file("src/domain/b.ts", "./c.ts"),
      file("src/domain/c.ts", "./a.ts"),
    ];
    expect(checkArchitecture(files)).toEqual([
      "Import cycle: src/domain/a.ts -> src/domain/b.ts -> src/domain/c.ts -> src/domain/a.ts.",
    ]);
  });
});

describe("readSourceFile", () => {
  it("sees static, dynamic, type and worker imports and re-exports, and none in comments", () => {
    const code = [
      'import { a } from "./a.ts";',
      'import type { B } from "./b.ts";',
      'export { c } from "./c.ts";',
      'const d = await import("./d.ts");',
      'type E = import("./e.ts").E;',
      'new Worker(new URL("./f.ts", import.meta.url));',
      '// import "./g.ts";',
      "const text = 'import \"./h.ts\"';",
    ].join("\n");
    const { imports, runtimeImports } = readSourceFile("src/domain/x.ts", code);
    expect(imports).toEqual(["./a.ts", "./b.ts", "./c.ts", "./d.ts", "./e.ts", "./f.ts"]);
    expect(runtimeImports).toEqual(["./a.ts", "./c.ts", "./d.ts", "./f.ts"]);
  });

  it.each(['process.env["HOME"]', "const { HOME } = process.env", 'import { env } from "node:process"'])(
    "sees the environment read by %s",
    (code) => {
      expect(readSourceFile("src/domain/x.ts", code).readsEnvironment).toBe(true);
    },
  );
});
