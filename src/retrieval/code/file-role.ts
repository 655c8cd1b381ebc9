const TEST_FOLDER =
  /(?:^|\/)(?:tests?|tests?[_-][^/]+|[^/]+[_-]tests?|__tests__|__mocks__|specs?|testing|e2e|fixtures?)\//;
const TEST_FILE =
  /(?:^|\/)(?:test_[^/]*|[^/]*[._-](?:tests?|spec|test-d|spec-d|fuzz|e2e)(?:\.d)?\.[a-z]+|conftest\.py|[^/]+Tests?\.[a-z]+)$/;
const SIDE_FOLDER =
  /(?:^|\/)(?:examples?|samples?|demos?|playgrounds?|docs?|docs_src|doctests|snippets|website|benchmarks?|__benchmarks__|bench|scripts?|tools?|\.[^/]+)\//;
const SIDE_FILE = /[._-](?:bench|benchmark|perf)\.[a-z]+$/;

/** Whether a path says that the file is a test, or something that only tests use. */
export function isTestPath(source: string): boolean {
  return TEST_FOLDER.test(source) || TEST_FILE.test(source);
}

/**
 * Whether a path says that the file is not part of the program itself: examples, documentation, benchmarks, tools for
 * developers.
 */
export function isSidePath(source: string): boolean {
  return SIDE_FOLDER.test(source) || SIDE_FILE.test(source);
}

/** Whether words ask for such files. */
export function asksForSide(text: string): boolean {
  return /\b(?:examples?|samples?|demos?|playgrounds?|benchmarks?|scripts?|website)\b/i.test(text);
}
