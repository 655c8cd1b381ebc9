import { describe, expect, it } from "vitest";
import { namedFiles, pathMatcher } from "../../../src/retrieval/code/match-path.ts";

const ROOT = "/home/me/zoo";

describe("pathMatcher", () => {
  it.each([
    // What the other machine calls it, what it is here, whether that is enough.
    ["/ci/work/zoo/src/bowl.ts", "src/bowl.ts", true],
    ["src/bowl.ts", "src/bowl.ts", true],
    ["src/bowl.ts", "packages/food/src/bowl.ts", true],
    ["/ci/food/src/bowl.ts", "packages/food/src/bowl.ts", true],
    ["/venv/lib/python3.12/site-packages/zoo/bowl.py", "src/zoo/bowl.py", true],
    ["/go/pkg/mod/example.org/me/zoo@v1.2.3/bowl.go", "bowl.go", true],
    ["/app/node_modules/zoo/lib/bowl.js", "lib/bowl.js", true],
    ["zoo/food/Bowl.java", "core/src/main/java/zoo/food/Bowl.java", true],
    ["/app/bowl.ts", "bowl.ts", false],
    ["/app/node_modules/other/lib/bowl.js", "lib/bowl.js", false],
  ])("tells that %s is %s (surely: %s)", (path, source, isSure) => {
    expect(pathMatcher(path)?.({ root: ROOT, source })?.isSure).toBe(isSure);
  });

  it.each([
    ["/app/main.py", "src/zoo/main.py"],
    ["/venv/lib/python3.12/site-packages/other/tool/bowl.py", "src/zoo/bowl.py"],
    ["/usr/lib/python3.12/bowl.py", "bowl.py"],
    ["/usr/local/go/src/net/bowl.go", "bowl.go"],
    ["node:internal/bowl.js", "bowl.js"],
    ["java/lang/Bowl.java", "src/main/java/zoo/Bowl.java"],
    ["src/bowls.ts", "src/bowl.ts"],
  ])("tells that %s is not %s", (path, source) => {
    expect(pathMatcher(path)?.({ root: ROOT, source }) ?? null).toBeNull();
  });
});

describe("namedFiles", () => {
  const sources = ["src/bowl.py", "src/milk/bowl.py", "src/milk/index.ts", "src/index.ts", "src/water.py"];
  const namedIn = (text: string): readonly string[] => sources.filter(namedFiles(text, sources));

  it("takes every file of a name, and of a path those that share most of it", () => {
    expect(namedIn("bowl.py leaks")).toEqual(["src/bowl.py", "src/milk/bowl.py"]);
    expect(namedIn("milk/bowl.py leaks")).toEqual(["src/milk/bowl.py"]);
  });

  it("passes over a name that files of every folder have, unless its folder is named", () => {
    expect(namedIn("index.ts")).toEqual([]);
    expect(namedIn("milk\\index.ts")).toEqual(["src/milk/index.ts"]);
  });

  it("takes a test's name for the file that it tests", () => {
    expect(namedIn("add tests/test_water.py")).toEqual(["src/water.py"]);
  });

  it("takes a name with the full stop of its sentence, a dot in front, and an ellipsis before it", () => {
    expect(namedIn("It is in water.py. Not elsewhere.")).toEqual(["src/water.py"]);
    expect(namedIn("…/water.py, ...water.py")).toEqual(["src/water.py"]);
    expect([".eslintrc.js", "eslintrc.js"].filter(namedFiles("see .eslintrc.js", [".eslintrc.js"]))).toEqual([
      ".eslintrc.js",
    ]);
  });
});
