import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { isSidePath, isTestPath } from "../../src/domain/file-role.ts";

// node test/eval/make-code-tasks.ts <repository> <output folder> [--tasks 50]
//
// Makes tasks for `search_code` from a repository's own history. The snapshot is the newest commit behind which enough commits
// change one to four files of source code that it has. A task is such a commit's message without scope, pull request numbers
// and trailers, unless another commit has the same first line; what should be found is the files it changed. Writes `tasks.jsonl` and the snapshot as `corpus/`:
//   citewell ingest <output>/corpus --collection tasks
//   citewell eval run <output>/tasks.jsonl --collection tasks
// With the text of other people's commits, what is made here is theirs too.

const TEXT =
  /\.(?:[cm]?[jt]sx?|pyi?|go|rs|java|kt|rb|php|cs|cpp|cc|cxx|c|h|hh|hpp|swift|scala|kts|vue|svelte|astro|dart|ex|exs|lua|sh|toml|ya?ml|md|mdx|rst)$/;
const CODE =
  /\.(?:[cm]?[jt]sx?|pyi?|go|rs|java|kt|rb|php|cs|cpp|cc|cxx|c|h|hh|hpp|swift|scala|kts|vue|svelte|astro|dart|ex|exs|lua)$/;
const TRAILER =
  /^(?:-{3,}|co-authored-by|signed-off-by|reviewed-by|acked-by|change-id|pr-url|refs?|closes|fixes|resolves|cc)\b[:\s#-]/i;
/** Commits that say nothing about where to look. */
const CHORES = /^(?:merge|revert|release|bump|version|v?\d+\.\d+|chore|ci|build|style|test|lint|prepare)\b/i;
const LARGEST_FILE = 400_000;
const LONGEST_TASK = 1_200;
const MOST_FILES = 4;
const FEWEST_WORDS = 3;

interface Commit {
  readonly hash: string;
  readonly date: string;
  readonly message: string;
  /** Files that were there before and were changed, by their names before. */
  readonly changed: readonly string[];
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { tasks: { type: "string", default: "50" } },
});
const [repository, output] = positionals;
if (repository === undefined || output === undefined) {
  console.error("usage: node test/eval/make-code-tasks.ts <repository> <output folder> [--tasks 50]");
  process.exit(2);
}

const { snapshot, tasks } = findSnapshot(repository, Number(values.tasks));
const files = [...readTree(repository, snapshot)].filter((file) => TEXT.test(file));
for (const file of files) {
  const target = join(output, "corpus", file);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, git(repository, ["cat-file", "blob", `${snapshot}:${file}`]));
}
writeFileSync(join(output, "tasks.jsonl"), tasks.map((task) => `${JSON.stringify(task)}\n`).join(""));
console.log(`${tasks.length} tasks over ${files.length} files of ${snapshot.slice(0, 10)} are in ${output}.`);

function git(folder: string, args: readonly string[]): Buffer {
  return execFileSync("git", ["-C", folder, ...args], { maxBuffer: 1_000_000_000 });
}

function readCommits(folder: string): readonly Commit[] {
  // Separators that no message has: git itself refuses them in one.
  const format = "--format=%x00%x00%H%x00%cs%x00%B%x00";
  const log = git(folder, ["log", "--no-merges", "--name-status", "--find-renames", format]).toString("utf8");
  return log
    .split("\u0000\u0000")
    .slice(1)
    .map((entry) => {
      const [hash = "", date = "", message = "", names = ""] = entry.split("\u0000");
      const changed = names.split("\n").flatMap((line) => {
        const [status = "", before = ""] = line.split("\t");
        return /^[MRD]/.test(status) ? [before] : [];
      });
      return { hash, date, message, changed };
    });
}

function findSnapshot(
  folder: string,
  wanted: number,
): { readonly snapshot: string; readonly tasks: readonly object[] } {
  const commits = readCommits(folder);
  const bySubject = Map.groupBy(commits, ({ message }) => subjectOf(message));
  const isAlone = ({ message }: Commit): boolean => bySubject.get(subjectOf(message))?.length === 1;
  for (let depth = wanted; ; depth += wanted) {
    const commit = commits[Math.min(depth, commits.length - 1)];
    if (commit === undefined) throw new Error(`${folder} has no commits.`);
    const tree = readTree(folder, commit.hash);
    const found = commits.slice(0, depth).flatMap((one) => (isAlone(one) ? (taskOf(one, tree) ?? []) : []));
    // Those next to the snapshot are the ones whose files are most like it.
    if (found.length >= wanted || depth >= commits.length) {
      return { snapshot: commit.hash, tasks: found.slice(-wanted) };
    }
  }
}

/** The first line of a message, without what differs when it is written again. */
function subjectOf(message: string): string {
  return (cleanMessage(message).split("\n", 1)[0] ?? "").toLowerCase().replace(/\W+$/, "");
}

function taskOf({ hash, date, message, changed }: Commit, tree: ReadonlySet<string>): object | null {
  const query = cleanMessage(message);
  const subject = (query.split("\n", 1)[0] ?? "").replace(/^\w+!?:\s*/, "");
  if (CHORES.test(query) || (subject.match(/[\p{L}_][\p{L}\p{N}_.-]{2,}/gu) ?? []).length < FEWEST_WORDS) return null;
  const relevant = changed.filter((file) => CODE.test(file) && !isTestPath(file) && tree.has(file));
  if (relevant.length === 0 || relevant.length > MOST_FILES || relevant.every(isSidePath)) return null;
  return { id: hash.slice(0, 10), date, query, query_noscope: query, relevant: relevant.toSorted() };
}

function cleanMessage(message: string): string {
  return message
    .trim()
    .split("\n")
    .map((line) => line.replaceAll(/\s*\(#\d+\)/g, "").trim())
    .filter((line) => line !== "" && !TRAILER.test(line))
    .join("\n")
    .replace(/^(\w+)\([^)]*\)(!?):/, "$1$2:")
    .slice(0, LONGEST_TASK);
}

function readTree(folder: string, commit: string): ReadonlySet<string> {
  const entries = git(folder, ["ls-tree", "-r", "-l", "-z", commit]).toString("utf8").split("\u0000");
  return new Set(
    entries.flatMap((entry) => {
      const [about = "", path = ""] = entry.split("\t");
      const [mode, kind, , size] = about.split(/\s+/);
      return kind === "blob" && mode !== "120000" && Number(size) <= LARGEST_FILE ? [path] : [];
    }),
  );
}
