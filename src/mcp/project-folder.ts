import { existsSync, statSync } from "node:fs";
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

/**
 * The project that a folder lies in. The nearest working copy of version control, at the folder or above it, is the
 * limit; up to there, the nearest folder with an index is taken. Without either it is the folder itself. A home folder
 * and the top of a disk are no projects.
 */
export function projectAbove(folder: string, home: string = homedir()): string {
  const above = foldersAbove(path.resolve(folder), home);
  const top = above.findIndex((one) => TOP_MARKS.some((mark) => existsSync(path.join(one, mark))));
  const inside = top === -1 ? above : above.slice(0, top + 1);
  return inside.find((one) => isFolder(path.join(one, DATA_FOLDER))) ?? above[top] ?? folder;
}

/** The data folder of the project that a folder lies in, where that is another folder and has one. */
export function dataFolderAbove(folder: string, home: string = homedir()): string | null {
  const project = projectAbove(folder, home);
  const data = path.join(project, DATA_FOLDER);
  return isSameFolder(project, folder) || !isFolder(data) ? null : data;
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
