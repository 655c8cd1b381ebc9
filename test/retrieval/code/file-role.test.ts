import { describe, expect, it } from "vitest";
import { asksForSide, isSidePath, isTestPath } from "../../../src/retrieval/code/file-role.ts";

describe("isTestPath", () => {
  it.each([
    "test/a.ts",
    "src/__tests__/a.ts",
    "a.test.ts",
    "index.test-d.ts",
    "pkg/test_a.py",
    "test_client/helpers.py",
    "tests_async/run.py",
    "a_test.go",
    "conftest.py",
    "src/FooTest.java",
    "index.fuzz.js",
  ])("takes %s for a test", (source) => expect(isTestPath(source)).toBe(true));

  it.each(["src/contest.ts", "src/latest/a.ts", "src/attestation.py", "testimony.md", "src/testbed.ts"])(
    "does not take %s for one",
    (source) => expect(isTestPath(source)).toBe(false),
  );
});

describe("isSidePath", () => {
  it.each([
    "examples/a.ts",
    "packages/b/samples/x.py",
    "docs/conf.py",
    "benchmarks/run.js",
    "a.bench.ts",
    ".github/x.yml",
  ])("takes %s for one beside the program", (source) => expect(isSidePath(source)).toBe(true));

  it.each(["src/example.ts", "src/document/a.ts", "lib/tooling.js", "performance.ts", "sampler/a.py"])(
    "does not take %s for one",
    (source) => expect(isSidePath(source)).toBe(false),
  );
});

describe("asksForSide", () => {
  it("hears examples, benchmarks and scripts", () => {
    expect(asksForSide("Update the examples")).toBe(true);
    expect(asksForSide("An exemplary task")).toBe(false);
  });
});
