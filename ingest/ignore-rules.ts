import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import ignore, { type Ignore } from "ignore";
import { composedName } from "../src/domain/composed-name.ts";
import { IGNORE_FILES } from "../src/domain/left-out-name.ts";
import { markedText } from "../src/domain/marked-text.ts";
import { systemErrorCode } from "../src/errors.ts";
import { toPosixPath } from "./resolve-root.ts";

/** As git does it: the disks of macOS and Windows take `Build` and `build` for one name, and those of Linux do not. */
const IGNORES_CASE = process.platform === "darwin" || process.platform === "win32";
/** The folder that marks the top folder of a repository. */
const REPOSITORY = ".git";
/** Rules that only one user of a repository has. Those of `.gitignore` go before them. */
const OWN_EXCLUDES = path.join(REPOSITORY, "info", "exclude");
/** For a folder that was not listed: every kind of rule file may be in it. */
const EVERY_NAME: ReadonlySet<string> = new Set([REPOSITORY, ...IGNORE_FILES]);

/**
 * The rules that hold in a folder: its own and those of the folders above it up to the root. If the root lies in a git
 * repository, also those of the folders above the root, up to the repository's top.
 */
export interface IgnoreRules {
  /** Whether a path, relative to the root with `/`, is left out. */
  ignores(relative: string, isFolder: boolean): boolean;
  /** The rules that hold in a folder below this one. */
  enter(relative: string, folder: ListedFolder): Promise<IgnoreRules>;
}

/** A folder with the names of what lies in it. */
export interface ListedFolder {
  readonly absolute: string;
  /** Names of what lies directly in it; only rule files among them are opened. */
  readonly names: ReadonlySet<string>;
}

interface Level {
  /** Relative path of the folder with a `/` at its end; empty for the root and for folders above it. */
  readonly prefix: string;
  /** For a folder above the root, the path from it to the root, with a `/` at its end; else empty. */
  readonly way: string;
  readonly rules: Ignore;
}

/** Reads the rules of a root folder. */
export async function openIgnoreRules(root: ListedFolder): Promise<IgnoreRules> {
  return withLevels(await addLevel(await readLevelsAbove(root.absolute), "", root));
}

/**
 * The rules of the folders above the root in its repository. Those that would leave out the root itself do not count,
 * since somebody asked for it.
 */
async function readLevelsAbove(root: string): Promise<readonly Level[]> {
  const folders: string[] = [];
  for (let folder = root; !existsSync(path.join(folder, REPOSITORY)); folder = path.dirname(folder)) {
    if (folder === path.dirname(folder)) return [];
    folders.push(path.dirname(folder));
  }
  let levels: readonly Level[] = [];
  for (const folder of folders.toReversed()) {
    const way = composedName(`${toPosixPath(path.relative(folder, root))}/`);
    const next = await addLevel([], "", { absolute: folder, names: EVERY_NAME });
    levels = [...levels, ...next.filter(({ rules }) => !rules.ignores(way)).map((level) => ({ ...level, way }))];
  }
  return levels;
}

function withLevels(levels: readonly Level[]): IgnoreRules {
  return {
    ignores(relative, isFolder) {
      const target = isFolder ? `${relative}/` : relative;
      // The nearest folder with a rule for the path decides, as in git.
      for (const { prefix, way, rules } of levels.toReversed()) {
        const { ignored, unignored } = rules.test(composedName(way + target.slice(prefix.length)));
        if (ignored) return true;
        if (unignored) return false;
      }
      return false;
    },
    async enter(relative, folder) {
      const next = await addLevel(levels, `${relative}/`, folder);
      return next === levels ? this : withLevels(next);
    },
  };
}

async function addLevel(
  levels: readonly Level[],
  prefix: string,
  { absolute, names }: ListedFolder,
): Promise<readonly Level[]> {
  const texts: string[] = [];
  for (const name of [
    ...(names.has(REPOSITORY) ? [OWN_EXCLUDES] : []),
    ...IGNORE_FILES.filter((one) => names.has(one)),
  ]) {
    try {
      texts.push(markedText(await readFile(path.join(absolute, name))));
    } catch (error) {
      const code = systemErrorCode(error);
      if (code === undefined) throw error;
      // A rule file that cannot be read leaves nothing out: better a document too many than one missing.
    }
  }
  return texts.length === 0
    ? levels
    : [...levels, { prefix, way: "", rules: ignore({ ignorecase: IGNORES_CASE }).add(composedName(texts.join("\n"))) }];
}
