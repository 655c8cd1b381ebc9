import { IDENTIFIER_SEAM } from "../../lexical/analyse.ts";
import { queryTerms, type QueryTerms } from "../query-terms.ts";

/** Words of most commit messages and tasks, whatever these are about. */
const TASK_WORDS =
  /\b(?:fix(?:e[sd]|ing)?|feat(?:ure)?s?|add(?:s|ed|ing)?|updat(?:e[sd]?|ing)|support(?:s|ed|ing)?|tests?|docs?|chores?|refactor(?:s|ed|ing)?|remov(?:e[sd]?|ing)|chang(?:e[sd]?|ing)|improv(?:e[sd]?|ing|ements?)|bugs?|issues?|pull|requests?|merge[sd]?|co-authored-by|implement(?:s|ed|ing)?|make[sd]?|us(?:e[sd]?|ing)|allow(?:s|ed|ing)?|please|want|need(?:s|ed)?|should|new|when|code)\b/giu;

const IDENTIFIER = /[\p{L}_$][\p{L}\p{N}_$]*/gu;

const QUOTED = /`([^`\n]+)`/g;
const LOOKS_LIKE_CODE =
  /\b[A-Za-z_$][\w$]*(?:[a-z0-9][A-Z]|_[a-z0-9])[\w$]*|\b[A-Za-z_$][\w$]*(?=\(\))|(?<=[\w)]\.)[a-z_$][\w$]+/g;

const CACHE_SIZE = 100_000;
const cache = new Map<string, readonly string[]>();

/** The terms of a task in words. */
export interface CodeTerms {
  /** The task itself. */
  readonly task: string;
  readonly all: QueryTerms;
  /** Those of the first line. */
  readonly subject: QueryTerms;
  /** The words as they are written, with the parts of identifiers: {@link exactTerms}. */
  readonly exact: readonly string[];
  /** Those of the first line. */
  readonly exactSubject: readonly string[];
  /**
   * Names that are written as code, in small letters: in backticks, in camelCase or snake_case, with a call's brackets,
   * or behind a dot.
   */
  readonly named: readonly string[];
  /** Where tests stand that fit: before the rest if the first line asks for them, with it if it only speaks of tests. */
  readonly tests: TestOrder;
}

/** Where tests stand among the files for a task. */
export type TestOrder = "first" | "among" | "last";

const SPEAKS_OF_TESTS = /\b(?:tests?|testing|specs?)\b/i;
const TESTS = "(?:tests?|specs?)(?: (?:files?|cases?|suites?))?";
/** "Which test covers …", "where is … tested", "find the tests for …", "tests of …". */
const ASKS_FOR_TESTS = new RegExp(
  [
    String.raw`(?:which|what)(?: [\w-]+){0,2} ${TESTS} (?:for|of|cover|check|test|verif|exercis|assert|prov|exist|are there|there are)`,
    String.raw`(?:where|how) (?:is|are)\b.*\btested\b`,
    String.raw`where (?:is|are|can I find|do I find)(?: all)?(?: the| our)?(?: [\w-]+)? ${TESTS} (?:for|of|that|which|covering)\b`,
    String.raw`(?:(?:please )?(?:find|show|list|locate|get)(?: me)? )?(?:(?:all|the|existing|unit|integration|regression) )*${TESTS} (?:for|of|that|which|covering|around|about)\b`,
  ]
    .map((form) => String.raw`^\W*${form}`)
    .join("|"),
  "i",
);
/** What only says that tests are asked for. */
const TESTING_WORDS =
  /\b(?:tested|covers?|covered|covering|checks?|checked|checking|verif(?:y|ies|ied)|cases?|suites?)\b/gi;

/** Reads a task as a commit message is written: a first line that says it all, then the details. */
export function codeTerms(task: string): CodeTerms {
  const firstLine = task.trim().split(/\r\n|\r|\n/, 1)[0] ?? "";
  const tests = testOrderOf(firstLine);
  const tellingOf = (words: string): string => (tests === "first" ? words.replaceAll(TESTING_WORDS, " ") : words);
  const text = tellingOf(task);
  const subject = tellingOf(firstLine);
  return {
    task,
    all: telling(text),
    subject: telling(subject),
    exact: exactTerms(text.replaceAll(TASK_WORDS, " ")),
    exactSubject: exactTerms(subject.replaceAll(TASK_WORDS, " ")),
    named: namesIn(task),
    tests,
  };
}

function testOrderOf(firstLine: string): TestOrder {
  if (ASKS_FOR_TESTS.test(firstLine)) return "first";
  return SPEAKS_OF_TESTS.test(firstLine) ? "among" : "last";
}

/** Identifiers of a text in small letters, each with its parts: `getUserName` gives `getusername`, `get`, `user`, `name`. */
export function exactTerms(text: string): readonly string[] {
  const terms: string[] = [];
  for (const [word] of text.matchAll(IDENTIFIER)) for (const part of partsOf(word)) terms.push(part);
  return terms;
}

/** The exact terms of a piece of code: of its text and its path. */
export function exactTermsOf({ text, source }: { readonly text: string; readonly source: string }): readonly string[] {
  return exactTerms(`${text}\n${source}`);
}

function namesIn(task: string): readonly string[] {
  const quoted = Array.from(task.matchAll(QUOTED), ([, words = ""]) => words.match(IDENTIFIER) ?? []).flat();
  const others = task.match(LOOKS_LIKE_CODE) ?? [];
  return [...new Set([...quoted, ...others].map((name) => name.toLowerCase()))];
}

function partsOf(word: string): readonly string[] {
  const known = cache.get(word);
  if (known !== undefined) return known;
  const parts = word.split(IDENTIFIER_SEAM).filter((part) => part !== "");
  const forms = (parts.length > 1 ? [word, ...parts] : parts).map((part) => part.toLowerCase());
  if (cache.size >= CACHE_SIZE) cache.clear();
  cache.set(word, forms);
  return forms;
}

/** The terms that are not in every task, or all of them if there are no others. */
function telling(text: string): QueryTerms {
  const terms = queryTerms(text.replaceAll(TASK_WORDS, " "));
  return terms.terms.length === 0 ? queryTerms(text) : terms;
}
