import type { Dirent, Stats } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import path from "node:path";
import picomatch from "picomatch";
import { errorMessage, systemErrorCode } from "../src/errors.ts";
import { openIgnoreRules, type IgnoreRules } from "./ignore-rules.ts";
import { machineMadeReason } from "./machine-made.ts";
import { type ResolvedRoot, toPosixPath } from "./resolve-root.ts";
import { createPageMatcher } from "./web/site-scope.ts";

/** A file that belongs to a root. */
export interface FoundFile {
  /** Absolute path of the root, with `/`. */
  readonly root: string;
  /** Path relative to the root, with `/`; the name of a file that is a root itself. */
  readonly source: string;
  readonly absolutePath: string;
  readonly bytes: number;
  /** Time of the last change of the content, or of the file's properties where that was later, in milliseconds. */
  readonly modifiedAt: number;
}

/** Something under a root that could not be taken. */
export interface UnfoundEntry {
  readonly root: string;
  readonly source: string;
  readonly status: "skipped" | "failed";
  readonly reason: string;
}

/** What lies under a root. */
export interface FoundRoot {
  /** Sorted by source. */
  readonly files: readonly FoundFile[];
  /** `failed` entries may be folders: what lies below them is unknown, not gone. */
  readonly unfound: readonly UnfoundEntry[];
}

/** Options of {@link findFiles}. */
export interface FindFilesOptions {
  /** Globs of sources to take; all when absent or empty. */
  readonly include?: readonly string[];
  /** Globs of sources to leave out. */
  readonly exclude?: readonly string[];
  /** Absolute paths of folders that are never entered, such as the data folder. */
  readonly skipFolders?: readonly string[];
  readonly signal?: AbortSignal;
}

/**
 * Whether a source is within a root's globs and an ingestion's `include`: what is not is no business of the ingestion, so it
 * is neither added nor removed.
 */
export function createScope(root: ResolvedRoot, include: readonly string[] = []): (source: string) => boolean {
  if (root.kind === "web") return include.length === 0 ? () => true : createPageMatcher(include);
  const byGlob = root.globs === null ? null : picomatch([...root.globs]);
  const byInclude = include.length === 0 ? null : picomatch([...include]);
  return (source) => (byGlob?.(source) ?? true) && (byInclude?.(source) ?? true);
}

/**
 * Finds the files under a root. Hidden entries, `node_modules` and what `.gitignore` or `.citewellignore` name are left
 * out, and so is what programs write for programs; links are followed within the root, each folder once. A file given as
 * root is taken whatever its name.
 */
export async function findFiles(root: ResolvedRoot, options: FindFilesOptions = {}): Promise<FoundRoot> {
  if (root.kind === "folder") return await walkFolder(root, options);
  const state = await stat(root.root);
  const source = path.basename(root.root);
  const file = { root: root.root, source, absolutePath: root.root, bytes: state.size, modifiedAt: changeTime(state) };
  return { files: createScope(root, options.include)(source) ? [file] : [], unfound: [] };
}

/** The later of both times: programs that copy or restore files set back the one, but cannot set back the other. */
export function changeTime({ mtimeMs, ctimeMs }: Pick<Stats, "mtimeMs" | "ctimeMs">): number {
  return Math.max(mtimeMs, ctimeMs);
}

/** Why a link to somewhere else is skipped. */
export const OUTSIDE_REASON = "a link that leads out of the root; give its target as a root of its own";

const UNDECODABLE = "its name is not valid UTF-8; rename it";

/** Whether something was not found because bytes of its name were lost when it was read: the path does not lead to it. */
function isUndecodable(relative: string, error: unknown): boolean {
  return systemErrorCode(error) === "ENOENT" && path.posix.basename(relative).includes("\uFFFD");
}

interface PendingLink {
  readonly relative: string;
  readonly rules: IgnoreRules;
}

