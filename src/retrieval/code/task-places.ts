/** A place in a file that a task names: a frame of a stack trace, or a path with a line. */
export interface TaskPlace {
  /** With forward slashes. */
  readonly path: string;
  readonly line: number | null;
  /** The function as the trace names it; null if it names none. */
  readonly name: string | null;
  /** Whether a program printed it as the place of an error, rather than a person who mentions it. */
  readonly isTraced: boolean;
}

/** Frames of stack traces in common languages, one line each. */
const FRAMES: readonly RegExp[] = [
  /^\s*File "(?<path>[^"]+)", line (?<line>\d+)(?:, in (?<name>.+))?$/,
  /^\s*(?:\d+ |at )(?:[\w.$-]+\/+)*(?<name>[\w.$<>]+)\((?<path>[\w$-]+\.(?:java|kt|kts|scala|groovy|clj)):(?<line>\d+)\)/,
  /^\s*at (?<name>[^()]+?)\(.*\) in (?<path>.+?):line (?<line>\d+)/,
  /^\s*at (?:(?:async |new )?(?<name>[^()]+?) \()?(?<path>[^()\s]+):(?<line>\d+):\d+\)?$/,
  /^\s*at (?<path>[^()\s]+\.\w+):(?<line>\d+)$/,
  /^(?<name>[\w$.<>/]*)@(?<path>\S+?):(?<line>\d+):\d+$/,
  /^\s*#\d+\s+(?:0x[\da-f]+ in )?(?<name>\S.*?)\s*\([^()]*\)(?: const)? at (?<path>\S+?):(?<line>\d+)/i,
  /^\s*#\d+\s+0x[\da-f]+ in (?<name>.+?)(?:\([^()]*\))?(?: const)? (?<path>\/\S+?):(?<line>\d+)/i,
  /^\s*#\d+ (?<path>\/.+?\.php)\((?<line>\d+)\): (?<name>[\w\\:>-]+)/,
  /^\s+(?<path>\S+\.(?:go|s)):(?<line>\d+)(?: \+0x[\da-f]+)?(?: fp=.*)?$/,
  /^\s*(?:from )?(?<path>\S+\.rb):(?<line>\d+):in [`'](?<name>[^']+)'/,
];
/** A line in front of a frame that names its function, as in Go and Rust. */
const NAME_LINE =
  /^(?:created by )?(?<go>[\w./@*()-]+\.[\w.*()]+?)(?:\(.*\)| in goroutine \d+)$|^\s*\d+: (?:0x[\da-f]+ - )?(?<rust>[\w:<>{}#&; ]+)$/;
/** Longer lines are data. */
const LONGEST_LINE = 1_000;

const PATH = /(?<![\w./\\@-])(?:\w+:\/\/|[A-Za-z]:)?[\\/]?(?:[\w@.+-]+[\\/])*[\w@+-][\w@.+-]*\.[A-Za-z]\w{0,5}/;
/** A path with a line: `a/b.ts:12`, `a/b.cs(12,5)`, `a/b.py#L12`, `a/b.py::test_name`. */
const LOCATED = new RegExp(
  `(?<path>${PATH.source})(?:(?::|#L|", line | line |\\((?=\\d+(?:,\\d+)?\\):))(?<line>\\d+)|::(?<name>[\\w:]+))`,
  "g",
);

/** A line that a compiler or a test run printed. */
const REPORT =
  /^\s*(?:\w+:\/\/|[A-Za-z]:)?[\w@.+\-\\/]+(?::|\(|#L)\d|^\s*(?:-->|File ")|\b(?:FAIL(?:ED|URE)?|panicked|(?:fatal |type|syntax |assertion)?error|warning)\b/;

/** The frame that a line is; null for any other line. */
export function frameOf(line: string, before: string = ""): TaskPlace | null {
  if (line.length > LONGEST_LINE) return null;
  for (const pattern of FRAMES) {
    const groups = pattern.exec(line)?.groups;
    if (groups === undefined) continue;
    const { path = "", name = functionNamedIn(before) ?? undefined } = groups;
    if (!/\.\w+$|^node:|^</.test(path)) continue;
    return { path: withPackage(path, name), line: Number(groups["line"]), name: name ?? null, isTraced: true };
  }
  return null;
}

/** The function that a line names for the frame on the next one; null for any other line. */
export function functionNamedIn(line: string): string | null {
  if (line.length > LONGEST_LINE) return null;
  const { go, rust } = NAME_LINE.exec(line)?.groups ?? {};
  return go ?? rust ?? null;
}

/** The places with line numbers in a line of prose or of an error message. */
export function placesIn(line: string): readonly TaskPlace[] {
  if (line.length > LONGEST_LINE) return [];
  return Array.from(line.matchAll(LOCATED), ({ groups = {} }) => ({
    path: (groups["path"] ?? "").replaceAll("\\", "/"),
    line: groups["line"] === undefined ? null : Number(groups["line"]),
    name: groups["name"] ?? null,
    isTraced: REPORT.test(line),
  }));
}

/** The last identifiers of a function's name: `leveldb::Block::Iter::Seek` gives `Iter` and `Seek`. */
export function lastNames(name: string | null): readonly string[] {
  const plain = (name ?? "").replaceAll(/<[^<>]*>|\(anonymous[^)]*\)|\{\{.*?\}\}|\.func\d+(?:\.\d+)*/g, " ");
  return (plain.match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? []).slice(-2);
}

/** A trace of the JVM names only the file: its folders are those of the package. */
function withPackage(path: string, name: string | undefined): string {
  const plain = path.replace(/^file:\/\//, "").replaceAll("\\", "/");
  if (!/^[\w$-]+\.(?:java|kt|kts|scala|groovy|clj)$/.test(plain) || name === undefined) return plain;
  const folders = name.split(".").slice(0, -2);
  return [...folders, plain].join("/");
}
