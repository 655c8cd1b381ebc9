import { randomUUID } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { systemErrorCode } from "./errors.ts";

/** Options of {@link putInPlace}. */
export interface PutInPlaceOptions {
  /** @default that of this process */
  readonly platform?: NodeJS.Platform;
  /** Waits in milliseconds. @default a timer */
  readonly wait?: (ms: number) => Promise<unknown>;
  /** Renames a file. @default that of Node.js */
  readonly move?: (from: string, to: string) => Promise<void>;
}

/** How long to wait before each further try, in milliseconds: somewhat more than a second together. */
const WAITS: readonly number[] = [10, 20, 50, 100, 200, 300, 500];

/** What Windows says where somebody has one of the files open: another process that reads it, or a virus scanner. */
const IN_THE_WAY: ReadonlySet<string | undefined> = new Set(["EPERM", "EACCES", "EBUSY"]);

/**
 * Renames a finished file to the name that others know, over an older one. On Windows, whoever has one of them open is in
 * the way for a moment, so there it is tried again.
 */
export async function putInPlace(
  draft: string,
  file: string,
  { platform = process.platform, wait = sleep, move = rename }: PutInPlaceOptions = {},
): Promise<void> {
  for (const ms of platform === "win32" ? WAITS : []) {
    try {
      await move(draft, file);
      return;
    } catch (error) {
      if (!IN_THE_WAY.has(systemErrorCode(error))) throw error;
      await wait(ms);
    }
  }
  await move(draft, file);
}

/** What the name of a file ends with that {@link writeInPlace} has not finished. */
export const DRAFT_ENDING = ".tmp";

/** Writes a file that only its owner may read: whole, or not at all. */
export async function writeInPlace(file: string, content: string | Uint8Array): Promise<void> {
  const draft = `${file}.${randomUUID()}${DRAFT_ENDING}`;
  try {
    await writeFile(draft, content, { mode: 0o600 });
    await putInPlace(draft, file);
  } catch (error) {
    // Clearing up must not hide why the write failed.
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
}