async function walkFolder(root: ResolvedRoot, options: FindFilesOptions): Promise<FoundRoot> {
  const files: FoundFile[] = [];
  const unfound: UnfoundEntry[] = [];
  // Links wait until the plain folders are done, so that what both lead to keeps its plain name.
  const links: PendingLink[] = [];
  const visited = new Set<string>();
  /** What was taken before links were followed. */
  let taken: ReadonlySet<string> | undefined;
  const inScope = createScope(root, options.include);
  const exclude = options.exclude ?? [];
  const isExcluded = exclude.length === 0 ? (): boolean => false : picomatch([...exclude]);
  const skipFolders = new Set((options.skipFolders ?? []).map((folder) => path.resolve(folder)));
  const realRoot = await realpath(root.root);

  const report = (source: string, status: UnfoundEntry["status"], reason: string): void => {
    if (!isExcluded(source) && (status === "failed" || inScope(source))) {
      unfound.push({ root: root.root, source, status, reason });
    }
  };

  const takeFile = async (relative: string, absolutePath: string): Promise<void> => {
    if (!inScope(relative) || isExcluded(relative)) return;
    const machineMade = machineMadeReason(relative);
    if (machineMade !== null) {
      report(relative, "skipped", machineMade);
      return;
    }
    try {
      const state = await stat(absolutePath);
      const modifiedAt = changeTime(state);
      files.push({ root: root.root, source: relative, absolutePath, bytes: state.size, modifiedAt });
    } catch (error) {
      if (isUndecodable(relative, error)) report(relative, "failed", UNDECODABLE);
      else if (systemErrorCode(error) !== "ENOENT") report(relative, "failed", errorMessage(error));
    }
  };

  const takeEntry = async (entry: Dirent, relative: string, rules: IgnoreRules): Promise<void> => {
    if (entry.name.startsWith(".") || entry.name === "node_modules") return;
    if (rules.ignores(relative, entry.isDirectory())) return;
    if (entry.isSymbolicLink()) links.push({ relative, rules });
    else if (entry.isDirectory()) await walk(relative, rules);
    else if (entry.isFile()) await takeFile(relative, path.join(root.root, relative));
    else report(relative, "skipped", "not a regular file");
  };

  const walk = async (relative: string, parentRules: IgnoreRules | null): Promise<void> => {
    options.signal?.throwIfAborted();
    const absolute = path.join(root.root, relative);
    if (skipFolders.has(absolute) || (relative !== "" && isExcluded(relative))) return;
    let entries: Dirent[];
    try {
      const real = await realpath(absolute);
      if (visited.has(real)) return;
      visited.add(real);
      entries = await readdir(absolute, { withFileTypes: true });
    } catch (error) {
      const reason = isUndecodable(relative, error) ? UNDECODABLE : `the folder cannot be read: ${errorMessage(error)}`;
      report(relative === "" ? "." : relative, "failed", reason);
      return;
    }
    const folder = { absolute, names: new Set(entries.map(({ name }) => name)) };
    const rules = await (parentRules === null
      ? openIgnoreRules(folder)
      : relative === ""
        ? parentRules
        : parentRules.enter(relative, folder));
    for (const entry of entries.toSorted((left, right) => compare(left.name, right.name))) {
      await takeEntry(entry, relative === "" ? entry.name : `${relative}/${entry.name}`, rules);
    }
  };

  const takeLinkedFile = async (relative: string, target: string): Promise<void> => {
    taken ??= new Set(files.map(({ source }) => source));
    if (taken.has(target)) report(relative, "skipped", `a link to ${target}, which is read anyway`);
    else await takeFile(relative, path.join(root.root, relative));
  };

  const followLink = async ({ relative, rules }: PendingLink): Promise<void> => {
    const absolute = path.join(root.root, relative);
    try {
      const real = await realpath(absolute);
      // A link to somewhere else could bring in what nobody meant to share.
      if (real !== realRoot && !real.startsWith(realRoot + path.sep)) {
        report(relative, "skipped", OUTSIDE_REASON);
        return;
      }
      const state = await stat(real);
      if (state.isDirectory()) {
        if (!rules.ignores(relative, true)) await walk(relative, rules);
      } else if (state.isFile()) await takeLinkedFile(relative, toPosixPath(path.relative(realRoot, real)));
      else report(relative, "skipped", "not a regular file");
    } catch (error) {
      if (isUndecodable(relative, error)) {
        report(relative, "failed", UNDECODABLE);
        return;
      }
      const isBroken = systemErrorCode(error) === "ENOENT" || systemErrorCode(error) === "ELOOP";
      if (isBroken) report(relative, "skipped", "a link that leads nowhere");
      else if (systemErrorCode(error) === undefined) throw error;
      else report(relative, "failed", errorMessage(error));
    }
  };

  await walk("", null);
  for (let next = links.shift(); next !== undefined; next = links.shift()) await followLink(next);
  return {
    files: files
      .map((file) => ({ ...file, absolutePath: toPosixPath(file.absolutePath) }))
      .toSorted((left, right) => compare(left.source, right.source)),
    unfound: unfound.toSorted((left, right) => compare(left.source, right.source)),
  };
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
