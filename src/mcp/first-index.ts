import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { CitewellError, errorMessage } from "../errors.ts";

/** Makes the first index of a project, and remembers when it was not finished. */
export interface FirstIndex {
  /** The project's folder. */
  readonly root: string;
  /** Whether it was begun, by this process or another, and not finished. */
  isUnfinished(): boolean;
  /** Notes that it was begun. */
  begin(): Promise<void>;
  /** Notes that the words of all files are stored. */
  noteWords(): Promise<void>;
  /** Whether they are, by this process or another. */
  hasWords(): boolean;
  /** Notes that it is finished. */
  end(): Promise<void>;
  /** Notes that it was given up for good. */
  giveUp(): Promise<void>;
  /** Whether it was made without anybody asking for it, and by nobody else's settings. */
  isAutomatic(): boolean;
}

/**
 * Keeps a file in the data folder for as long as the first index of a collection is unfinished, so that the next process
 * goes on with it, and another one that says that nobody asked for it.
 */
export function createFirstIndex(options: {
  readonly root: string;
  readonly dataFolder: string;
  readonly collection: string;
}): FirstIndex {
  const { root, dataFolder, collection } = options;
  const name = `${collection.replaceAll(/[^A-Za-z0-9._-]/g, "_")}.json`;
  const file = path.join(dataFolder, `unfinished-${name}`);
  const automatic = path.join(dataFolder, `automatic-${name}`);
  const words = path.join(dataFolder, `words-${name}`);
  const content = `${JSON.stringify({ collection, root })}\n`;
  const translated = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      throw new CitewellError(
        "config_invalid",
        `The data folder ${dataFolder} can't be written to (${errorMessage(error)}); give another with --data or CITEWELL_DATA.`,
        { cause: error },
      );
    }
  };
  const remove = (files: readonly string[]): Promise<void> =>
    translated(async () => {
      for (const one of files) await rm(one, { force: true });
    });
  return {
    root,
    isUnfinished: () => existsSync(file),
    begin: () =>
      translated(async () => {
        await mkdir(dataFolder, { recursive: true });
        // Nobody asked for this folder, so it stays out of the project's own version control.
        const ignore = path.join(dataFolder, ".gitignore");
        if (!existsSync(ignore)) await writeFile(ignore, "*\n");
        for (const one of [automatic, file]) await writeFile(one, content);
      }),
    noteWords: () => translated(() => writeFile(words, content)),
    hasWords: () => existsSync(words),
    end: () => remove([file, words]),
    giveUp: () => remove([automatic, file, words]),
    isAutomatic: () => existsSync(automatic),
  };
}
