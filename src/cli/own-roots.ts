import { createHash } from "node:crypto";
import { existsSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import path from "node:path";
import picomatch from "picomatch";
import type { Config } from "../config.ts";
import { homeFolder, userCacheFolder } from "../config/user-folders.ts";
import { isPageAddress } from "../domain/document.ts";
import { fromHome } from "../domain/home-path.ts";
import { PRIVATE_FOLDER } from "../domain/private-folder.ts";
import { ALL_ROOTS, type OwnRoots } from "../mcp/own-roots.ts";
import { projectFolderOf } from "../mcp/project-folder.ts";
import type { CommandIo } from "./command-context.ts";

/**
 * The user's own roots: those below the project, and those that were named to an ingestion into the same store before. Of
 * a store that a flag or the environment names, outside of the project, all are.
 */
export function createOwnRoots(config: Config, { env, cwd }: Pick<CommandIo, "env" | "cwd">): OwnRoots {
  const { store, dataFolder, origins } = config;
  const project = projectFolderOf({ dataFolder, cwd });
  const isEmbedded = store === "embedded";
  const { kind } = isEmbedded ? origins.dataFolder : origins.store;
  const isChosen = kind === "flag" || kind === "environment";
  if (isChosen && !(isEmbedded && isWithin(project, dataFolder))) return ALL_ROOTS;
  const place = isEmbedded ? dataFolder : store;
  const cache = userCacheFolder(env);
  // A file for each, so that several processes need not write into one.
  const folder = cache === undefined ? null : path.join(cache, "ingested");
  const fileOf = (root: string): string | null =>
    folder && path.join(folder, createHash("sha256").update(`${place}\0${root}`).digest("hex"));
  return {
    has: (root) => isWithin(project, root) || withParents(realPlace(root)).some((one) => existsSync(fileOf(one) ?? "")),
    add(given) {
      for (const one of given) {
        const root = placeOf(one, { env, cwd });
        const file = fileOf(root);
        if (isPageAddress(one) || isWithin(project, root) || file === null) continue;
        try {
          mkdirSync(path.dirname(file), { recursive: true, mode: PRIVATE_FOLDER });
          writeFileSync(file, "");
        } catch {
          // Without it, the root is only not read again by itself.
        }
      }
    },
  };
}

/** Whether a place lies in a folder, or is the folder itself, with links followed. */
function isWithin(folder: string, place: string): boolean {
  const way = path.relative(realPlace(folder), realPlace(place));
  return !path.isAbsolute(way) && !/^\.\.(?:[\\/]|$)/.test(way);
}

function realPlace(place: string): string {
  try {
    return realpathSync.native(place);
  } catch {
    return path.resolve(place);
  }
}

/** The folder or file that was meant; for a glob, the folder in front of its first wildcard. */
function placeOf(given: string, { env, cwd }: Pick<CommandIo, "env" | "cwd">): string {
  const spelt = path.resolve(cwd, given);
  if (existsSync(spelt)) return realPlace(spelt);
  const atHome = path.resolve(cwd, fromHome(given, homeFolder(env) ?? "~"));
  const { base, isGlob } = picomatch.scan(atHome.replaceAll(path.sep, "/"));
  return realPlace(isGlob && !existsSync(atHome) ? base : atHome);
}

function withParents(place: string): readonly string[] {
  const parent = path.dirname(place);
  return parent === place ? [place] : [place, ...withParents(parent)];
}
