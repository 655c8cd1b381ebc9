import { posix } from "node:path";

/** Paths of standard libraries and runtimes, which belong to no project. */
const RUNTIME =
  /^(?:node:|<|internal\/)|(?:^|\/)(?:go[\d.]*\/src\/(?!github|gitlab|bitbucket)|rustc\/|lib\/python[\d.]+\/(?!(?:site|dist)-packages\/))|^(?:java|javax|jdk|sun|kotlin|scala)\//;
/** Folders of installed packages; behind them follow the package's name and its own paths. */
const PACKAGES =
  /^.*\/(?:site-packages|dist-packages|node_modules|gems|pkg\/mod|registry\/src\/[^/]+)\/(?:[\w.-]+\.[a-z]+\/[\w.-]+\/(?=[^/]*@v))?/;
/** A version behind a package's name, as some package managers write it. */
const VERSION = /(?<=^(?:@[^/]+\/)?[^/@]+)[@-]v?\d[^/]*(?=\/)/;

/** File names that occur in every folder. */
const COMMON_FILE_NAME = /^(?:index|__init__|main|mod)\./;
/** Words that may be paths. */
const PATH_LIKE = /[\w@+.\\/-]+/g;
/** A file's name, without the full stop of a sentence behind it. */
const FILE_NAME = /^.+\.[A-Za-z]\w*/;

/** No file has a longer name. */
const LONGEST_NAME = 255;

/** The place of a document. */
export interface PlacedDocument {
  readonly root: string;
  readonly source: string;
}

/** How well a path matches a document. */
export interface PathMatch {
  /** How many names at the ends of both paths are the same. */
  readonly shared: number;
  /** Whether that is enough; if not, something else must confirm the match. */
  readonly isSure: boolean;
}

/**
 * Prepares the comparison of a path from another machine with documents; null for a path that cannot be one of theirs.
 */
export function pathMatcher(path: string): ((document: PlacedDocument) => PathMatch | null) | null {
  if (RUNTIME.test(path)) return null;
  const isPackage = PACKAGES.test(path);
  const names = namesOf(path.replace(PACKAGES, "").replace(isPackage ? VERSION : /^\b$/, ""));
  const isRelative = !isPackage && !/^(?:\/|[A-Za-z]:\/|\w+:\/\/)/.test(path);
  return ({ root, source }) => {
    const own = namesOf(source);
    if (own.at(-1) !== names.at(-1)) return null;
    const all = sharedEnd(names, [...namesOf(root), ...own]);
    const shared = Math.min(all, own.length);
    const isSure = all > own.length || all === names.length ? isRelative || all > 1 : shared > 1 && !isPackage;
    // A package is often developed in a folder of another name.
    return isSure || shared === own.length || (isPackage && shared >= names.length - 1) ? { shared, isSure } : null;
  };
}

/** Finds the sources that a text names: of those with a file's name, the ones that share most of its folders. */
export function namedFiles(text: string, sources: readonly string[]): (source: string) => boolean {
  const byName = Map.groupBy(new Set(sources), (source) => posix.basename(source));
  const named = new Set<string>();
  for (const [path] of text.matchAll(PATH_LIKE)) {
    const names = toFileName(namesOf(path.replaceAll("\\", "/")));
    const name = names.at(-1);
    if (name === undefined || name.length > LONGEST_NAME) continue;
    const alike = (byName.get(name) ?? []).map((source) => ({ source, shared: sharedEnd(names, namesOf(source)) }));
    const most = alike.reduce((best, { shared }) => Math.max(best, shared), 1);
    for (const { source, shared } of alike) {
      if (shared === most && !(most === 1 && COMMON_FILE_NAME.test(name))) named.add(source);
    }
    // `test_client.py` names `client.py` too.
    for (const { index } of name.matchAll(/[._-]/g)) {
      const end = name.slice(index + 1);
      if (!COMMON_FILE_NAME.test(end)) for (const source of byName.get(end) ?? []) named.add(source);
    }
  }
  return (source) => named.has(source);
}

/** The names of a path up to the file's name; none if the path has no file name. */
function toFileName(names: readonly string[]): readonly string[] {
  const at = names.findLastIndex((name) => FILE_NAME.test(name));
  return at === -1 ? [] : [...names.slice(0, at), FILE_NAME.exec(names[at] ?? "")?.[0] ?? ""];
}

function namesOf(path: string): readonly string[] {
  return path.split("/").filter((name) => name !== "" && name !== ".");
}

function sharedEnd(left: readonly string[], right: readonly string[]): number {
  let count = 0;
  while (count < Math.min(left.length, right.length) && left.at(-1 - count) === right.at(-1 - count)) count += 1;
  return count;
}
