import { describe, expect, it } from "vitest";
import { definedNames } from "../../../src/retrieval/code/defined-names.ts";

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
});
