import { exactTermsOf } from "./code-terms.ts";
import { definedNames } from "./defined-names.ts";
import { addGains, givingFiles, type ScoredFile } from "./score-files.ts";

/** How many files' best pieces are read, and how many pieces of each. */
const READ_FILES = 3;
const READ_PIECES = 2;
/** The share of the best file's score that a file gets for defining a mentioned name, if it is the only one. */
const WEIGHT = 0.05;
/** If more of the found files define a name, it does not tell which is meant. */
const MOST_DEFINERS = 3;
/** Shorter names mostly belong to counters and loops. */
const SHORTEST_NAME = 4;

/**
 * Follows names from file to file: if the best pieces of the best files mention a name that another found file defines,
 * a change mostly reaches that file too. The more files define a name, the less each of them gets. Tests give and get
 * nothing unless they are asked for.
 */
export function addMentionedDefinitions(
  files: readonly ScoredFile[],
  { tests }: { readonly tests: boolean },
): ScoredFile[] {
  const taking = givingFiles(files, tests);
  const best = taking[0]?.score ?? 0;
  if (taking.length < 2 || best <= 0) return [...files];
  const definers = definersOf(taking);
  const shares = new Map<ScoredFile, number>();
  for (const from of taking.slice(0, READ_FILES)) {
    for (const { chunk } of from.chunks.slice(0, READ_PIECES)) {
      for (const name of new Set(exactTermsOf(chunk))) {
        const found = definers.get(name);
        if (found === undefined || found.size > MOST_DEFINERS || found.has(from)) continue;
        const share = Math.max(0, from.score / best) / found.size;
        for (const to of found) shares.set(to, Math.max(shares.get(to) ?? 0, share));
      }
    }
  }
  return addGains(files, { part: "mentioned", gainOf: (file) => WEIGHT * (shares.get(file) ?? 0) });
}

/** Names in small letters, each with the files that define it. */
function definersOf(files: readonly ScoredFile[]): ReadonlyMap<string, ReadonlySet<ScoredFile>> {
  const definers = new Map<string, Set<ScoredFile>>();
  for (const file of files) {
    for (const name of file.chunks.flatMap(({ chunk }) => definedNames(chunk))) {
      if (name.length < SHORTEST_NAME) continue;
      const known = definers.get(name.toLowerCase());
      if (known === undefined) definers.set(name.toLowerCase(), new Set([file]));
      else known.add(file);
    }
  }
  return definers;
}
