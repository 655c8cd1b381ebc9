import { describe, expect, it } from "vitest";
import { definedNames, definitionLines } from "../../../src/retrieval/code/defined-names.ts";

describe("definedNames", () => {
  it("gives the parts of the symbol path and the names that the text defines, each once", () => {
    const text = "class Store:\n    def open_file(self):\n        if ready(): return open_file()\n";
    expect(definedNames({ symbol: "db.Store", text })).toEqual(["db", "Store", "open_file"]);
  });

  it("knows methods by their place and their body, and statements as none", () => {
    const text =
      "class A {\n  async load(key: string): Promise<void> {\n    if (key) {\n      send(key);\n    }\n  }\n}\n";
    expect(definedNames({ symbol: null, text })).toEqual(["A", "load"]);
  });

  it("finds nothing where nothing is defined", () => {
    expect(definedNames({ symbol: null, text: "call(1);" })).toEqual([]);
  });

  it.each([
    ["go", "func (s *Store[T]) Open(path string) error {\n\treturn nil\n}", ["Open"]],
    ["kotlin", "fun <T> List<T>.openAll(path: Path) = Unit", ["openAll"]],
    [
      "java",
      "  public static Map<String, List<Key>> keysOf(String path,\n      int limit) throws IOException {",
      ["keysOf"],
    ],
    ["java", "  Store(Path path) {\n    super(path);\n", ["Store"]],
    ["csharp", "    public async Task<Key[]> ReadAsync<T>(T key)\n        where T : notnull\n    {", ["ReadAsync"]],
    ["csharp", "    public int Count(string path) => Keys(path).Length;", ["Count"]],
    ["csharp", "    internal Store(string path)\n        : base(path)\n    {", ["Store"]],
    ["c", "static int store__open(store_t* store,\n                       const char* path) {\n", ["store__open"]],
    ["cpp", "std::vector<Key> Store::keys(int limit) const noexcept\n{", ["keys"]],
    ["cpp", "class SPDLOG_API store : public base {\n", ["store"]],
    ["c", "#define STORE_MAX(a) (a)\n", ["STORE_MAX"]],
  ])("knows what a function or type of %s is called", (language, text, names) => {
    expect(definedNames({ symbol: null, language, text })).toEqual(names);
  });

  it.each([
    ["c", "  const char* path;\n  struct sockaddr* address;\n  return open(path);\n  store_open(path);\n"],
    ["c", "int store_open(const char* path);\n"],
    ["java", "    return new Store(path) {\n    } else if (isOpen(path)) {\n    while (next(path)) {\n"],
    ["csharp", "    await Open(path).ConfigureAwait(false);\n    throw new Closed(path);\n"],
    ["go", "// the type of an error\n// func is called\n"],
  ])("takes what is used, and comments, for no definition of %s", (language, text) => {
    expect(definedNames({ symbol: null, language, text })).toEqual([]);
  });

  it("reads odd texts in a time that grows with their length", () => {
    const odd = ["a<x> ", "static ", "int f(\n", "func (", "a f(x) : a ", "class\n", "struct A>", "a::", "(x) "];
    for (const part of odd) expect(definedNames({ symbol: null, text: part.repeat(20_000) }).length).toBeLessThan(9);
  });
});

describe("definitionLines", () => {
  it("finds functions behind their types, whose bodies begin later", () => {
    const text = "static int a(int x)\n{\n}\n\n    public Key Read(\n        string path)\n    {\n";
    expect(definitionLines(text)).toEqual([
      { line: 0, indent: "", path: "a" },
      { line: 4, indent: "    ", path: "Read" },
    ]);
  });
});
