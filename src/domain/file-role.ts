import type { Chunk } from "./chunk.ts";

/** Folders of tests, in .NET whole projects (`Store.Tests`). */
const TEST_FOLDER =
  /(?:^|\/)(?:[Tt]ests?|[Tt]ests?[_-][^/]+|[^/]+[_-]tests?|[^/]+\.(?:\w*Tests?|Specs)|testdata|test(?:utils?|helpers?)|__tests__|__mocks__|specs?|testing|[^/]+[_-]testing[_-][^/]+|e2e|[Ff]ixtures?)\//;
/** Source sets of Gradle beside `src/test`: `src/jvmTest/kotlin`, `src/testFixtures/java`. */
const TEST_SOURCES = /(?:^|\/)src\/(?:[a-z]\w*Test|testFixtures)\/(?:java|kotlin|groovy|scala)/;
/** A package of Go that helps to test another one is called after it: `httptest`. */
const TEST_PACKAGE = /(?:^|\/)(?!(?:latest|contest|attest)\/)[a-z]+test\/(?:[^/]+\/)*[^/]+\.go$/;
const TEST_FILE =
  /(?:^|\/)(?:test_[^/]*|test-[^/]*\.(?:c|cc|cpp|cxx)|tests?\.rs|test(?:utils?|helpers?)\.[a-z]+|[^/]*[._-](?:tests?|spec|test-d|spec-d|fuzz|e2e|unittests?)(?:\.d)?\.[a-z]+|conftest\.py|[^/]+Tests?\.[a-z]+|[^/]+Specs\.cs|[^/]*[a-z]IT\.(?:java|kt|groovy))$/;
const SIDE_FOLDER =
  /(?:^|\/)(?:_?vendor(?:ed)?|third[_-]?party|_?[Ee]xamples?|[Ss]amples?|[Dd]emos?|docs_src|doctests|[Ss]nippets|[Bb]enchmarks?|__benchmarks__|bench(?:es)?|[^/]+\.(?:Benchmarks?|PerformanceTests|Samples?)|\.[^/]+)\//;
/**
 * Below `src`, folders of these names are parts of the program: what shows its documentation, tools that it offers,
 * what finds the dependencies of something.
 */
const SIDE_BESIDE_SOURCES =
  /^(?:(?!(?:src|lib|internal)\/)[^/]+\/)*(?:playgrounds?|docs?|website|scripts?|tools?|deps)\//;
const SIDE_FILE = /[._-](?:bench|benchmark|perf)\.[a-z]+$/;
/** What a compiler of protocol buffers writes; a change is made in the file that it reads. */
const COMPILED_FILE = /(?:_pb2(?:_grpc)?\.pyi?|_(?:grpc_)?pb\.(?:d\.)?[jt]s|\.pb(?:\.gw)?\.(?:go|cc|h))$/;

/** Whether a path says that the file is a test, or something that only tests use. */
export function isTestPath(source: string): boolean {
  return [TEST_FOLDER, TEST_FILE, TEST_SOURCES, TEST_PACKAGE].some((pattern) => pattern.test(source));
}

/** Whether a piece of a source file is one of its tests: in Rust these stand in a module of the file itself. */
export function isTestPiece({ language, symbol }: Pick<Chunk, "language" | "symbol">): boolean {
  return language === "rust" && symbol !== null && /(?:^|\.)tests?(?:\.|$)/.test(symbol);
}

/**
 * Whether a path says that the file is not part of the program itself: examples, documentation, benchmarks, vendored
 * code, tools for developers, and what is compiled from protocol buffers.
 */
export function isSidePath(source: string): boolean {
  return [SIDE_FOLDER, SIDE_BESIDE_SOURCES, SIDE_FILE, COMPILED_FILE].some((pattern) => pattern.test(source));
}

/** Whether words ask for such files. */
export function asksForSide(text: string): boolean {
  return /\b(?:examples?|samples?|demos?|playgrounds?|benchmarks?|scripts?|website)\b/i.test(text);
}
