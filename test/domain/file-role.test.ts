import { describe, expect, it } from "vitest";
import { asksForSide, isSidePath, isTestPath, isTestPiece } from "../../src/domain/file-role.ts";

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
    "src/Store.Tests/Reader.cs",
    "src/Store.IntegrationTests/Reader.cs",
    "test/Store.Specs/ReaderSpecs.cs",
    "Tests/StoreTests/Reader.swift",
    "store/src/jvmTest/kotlin/Reader.kt",
    "store/src/testFixtures/java/Reader.java",
    "store-testing-support/src/Reader.kt",
    "src/ReaderIT.java",
    "crates/store/src/reader/tests.rs",
    "internal/storetest/server.go",
    "storetest/data/reader.go",
    "testdata/run/tasks.yml",
    "crates/store/src/testutil.rs",
    "internal/testutils/server.go",
    "src/reader_unittest.cc",
    "checks/test-reader.c",
  ])("takes %s for a test", (source) => expect(isTestPath(source)).toBe(true));

  it.each([
    "src/contest.ts",
    "src/latest/a.ts",
    "src/attestation.py",
    "testimony.md",
    "src/testbed.ts",
    "latest/reader.go",
    "src/contest/a.go",
    "src/abTest/split.ts",
    "src/test-reader.ts",
    "src/unittests.md.ts",
    "src/AUDIT.java",
  ])("does not take %s for one", (source) => expect(isTestPath(source)).toBe(false));
});

describe("isSidePath", () => {
  it.each([
    "examples/a.ts",
    "packages/b/samples/x.py",
    "docs/conf.py",
    "benchmarks/run.js",
    "a.bench.ts",
    ".github/x.yml",
    "_examples/rest/main.go",
    "store/benches/read.rs",
    "bench/Store.Benchmarks/Read.cs",
    "Samples/Store/Program.cs",
    "tools/release.ts",
    "packages/store/scripts/build.js",
    "store/grpc/points_pb2.py",
    "store/grpc/points_pb2_grpc.pyi",
    "api/store.pb.go",
    "gen/store_grpc_pb.d.ts",
    "src/pip/_vendor/rich/text.py",
    "third_party/zlib/inflate.c",
    "deps/zlib/inflate.c",
  ])("takes %s for one beside the program", (source) => expect(isSidePath(source)).toBe(true));

  it.each([
    "src/example.ts",
    "src/document/a.ts",
    "lib/tooling.js",
    "performance.ts",
    "sampler/a.py",
    "src/routes/docs/page.svelte",
    "packages/agent/src/tools/search.ts",
    "internal/tools/registry.go",
    "store/pb.go",
    "src/to_pb.py",
    "src/vendors/list.ts",
    "lib/vendor.js",
    "src/deps/resolve.ts",
    "app/deps.py",
  ])("does not take %s for one", (source) => expect(isSidePath(source)).toBe(false));
});

describe("isTestPiece", () => {
  it("knows the module of tests in a file of Rust", () => {
    expect(isTestPiece({ language: "rust", symbol: "tests" })).toBe(true);
    expect(isTestPiece({ language: "rust", symbol: "store.tests.opens" })).toBe(true);
    expect(isTestPiece({ language: "rust", symbol: "Store.contests" })).toBe(false);
    expect(isTestPiece({ language: "typescript", symbol: "Store.test" })).toBe(false);
    expect(isTestPiece({ language: "rust", symbol: null })).toBe(false);
  });
});

describe("asksForSide", () => {
  it("hears examples, benchmarks and scripts", () => {
    expect(asksForSide("Update the examples")).toBe(true);
    expect(asksForSide("An exemplary task")).toBe(false);
  });
});
