import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";

/** A folder that is removed when the test ends. */
export interface TemporaryFolder {
  readonly path: string;
  /** Writes files, by their path with `/`. */
  write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void>;
  remove(relative: string): Promise<void>;
}

/** Makes a temporary folder with files in it. */
export async function createFolder(
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<TemporaryFolder> {
  const folder = await mkdtemp(path.join(tmpdir(), "citewell-ingest-"));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  const write: TemporaryFolder["write"] = async (contents) => {
    for (const [relative, content] of Object.entries(contents)) {
      const file = path.join(folder, relative);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, content);
    }
  };
  await write(files);
  return { path: folder, write, remove: (relative) => rm(path.join(folder, relative), { recursive: true }) };
}
