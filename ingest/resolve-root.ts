import { existsSync } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import picomatch from "picomatch";
import { foldedName, withUpperDrive } from "../src/domain/composed-name.ts";
import { fromHome } from "../src/domain/home-path.ts";
import { CitewellError, errorMessage, systemErrorCode } from "../src/errors.ts";
import { isWebAddress, parseWebAddress } from "./web/web-address.ts";

/** A root as it was given, resolved against the file system. */
export interface ResolvedRoot {
  /** Absolute path with `/`, or a web address; the identity of the root. */
  readonly root: string;
  readonly kind: "folder" | "file" | "web";
  /** Globs of sources to which the root is limited; null where it is not. */
  readonly globs: readonly string[] | null;
}

/** A path with `/` between its parts, on every system. */
export function toPosixPath(file: string, sep: string = path.sep): string {
  return sep === "/" ? file : file.replaceAll(sep, "/");
}

/**
 * Resolves folders, files, globs and web addresses. A glob becomes the folder in front of its first wildcard, limited
 * to what it matches; a root given twice is taken once.
 *
 * @throws CitewellError `path_not_found` naming a path that is not there, `file_unreadable` for what is neither a folder nor
 * a file, `usage_invalid` for an address that cannot be fetched.
 */
export async function resolveRoots(given: readonly string[]): Promise<readonly ResolvedRoot[]> {
  const byRoot = new Map<string, ResolvedRoot>();
  for (const one of given) {
    const resolved = await resolveRoot(one);
    const known = byRoot.get(resolved.root);
    byRoot.set(resolved.root, known === undefined ? resolved : widest(known, resolved));
  }
  return [...byRoot.values()];
}

/**
 * Replaces a leading tilde that the shell left alone by the home folder, unless something with that very name exists.
 */
export function withHome(given: string): string {
  return existsSync(given) ? given : fromHome(given, homedir());
}

function widest(left: ResolvedRoot, right: ResolvedRoot): ResolvedRoot {
  if (left.globs === null || right.globs === null) return { ...left, globs: null };
  return { ...left, globs: [...new Set([...left.globs, ...right.globs])] };
}

async function resolveRoot(given: string): Promise<ResolvedRoot> {
  if (isWebAddress(given)) return { root: parseWebAddress(given).href, kind: "web", globs: null };
  if (given.trim() === "")
    throw new CitewellError("usage_invalid", "A root is empty; give a folder, a file or a glob.");
  const absolute = path.resolve(given);
  const kind = await kindOf(absolute, given);
  if (kind !== null) return { root: toPosixPath(await asOnDisk(absolute)), kind, globs: null };
  const atHome = withHome(given);
  if (atHome !== given) return resolveRoot(atHome);
  const { base, glob, isGlob } = picomatch.scan(toPosixPath(given));
  if (!isGlob) throw notFound(given);
  const folder = path.resolve(base);
  if ((await kindOf(folder, given)) !== "folder") throw notFound(given);
  return { root: toPosixPath(await asOnDisk(folder)), kind: "folder", globs: [glob] };
}

async function asOnDisk(absolute: string): Promise<string> {
  return asSpelt(absolute, await realpath(absolute).catch(() => absolute));
}

/**
 * A path as its disk spells it. macOS and Windows find a folder by any case, and by letters with their marks in one or in
 * several characters; as a root, it must be the same one however it was typed. Links stay as they are.
 */
export function asSpelt(given: string, real: string): string {
  return foldedName(given) === foldedName(real) ? real : withUpperDrive(given);
}

async function kindOf(absolute: string, given: string): Promise<"folder" | "file" | null> {
  try {
    const state = await stat(absolute);
    if (state.isDirectory()) return "folder";
    if (state.isFile()) return "file";
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR" || code === "ENAMETOOLONG") return null;
    throw new CitewellError("file_unreadable", `${given} cannot be read: ${errorMessage(error)}.`, { cause: error });
  }
  throw new CitewellError("file_unreadable", `${given} is neither a folder nor a regular file; give one of those.`);
}

function notFound(given: string): CitewellError {
  return new CitewellError(
    "path_not_found",
    `There is no file or folder ${given}; check the path and the working folder.`,
  );
}
