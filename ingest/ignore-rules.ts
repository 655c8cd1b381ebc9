import { readFile } from "node:fs/promises";
import path from "node:path";
import ignore, { type Ignore } from "ignore";
import { systemErrorCode } from "../src/errors.ts";

/** Files whose lines, in the syntax of `.gitignore`, leave out what lies below their folder. */
export const IGNORE_FILES: readonly string[] = [".gitignore", ".citewellignore"];

/** The rules in force in a folder: its own and those of the folders above it, up to the root. */
export interface IgnoreRules {
  /** Whether a path, relative to the root with `/`, is left out. */
  ignores(relative: string, isFolder: boolean): boolean;
  /** The rules in force in a folder below this one. */
  enter(relative: string, absolute: string): Promise<IgnoreRules>;
}

interface Level {
  /** Relative path of the folder with a `/` at its end; empty for the root. */
  readonly prefix: string;
  readonly rules: Ignore;
}

/** Reads the rules of a root folder. */
export async function openIgnoreRules(root: string): Promise<IgnoreRules> {
  return withLevels(await addLevel([], "", root));
}

function withLevels(levels: readonly Level[]): IgnoreRules {
  return {
    ignores(relative, isFolder) {
      const target = isFolder ? `${relative}/` : relative;
      // The nearest folder that has a say decides, as in git.
      for (const { prefix, rules } of levels.toReversed()) {
        const { ignored, unignored } = rules.test(target.slice(prefix.length));
        if (ignored) return true;
        if (unignored) return false;
      }
      return false;
    },
    async enter(relative, absolute) {
      const next = await addLevel(levels, `${relative}/`, absolute);
      return next === levels ? this : withLevels(next);
    },
  };
}

async function addLevel(levels: readonly Level[], prefix: string, folder: string): Promise<readonly Level[]> {
  const texts: string[] = [];
  for (const name of IGNORE_FILES) {
    try {
      texts.push(await readFile(path.join(folder, name), "utf8"));
    } catch (error) {
      const code = systemErrorCode(error);
      if (code === undefined) throw error;
      // A rule file that cannot be read leaves nothing out: rather a document too many than one missing.
    }
  }
  return texts.length === 0 ? levels : [...levels, { prefix, rules: ignore().add(texts.join("\n")) }];
}
