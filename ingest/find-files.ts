import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import path from "node:path";
import picomatch from "picomatch";
import { changeTime } from "../src/domain/change-time.ts";
import { composedName } from "../src/domain/composed-name.ts";
import { isLeftOutName } from "../src/domain/left-out-name.ts";
import { errorMessage, systemErrorCode } from "../src/errors.ts";
import { openIgnoreRules, type IgnoreRules } from "./ignore-rules.ts";
import { generatedFileReason } from "./generated-files.ts";
import { realPlace } from "./real-place.ts";
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

/** Something under a root that is left out, with the reason. */
export interface UnfoundEntry {
  readonly root: string;
  readonly source: string;
  readonly status: "skipped" | "failed";
  readonly reason: string;
}

/** The files under a root, and what was left out. */
export interface FoundRoot {
  /** Sorted by source. */
  readonly files: readonly FoundFile[];
  /** `failed` entries may be folders: what lies below them is unknown, not gone. */
  readonly unfound: readonly UnfoundEntry[];
  /** Folders in which nothing lies at all. */
  readonly empty: readonly EmptyFolder[];
}

/** A folder in which nothing lies, hidden or not. */
export interface EmptyFolder {
  readonly root: string;
  /** Path relative to the root, with `/`; `.` for the root itself. */
  readonly source: string;
  /** Time of its last change, in milliseconds. Something that lay in it was deleted by then. */
  readonly modifiedAt: number;
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
 * Makes the test whether a source is within a root's globs and an ingestion's `include`. The ingestion neither adds nor
 * removes a source that is not.
 */
export function createScope(root: ResolvedRoot, include: readonly string[] = []): (source: string) => boolean {
  if (root.kind === "web") return include.length === 0 ? () => true : createPageMatcher(include);
  const byGlob = root.globs === null ? null : sourceTest(root.globs);
  const byInclude = include.length === 0 ? null : sourceTest(include);
  return (source) => (byGlob?.(source) ?? true) && (byInclude?.(source) ?? true);
}

/** Makes the test whether a source matches one of the globs. */
function sourceTest(globs: readonly string[]): (source: string) => boolean {
  const matches = picomatch(globs.map(composedName));
  return (source) => matches(composedName(source));
}

/**
 * Finds the files under a root. Left out are hidden entries, `node_modules`, what `.gitignore` or `.citewellignore`
 * name, and generated files; links are followed within the root, each folder once. A file given as root is taken
 * whatever its name.
 */
export async function findFiles(root: ResolvedRoot, options: FindFilesOptions = {}): Promise<FoundRoot> {
  if (root.kind === "folder") return await walkFolder(root, options);
  const state = await stat(root.root);
  const source = path.basename(root.root);
  const file = { root: root.root, source, absolutePath: root.root, bytes: state.size, modifiedAt: changeTime(state) };
  return { files: createScope(root, options.include)(source) ? [file] : [], unfound: [], empty: [] };
}

/** Why a link to somewhere else is skipped. */
export const OUTSIDE_REASON = "a link that leads out of the root; give its target as a root of its own";

const UNDECODABLE = "its name is not valid UTF-8; rename it";

/**
 * Whether something was not found because its name is not valid UTF-8: bytes were replaced when it was read, and the
 * path does not lead to the file.
 */
function isUndecodable(relative: string, error: unknown): boolean {
  return systemErrorCode(error) === "ENOENT" && path.posix.basename(relative).includes("\uFFFD");
}

/** Something in a folder, with the ignore rules that hold there. */
interface FolderEntry {
  readonly relative: string;
  readonly rules: IgnoreRules;
}

/** What the walk through a folder knows and has found so far. */
interface Walk {
  readonly root: string;
  readonly realRoot: string;
  readonly inScope: (source: string) => boolean;
  readonly isExcluded: (source: string) => boolean;
  /** Real paths of folders that are never entered. */
  readonly skipFolders: ReadonlySet<string>;
  readonly signal: AbortSignal | undefined;
  readonly files: FoundFile[];
  readonly unfound: UnfoundEntry[];
  readonly empty: EmptyFolder[];
  /** Links that are still to be followed. They wait until the plain folders are done: a file keeps its plain name. */
  readonly links: FolderEntry[];
  /** Real paths of the folders that were entered. */
  readonly entered: Set<string>;
}

async function walkFolder(root: ResolvedRoot, options: FindFilesOptions): Promise<FoundRoot> {
  const exclude = options.exclude ?? [];
  const walk: Walk = {
    root: root.root,
    realRoot: await realpath(root.root),
    inScope: createScope(root, options.include),
    isExcluded: exclude.length === 0 ? () => false : sourceTest(exclude),
    skipFolders: new Set(await Promise.all((options.skipFolders ?? []).map(realPlace))),
    signal: options.signal,
    files: [],
    unfound: [],
    empty: [],
    links: [],
    entered: new Set(),
  };
  await enterFolder(walk, "", null);
  const plainSources = new Set(walk.files.map(({ source }) => source));
  for (let link = walk.links.shift(); link !== undefined; link = walk.links.shift()) {
    await followLink(walk, link, plainSources);
  }
  return {
    files: walk.files
      .map((file) => ({ ...file, absolutePath: toPosixPath(file.absolutePath) }))
      .toSorted((left, right) => compare(left.source, right.source)),
    unfound: walk.unfound.toSorted((left, right) => compare(left.source, right.source)),
    empty: walk.empty,
  };
}

/** Takes what lies in a folder below the root, or in the root for an empty path; `parentRules` are null for the root. */
async function enterFolder(walk: Walk, relative: string, parentRules: IgnoreRules | null): Promise<void> {
  walk.signal?.throwIfAborted();
  const absolute = path.join(walk.root, relative);
  const source = relative === "" ? "." : relative;
  if (relative !== "" && walk.isExcluded(relative)) return;
  let entries: Dirent[];
  try {
    const real = await realpath(absolute);
    if (walk.skipFolders.has(real) || walk.entered.has(real)) return;
    walk.entered.add(real);
    entries = await readdir(absolute, { withFileTypes: true });
    if (entries.length === 0) {
      walk.empty.push({ root: walk.root, source, modifiedAt: changeTime(await stat(absolute)) });
      return;
    }
  } catch (error) {
    const reason = isUndecodable(relative, error) ? UNDECODABLE : `the folder cannot be read: ${errorMessage(error)}`;
    report(walk, { source, status: "failed", reason });
    return;
  }
  const folder = { absolute, names: new Set(entries.map(({ name }) => name)) };
  const rules = await (parentRules === null ? openIgnoreRules(folder) : parentRules.enter(relative, folder));
  for (const entry of entries.toSorted((left, right) => compare(left.name, right.name))) {
    await takeEntry(walk, entry, { relative: relative === "" ? entry.name : `${relative}/${entry.name}`, rules });
  }
}

async function takeEntry(walk: Walk, entry: Dirent, { relative, rules }: FolderEntry): Promise<void> {
  if (isLeftOutName(entry.name)) return;
  if (rules.ignores(relative, entry.isDirectory())) return;
  if (entry.isSymbolicLink()) walk.links.push({ relative, rules });
  else if (entry.isDirectory()) await enterFolder(walk, relative, rules);
  else if (entry.isFile()) await takeFile(walk, relative);
  else report(walk, { source: relative, status: "skipped", reason: "not a regular file" });
}

async function takeFile(walk: Walk, source: string): Promise<void> {
  if (!walk.inScope(source) || walk.isExcluded(source)) return;
  const generated = generatedFileReason(source);
  if (generated !== null) {
    report(walk, { source, status: "skipped", reason: generated });
    return;
  }
  const absolutePath = path.join(walk.root, source);
  try {
    const state = await stat(absolutePath);
    walk.files.push({ root: walk.root, source, absolutePath, bytes: state.size, modifiedAt: changeTime(state) });
  } catch (error) {
    if (isUndecodable(source, error)) report(walk, { source, status: "failed", reason: UNDECODABLE });
    // A file that went meanwhile is not there.
    else if (systemErrorCode(error) !== "ENOENT") {
      report(walk, { source, status: "failed", reason: errorMessage(error) });
    }
  }
}

/** Takes what a link leads to; `plainSources` were taken before links were followed. */
async function followLink(walk: Walk, link: FolderEntry, plainSources: ReadonlySet<string>): Promise<void> {
  const source = link.relative;
  const skip = (reason: string): void => report(walk, { source, status: "skipped", reason });
  try {
    const real = await realpath(path.join(walk.root, source));
    // A link to somewhere else could bring in what nobody meant to share.
    if (real !== walk.realRoot && !isBelow(walk.realRoot, real)) return skip(OUTSIDE_REASON);
    const state = await stat(real);
    if (state.isDirectory()) {
      if (!link.rules.ignores(source, true)) await enterFolder(walk, source, link.rules);
      return;
    }
    if (!state.isFile()) return skip("not a regular file");
    const target = toPosixPath(path.relative(walk.realRoot, real));
    if (plainSources.has(target)) return skip(`a link to ${target}, which is read anyway`);
    await takeFile(walk, source);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    if (isUndecodable(source, error)) report(walk, { source, status: "failed", reason: UNDECODABLE });
    else if (code === "ENOENT" || code === "ELOOP") skip("a link that leads nowhere");
    else report(walk, { source, status: "failed", reason: errorMessage(error) });
  }
}

/** Whether a real path lies below a folder's, which ends with a separator where it is the top of a disk. */
export function isBelow(folder: string, real: string): boolean {
  return real.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep);
}

/** Notes something that could not be taken. What is outside the ingestion's globs is passed over, unless it failed. */
function report(walk: Walk, entry: Omit<UnfoundEntry, "root">): void {
  if (!walk.isExcluded(entry.source) && (entry.status === "failed" || walk.inScope(entry.source))) {
    walk.unfound.push({ root: walk.root, ...entry });
  }
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
