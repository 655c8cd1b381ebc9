import { createContext, type Context, Script } from "node:vm";
import picomatch from "picomatch";
import { composedName } from "../domain/composed-name.ts";
import { CitewellError } from "../errors.ts";

/** The longest pattern, in UTF-16 code units: as long as the longest path of a file system. */
const MAX_PATTERN = 4_096;

/** Options of {@link sourcesMatching}. */
export interface SourcesMatchingOptions {
  /**
   * How long matching may take, in milliseconds. A pattern such as `*a*a*a*a*b` can take years for a name that somebody
   * chose for it, and nothing else runs meanwhile. All files of a large collection take a tenth of this limit.
   * @default 2_000
   */
  readonly timeLimitMs?: number;
}

/**
 * The items whose source equals one of the patterns or is matched by one as a glob.
 *
 * @throws CitewellError `usage_invalid` for an empty or over-long pattern, and for one that takes too long.
 */
export function sourcesMatching<Item extends { readonly source: string }>(
  items: readonly Item[],
  patterns: readonly string[],
  { timeLimitMs = 2_000 }: SourcesMatchingOptions = {},
): readonly Item[] {
  for (const pattern of patterns) checkPattern(pattern);
  const wanted = patterns.map(composedName);
  const exact = new Set(wanted);
  const find = (): readonly Item[] => {
    const globs = wanted.map((pattern) => picomatch(pattern, { dot: true }));
    return items.filter((item) => {
      const source = composedName(item.source);
      return exact.has(source) || globs.some((matches) => matches(source));
    });
  };
  return withinTime(find, { timeout: timeLimitMs, patterns });
}

function checkPattern(pattern: string): void {
  if (pattern === "") {
    throw new CitewellError("usage_invalid", "A source is empty; give a path relative to its root, or a glob.");
  }
  if (pattern.length <= MAX_PATTERN) return;
  throw new CitewellError(
    "usage_invalid",
    `A source has ${pattern.length} characters, and ${MAX_PATTERN} are allowed; give a shorter glob.`,
  );
}

const script = new Script("work()");
let context: Context | null = null;

/**
 * Runs work under a time limit. Only Node's limit for scripts can interrupt a regular expression that backtracks
 * without end.
 */
function withinTime<Result>(
  work: () => Result,
  { timeout, patterns }: { readonly timeout: number; readonly patterns: readonly string[] },
): Result {
  context ??= createContext({});
  context["work"] = work;
  try {
    const result: Result = script.runInContext(context, { timeout });
    return result;
  } catch (cause) {
    if (!isTimeout(cause)) throw cause;
    const shown = patterns.length === 1 ? `The glob ${JSON.stringify(patterns[0]?.slice(0, 100))}` : "The globs";
    throw new CitewellError(
      "usage_invalid",
      `${shown} took longer than ${timeout / 1_000} seconds to match; use fewer wildcards, or ** for whole folders.`,
      { cause },
    );
  } finally {
    // Set free, since the work refers to every document.
    context["work"] = undefined;
  }
}

// The error belongs to the other context, so that `instanceof` does not recognise it.
function isTimeout(cause: unknown): boolean {
  return (
    typeof cause === "object" && cause !== null && "code" in cause && cause.code === "ERR_SCRIPT_EXECUTION_TIMEOUT"
  );
}
