import { readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { untilAborted } from "../domain/until-aborted.ts";
import { systemErrorCode } from "../errors.ts";
import { createOwner, isDead } from "../process-owner.ts";

/** Options of {@link holdFile}. */
export interface HoldFileOptions {
  /** Cancels the wait; its reason is thrown as it is. */
  readonly signal?: AbortSignal | undefined;
  /**
   * How long a holder on another machine is waited for after its last sign of life, in milliseconds.
   * @default 20_000
   */
  readonly ttlMs?: number;
}

/** Between two tries. */
const RETRY_MS = 100;

/**
 * Waits until a file can be made that nobody else has made, and holds it until the function it resolves to is called,
 * which never rejects. The file holds the owner's name, and its time is the sign of life.
 */
export async function holdFile(
  file: string,
  { signal, ttlMs = 20_000 }: HoldFileOptions = {},
): Promise<() => Promise<void>> {
  const owner = createOwner();
  signal?.throwIfAborted();
  while (!(await make(file, owner))) {
    if (await takeAway(file, { owner, ttlMs })) continue;
    await untilAborted(sleep(RETRY_MS), signal);
  }
  const isOwn = async (): Promise<boolean> => (await ownerOf(file).catch(() => null)) === owner;
  const showLife = async (): Promise<void> => {
    const now = new Date();
    // Where that fails, others may take the file for one that was left, and one question misses the answer of another.
    if (await isOwn()) await utimes(file, now, now).catch(() => undefined);
  };
  const timer = setInterval(() => void showLife(), ttlMs / 4);
  timer.unref();
  return async () => {
    clearInterval(timer);
    // One that cannot be removed ends by itself.
    if (await isOwn()) await rm(file, { force: true }).catch(() => undefined);
  };
}

/** False where somebody else has made it. */
async function make(file: string, owner: string): Promise<boolean> {
  try {
    await writeFile(file, owner, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (systemErrorCode(error) === "EEXIST") return false;
    // On a full disk a file is made, but not written.
    if (systemErrorCode(error) === "ENOSPC") await rm(file, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Removes the file of a holder that is gone; false where there is nothing to do but wait. */
async function takeAway(file: string, { owner, ttlMs }: { owner: string; ttlMs: number }): Promise<boolean> {
  if (!(await isLeft(file, ttlMs))) return (await ownerOf(file)) === null;
  // One at a time, or the slower of two would remove what the faster one has made in its place.
  const guard = `${file}.tmp`;
  if (!(await make(guard, owner))) {
    if (await isLeft(guard, ttlMs)) await rm(guard, { force: true });
    return false;
  }
  try {
    if (await isLeft(file, ttlMs)) await rm(file, { force: true });
    return true;
  } finally {
    await rm(guard, { force: true }).catch(() => undefined);
  }
}

/** Whether somebody made it who gives no sign of life any more. */
async function isLeft(file: string, ttlMs: number): Promise<boolean> {
  const owner = await ownerOf(file);
  if (owner === null) return false;
  if (isDead(owner)) return true;
  const state = await stat(file).catch(() => null);
  return state !== null && state.mtimeMs + ttlMs < Date.now();
}

/** Null where there is none; empty while its maker is writing. */
async function ownerOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return null;
    throw error;
  }
}
