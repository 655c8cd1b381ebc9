import { mkdirSync } from "node:fs";
import { enableCompileCache, getCompileCacheDir } from "node:module";
import { isAbsolute, join } from "node:path";
import { userCacheFolder } from "../config/user-folders.ts";
import { PRIVATE_FOLDER } from "../domain/private-folder.ts";

/**
 * Lets Node.js keep what it compiles in the folder `compiled` of the cache folder, so that the next command starts sooner;
 * it would take a folder that all users share. Threads learn of it by `env`, the environment of this process. Where there
 * is no cache folder, or none that may be written, everything is compiled each time.
 */
export function keepCompiled(env: Record<string, string | undefined>): void {
  const given = env["CITEWELL_CACHE"];
  const folder = given !== undefined && isAbsolute(given) ? given : userCacheFolder(env);
  if (folder === undefined) return;
  try {
    // Node.js would make it readable for everybody.
    mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER });
  } catch {
    return;
  }
  enableCompileCache(join(folder, "compiled"));
  const used = getCompileCacheDir();
  if (used !== undefined) env["NODE_COMPILE_CACHE"] ??= used;
}
