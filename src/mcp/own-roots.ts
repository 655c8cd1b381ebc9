import path from "node:path";

/**
 * Which of the roots that a collection names may be read again. A data folder can come with somebody's repository, and its
 * records could name any folder, such as that of the user's keys.
 */
export interface OwnRoots {
  has(root: string): boolean;
  /** Records folders, files, globs and web addresses that the user has named himself, relative to the working folder. */
  add(given: readonly string[]): void;
}

/** For stores that the user chose himself. */
export const ALL_ROOTS: OwnRoots = { has: () => true, add() {} };

/** Those of some roots that are folders or files, and not the user's own. */
export function foreignRoots(roots: Iterable<string>, ownRoots: Pick<OwnRoots, "has">): ReadonlySet<string> {
  return new Set([...new Set(roots)].filter((root) => path.isAbsolute(root) && !ownRoots.has(root)));
}

/** The sentence for a root that is not the user's own. */
export function describeForeign(root: string): string {
  return `${root} lies outside of the project, and you have not ingested it here: it is not read again until citewell ingest names it.`;
}
