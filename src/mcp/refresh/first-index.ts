import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { PRIVATE_FOLDER } from "../../domain/private-folder.ts";
import { CitewellError, errorMessage } from "../../errors.ts";

/** Keeps track of the first index of a project, over several processes. */
export interface FirstIndex {
  /** The project's folder. */
  readonly root: string;
  /** Whether it was begun and not finished, by this process or another one. */
  isUnfinished(): boolean;
  /**
   * Records that it was begun.
   *
   * @throws CitewellError `path_not_found` if the project's folder is gone, and `config_invalid` if nothing can be written.
   */
  begin(): Promise<void>;
  /** Records that the words of all files are stored. */
  noteWords(): Promise<void>;
  /** Whether the words of all files are stored, by this process or another one. */
  hasWords(): boolean;
  /** Records that it is finished. */
  end(): Promise<void>;
  /** Records that it was given up for good. */
  giveUp(): Promise<void>;
  /** Whether it was made without being asked for, and with nobody's own settings. */
  isAutomatic(): boolean;
}

/**
 * Keeps a file in the data folder while the first index of a collection is unfinished, so that the next process
 * continues it, and another file that says that nobody asked for the index.
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
    async begin() {
      // The data folder mostly lies in the project, and would bring back a folder that somebody has deleted.
      if (!existsSync(root)) throw new CitewellError("path_not_found", `The project's folder ${root} is gone.`);
      await translated(async () => {
        await mkdir(dataFolder, { recursive: true, mode: PRIVATE_FOLDER });
        // Nobody asked for this folder, so it is kept out of the project's version control.
        const ignore = path.join(dataFolder, ".gitignore");
        if (!existsSync(ignore)) await writeFile(ignore, "*\n");
        for (const one of [automatic, file]) await writeFile(one, content);
      });
    },
    noteWords: () => translated(() => writeFile(words, content)),
    hasWords: () => existsSync(words),
    end: () => remove([file, words]),
    giveUp: () => remove([automatic, file, words]),
    isAutomatic: () => existsSync(automatic),
  };
}
