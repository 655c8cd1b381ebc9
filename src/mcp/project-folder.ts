import { existsSync, lstatSync, statSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { foldedName } from "../domain/composed-name.ts";

/** Files and folders that lie at the top of a project. */
const PROJECT_MARKS: readonly string[] =
  ".git .hg .svn package.json pyproject.toml setup.py requirements.txt Cargo.toml go.mod pom.xml build.gradle build.gradle.kts composer.json Gemfile mix.exs deno.json CMakeLists.txt Makefile .citewellignore".split(
    " ",
  );
/** Marks of the top of a working copy; parts of it may have the others too. */
const TOP_MARKS: readonly string[] = [".git", ".hg", ".svn"];
/** The usual name of a data folder. */
const DATA_FOLDER = ".citewell";
/** What decides about a project that is taken over from a folder above. */
const DECIDES: readonly string[] = [...TOP_MARKS, DATA_FOLDER, ".env", "citewell.config.json", "OAI_CONFIG_LIST"];
/** Whose files decide everything on a machine anyway. */
const ROOT_USER = 0;

/**
 * The folder that a data folder belongs to: the one it lies in where it has its usual name, else the working folder.
 */
export function projectFolderOf({ dataFolder, cwd }: { readonly dataFolder: string; readonly cwd: string }): string {
  const data = path.resolve(cwd, dataFolder);
  return path.basename(data) === DATA_FOLDER ? path.dirname(data) : cwd;
}

/** Whether a folder looks like a project. A home folder and the top of a disk never do, whatever they hold. */
export function isProjectFolder(folder: string, home: string = homedir()): boolean {
  const full = path.resolve(folder);
  if (full === path.parse(full).root || isSameFolder(full, home)) return false;
  return PROJECT_MARKS.some((mark) => existsSync(path.join(full, mark)));
}

/** Options of {@link projectAbove}. */
export interface ProjectSearch {
  /** Default: that of the user. */
  readonly home?: string;
  /** The user whose process this is; undefined on Windows, where files do not say whose they are. Default: asks the system. */
  readonly user?: number | undefined;
  /** Whose a file or folder is; undefined where there is none. Default: asks the disk. */
  readonly ownerOf?: (place: string) => number | undefined;
  /** Is told what belongs to somebody else in a folder that is passed over for it. */
  readonly onForeign?: (place: string) => void;
}

/**
 * The project that a folder lies in. The nearest working copy of version control, at the folder or above it, is the
 * limit; up to there, the nearest folder with an index is taken. Without either it is the folder itself. A home folder
 * and the top of a disk are no projects. Neither is a folder above where somebody else could have put what decides: one
 * in a shared folder would get the texts of all who work below it.
 */
export function projectAbove(folder: string, search: ProjectSearch = {}): string {
  const { home = homedir() } = search;
  const isOwn = createOwnTest(folder, search);
  const own = foldersAbove(path.resolve(folder), home).filter((one, index) => index === 0 || isOwn(one));
  const top = own.findIndex((one) => TOP_MARKS.some((mark) => existsSync(path.join(one, mark))));
  const inside = top === -1 ? own : own.slice(0, top + 1);
  return inside.find((one) => isFolder(path.join(one, DATA_FOLDER))) ?? own[top] ?? folder;
}

/** The data folder of the project that a folder lies in, where that is another folder and has one. */
export function dataFolderAbove(folder: string): string | null {
  const project = projectAbove(folder);
  const data = path.join(project, DATA_FOLDER);
  return isSameFolder(project, folder) || !isFolder(data) ? null : data;
}

/**
 * Makes the test whether a folder, and what decides in it, is the user's own, or of whom the working folder is: its owner
 * is trusted already. Links count for themselves, since who makes one in a shared folder is not who owns its target.
 */
function createOwnTest(working: string, search: ProjectSearch): (folder: string) => boolean {
  const { user = process.getuid?.(), ownerOf = ownerOnDisk, onForeign } = search;
  const trusted: ReadonlySet<number | undefined> = new Set([undefined, user, ROOT_USER, ownerOf(working)]);
  return (folder) => {
    if (user === undefined) return true;
    const there = DECIDES.map((name) => path.join(folder, name)).filter((place) => ownerOf(place) !== undefined);
    const foreign = [folder, ...there].find((place) => !trusted.has(ownerOf(place)));
    if (foreign !== undefined && there.length > 0) onForeign?.(foreign);
    return foreign === undefined;
  };
}

function ownerOnDisk(place: string): number | undefined {
  return lstatSync(place, { throwIfNoEntry: false })?.uid;
}

/** A folder and those above it, nearest first, as far as somebody's home or the top of the disk. */
function foldersAbove(folder: string, home: string): readonly string[] {
  const folders: string[] = [];
  for (let one = folder; !isSameFolder(one, home) && one !== path.dirname(one); one = path.dirname(one))
    folders.push(one);
  return folders;
}

/**
 * Whether two paths name one folder. Windows and macOS give the same path in several cases, such as a drive's letter, and
 * on Windows stored roots have other separators.
 */
export function isSameFolder(left: string, right: string): boolean {
  return foldedName(path.resolve(left)) === foldedName(path.resolve(right));
}

function isFolder(place: string): boolean {
  return statSync(place, { throwIfNoEntry: false })?.isDirectory() === true;
}
