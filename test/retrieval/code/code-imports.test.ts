import { describe, expect, it } from "vitest";
import { createImportResolver } from "../../../src/retrieval/code/code-imports.ts";

const resolve = createImportResolver([
  "src/app.ts",
  "src/router.ts",
  "src/router.d.ts",
  "src/view/index.ts",
  "lib/hooks.js",
  "pkg/client.py",
  "pkg/typing.py",
  "pkg/aio/__init__.py",
  "pkg/aio/client.py",
  "java/org/acme/Store.java",
  "crate/src/parse.rs",
  "crate/src/lib.rs",
  "native/a.c",
  "native/a.h",
  "include/store/sinks/file.h",
  "crate/src/parse/tree.rs",
  "lib/store/reader.rb",
  "src/Store/Reader.php",
  "src/components/Card.vue",
]);

describe("createImportResolver", () => {
  it("resolves relative paths with, without and with another ending", () => {
    const text = 'import { r } from "./router.js";\nimport view from "./view";\nconst h = require("../lib/hooks");';
    expect(resolve("src/app.ts", text)).toEqual(["src/router.ts", "src/view/index.ts", "lib/hooks.js"]);
    expect(resolve("src/view/index.ts", 'export * from "../app"; await import("../router.ts")')).toEqual([
      "src/app.ts",
      "src/router.ts",
    ]);
  });

  it("resolves Python's dotted and relative names, several on a line too", () => {
    expect(resolve("pkg/aio/client.py", "from pkg.client import Client, Pool")).toEqual(["pkg/client.py"]);
    expect(resolve("pkg/aio/client.py", "from .. import typing, client")).toEqual(["pkg/typing.py", "pkg/client.py"]);
    expect(resolve("pkg/client.py", "from .aio import (\n  client as c,\n)")).toEqual([
      "pkg/aio/client.py",
      "pkg/aio/__init__.py",
    ]);
    expect(resolve("pkg/client.py", "import pkg.aio.client as c")).toEqual(["pkg/aio/client.py"]);
  });

  it("takes a lone name for a library's", () => {
    expect(resolve("pkg/client.py", "import os\nfrom typing import Any")).toEqual([]);
    expect(resolve("src/app.ts", 'import hooks from "hooks";\nimport client from "@x/client";')).toEqual([]);
  });

  it("resolves names of Java, modules of Rust and headers of C", () => {
    expect(resolve("java/Main.java", "import org.acme.Store;\nimport static org.acme.Store.open;")).toEqual([
      "java/org/acme/Store.java",
    ]);
    expect(resolve("crate/src/lib.rs", "pub mod parse;")).toEqual(["crate/src/parse.rs"]);
    expect(resolve("native/a.c", '#include "a.h"\n#include <stdio.h>')).toEqual(["native/a.h"]);
  });

  it("resolves headers below a folder of includes", () => {
    const text = '#include <store/sinks/file.h>\n#include <vector>\n#include "store/sinks/file.h"\n#include <sys/a.h>';
    expect(resolve("native/a.c", text)).toEqual(["include/store/sinks/file.h"]);
  });

  it("resolves groups of names, modules in the folder of their parent, and those that a part of the crate sees", () => {
    expect(resolve("crate/src/lib.rs", "use crate::parse::{self, tree::{Node, Leaf}, tree};")).toEqual([
      "crate/src/parse.rs",
      "crate/src/parse/tree.rs",
    ]);
    expect(resolve("crate/src/parse.rs", "pub(crate) mod tree;")).toEqual(["crate/src/parse/tree.rs"]);
    expect(resolve("crate/src/parse/tree.rs", "use crate::parse::Text;\nuse super::parse;")).toEqual([
      "crate/src/parse.rs",
    ]);
    expect(resolve("crate/src/parse.rs", "use self::tree::Node;")).toEqual(["crate/src/parse/tree.rs"]);
    expect(resolve("src/Main.php", "use Store\\{Reader, Writer};")).toEqual(["src/Store/Reader.php"]);
  });

  it("resolves what Ruby finds on its load path, and short names of folders", () => {
    expect(resolve("lib/store.rb", 'require "store/reader"\nautoload :Reader, "store/reader"')).toEqual([
      "lib/store/reader.rb",
    ]);
    expect(resolve("src/app.ts", 'import Card from "@/components/Card.vue";')).toEqual(["src/components/Card.vue"]);
    expect(resolve("src/app.ts", 'import { load } from "store/reader";')).toEqual([]);
  });

  it("passes over what is not there, and the file itself", () => {
    expect(resolve("src/app.ts", 'import "./app";\nimport "./gone.ts";')).toEqual([]);
  });
});
