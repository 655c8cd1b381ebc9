import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { systemErrorCode } from "../errors.ts";

/** Milliseconds after which a draft is nobody's any more, nor what holds a conversation without a sign of life. */
const LEFT_MS = 3_600_000;

/** Options of {@link removeOldFiles}. */
export interface RemoveOldFilesOptions {
  /** Milliseconds that a conversation is kept after it was last written; null keeps all of them. */
  readonly keepMs: number | null;
  /** The time, in milliseconds. */
  readonly now: number;
}

/** Removes conversations whose time is over, and what a killed process left. */
export async function removeOldFiles(folder: string, { keepMs, now }: RemoveOldFilesOptions): Promise<void> {
  for (const name of await readdir(folder)) {
    const limit = /\.(?:tmp|turn)$/.test(name) ? LEFT_MS : name.endsWith(".json") ? keepMs : null;
    if (limit === null) continue;
    const file = join(folder, name);
    const modified = await modifiedAt(file);
    if (modified !== null && modified + limit < now) await rm(file, { force: true });
  }
}

/** Null for a file that is gone meanwhile. */
async function modifiedAt(file: string): Promise<number | null> {
  try {
    return (await stat(file)).mtimeMs;
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return null;
    throw error;
  }
}
