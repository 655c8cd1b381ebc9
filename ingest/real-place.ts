import { realpath } from "node:fs/promises";
import path from "node:path";

/**
 * The path of something without links in it: two ways to it are the same then. Of what is not there yet, the folders
 * above it that are there.
 */
export async function realPlace(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch {
    const folder = path.dirname(file);
    return folder === file ? file : path.join(await realPlace(folder), path.basename(file));
  }
}
