import { describe, expect, it } from "vitest";
import { symbolOfLine } from "../../../src/retrieval/code/symbol-of-line.ts";

function symbolAt(symbol: string | null, text: string, words: string): string | null {
  const lines = text.split("\n");
  const line = lines.findIndex((one) => one.includes(words));
  return symbolOfLine(symbol, { text, line, until: line + 2 });
}

const FUNCTIONS = [
  "import { a } from 'a';",
  "",
  "const LIMIT = 3;",
  "",
  "function checkLongest (name) {",
  "  const found = seek(name)",
  "  return found",
  "}",
  "",
  "// Adds a thing.",
  "function decorate (name) {",
  "  add(name)",
  "}",
].join("\n");

describe("symbolOfLine", () => {
  it.each([
    ["the definition that the piece is named after", "return found", "checkLongest"],
    ["another one beside it", "add(name)", "decorate"],
    ["the one that a comment stands before", "Adds a thing", "decorate"],
    ["a value beside it", "LIMIT = 3", "LIMIT"],
  ])("names %s", (_, words, symbol) => {
    expect(symbolAt("checkLongest", FUNCTIONS, words)).toBe(symbol);
  });

  it.each([
    ["assert!(go());", "tests"],
    ["Opens the gate", "open_gate"],
    ["limit > 42", "open_gate"],
  ])("names %s behind the end of what the piece begins in", (words, symbol) => {
    const piece = [
      "    #[test]",
      "    fn goes() {",
      "        assert!(go());",
      "    }",
      "}",
      "",
      "/// Opens the gate.",
      "pub fn open_gate(limit: usize) -> bool {",
      "    limit > 42",
      "}",
    ].join("\n");
    expect(symbolAt("tests", piece, words)).toBe(symbol);
  });

  it("names nothing for lines before every definition, unless one is shown with them", () => {
    expect(symbolOfLine("checkLongest", { text: FUNCTIONS, line: 0, until: 2 })).toBeNull();
    expect(symbolOfLine("checkLongest", { text: FUNCTIONS, line: 0, until: 3 })).toBe("LIMIT");
    expect(symbolOfLine(null, { text: FUNCTIONS, line: 0, until: 3 })).toBeNull();
  });

  it("keeps what all of the piece lies in", () => {
    expect(symbolAt("Server", "  open() {\n    a();\n  }\n  close() {\n    b();\n  }", "b()")).toBe("Server");
    expect(symbolAt("Server.open", "    a();\n    b();", "b()")).toBe("Server.open");
  });

  it("takes a constructor for no sign that the piece is it", () => {
    const java = "  Reader(Path path) {\n    this.path = path;\n  }\n\n  Client client() {\n    return open();\n  }";
    expect(symbolAt("Reader", java, "open()")).toBe("Reader");
    const csharp =
      "    public Reader(Path path)\n    {\n        a();\n    }\n\n    public Client Open()\n    {\n        b();\n    }";
    expect(symbolAt("Store.Reader", csharp, "b();")).toBe("Store.Reader");
    expect(symbolAt("Store.Reader.Open", csharp, "a();")).toBe("Store.Reader.Reader");
  });

  it("names what stands in a namespace with it, though it is not indented", () => {
    const text =
      "namespace store {\n\nvoid open(int a)\n{\n    b();\n}\n\nKey Reader<T>::read(int a)\n    : a_(std::move(a))\n{\n    c();\n}";
    expect(symbolAt("db.store", text, "b();")).toBe("db.store.open");
    expect(symbolAt("db.store", text, "c();")).toBe("db.store.Reader.read");
    expect(symbolAt("db.store.open", text, "c();")).toBe("db.store.Reader.read");
    expect(symbolOfLine("db.store.open", { text, line: 0, until: 2 })).toBeNull();
  });

  it("names methods beside each other with their class", () => {
    const text = "class Lift:\n    def call(self):\n        go()\n\n    async def stop(self):\n        halt()";
    expect(symbolAt("Lift.call", text, "halt()")).toBe("Lift.stop");
    const both = `${text}\n\nclass Stairs:\n    def walk(self):\n        step()`;
    expect(symbolAt("Lift.call", both, "step()")).toBe("walk");
    const typescript = "  async call(floor: number) {\n    go();\n  }\n\n  stop() {\n    halt();\n  }";
    expect(symbolAt("Lift.call", typescript, "halt()")).toBe("Lift.stop");
  });

  it("names methods of Go by their receiver, and functions in properties by their whole path", () => {
    const go =
      "func (e *Engine) Run(a string) {\n\trun()\n}\n\nfunc (c *Context[T]) Bind() {\n\tbind()\n}\n\nfunc parse() {\n\tread()\n}";
    expect(symbolAt("Engine.Run", go, "bind()")).toBe("Context.Bind");
    expect(symbolAt("Engine.Run", go, "read()")).toBe("parse");
    const assigned =
      "Reply.prototype.send = function (a) {\n  go()\n}\n\nReply.prototype.code = async function () {\n  halt()\n}";
    expect(symbolAt("Reply.prototype.send", assigned, "halt()")).toBe("Reply.prototype.code");
  });
});
