import { type BigIntStats, statSync } from "node:fs";
import { CitewellError } from "../../errors.ts";
import { IN_MEMORY } from "./protocol.ts";

/**
 * Makes the check that a path still leads to the database that was opened by it. SQLite goes on with a file that was
 * deleted or moved: what is acknowledged then is lost as soon as the process ends, and of a backup that was put in its
 * place nothing is seen. Windows lets nobody move or delete an open file.
 *
 * @returns throws CitewellError `store_unavailable` where it does not
 */
export function createPlaceCheck(file: string): () => void {
  if (file === IN_MEMORY || process.platform === "win32") return () => {};
  const opened = look(file);
  return () => {
    const now = look(file);
    if (now !== undefined && now.ino === opened?.ino && now.dev === opened.dev) return;
    throw new CitewellError(
      "store_unavailable",
      `The database ${file} was moved, deleted or replaced while it was open: start citewell again to use what is there now, or put it back.`,
    );
  };
}

function look(file: string): BigIntStats | undefined {
  return statSync(file, { bigint: true, throwIfNoEntry: false });
}
