import { readFile, rename, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { systemErrorCode } from "../errors.ts";
import { isDead } from "../process-owner.ts";

/** A kept upload's file, as its name tells. */
export interface SpoolFile {
  /** Id of the upload's job. */
  readonly id: string;
  /** How often its ingestion was begun and came to no end: the process was killed, or is at it. */
  readonly crashes: number;
  /** The process that it belongs to; see `createOwner`. */
  readonly owner: string;
  /** Whether the upload was cancelled: then what was begun of it is yet to be taken back. */
  readonly isCancelled: boolean;
}

/** The time of a file that was given back. */
const RELEASED = new Date(0);
/** `<job>.<crashes>.<owner>.upload`, or `.cancelled` instead */
const NAME = /^([\w-]+)\.(\d+)\.([\w-]+)\.(upload|cancelled)$/;

/** The name of a file. */
export function spoolFileName({ id, crashes, owner, isCancelled }: SpoolFile): string {
  return `${id}.${crashes}.${Buffer.from(owner).toString("base64url")}.${isCancelled ? "cancelled" : "upload"}`;
}

/** What a name tells of a file; null for the name of another one. */
export function readSpoolFileName(name: string): SpoolFile | null {
  const [, id, crashes, owner, state] = NAME.exec(name) ?? [];
  if (id === undefined || crashes === undefined || owner === undefined) return null;
  return {
    id,
    crashes: Number(crashes),
    owner: Buffer.from(owner, "base64url").toString(),
    isCancelled: state === "cancelled",
  };
}

/** Lets every process have a file at once. */
export async function releaseFile(path: string): Promise<void> {
  await utimes(path, RELEASED, RELEASED);
}

/** Options of {@link claimFile}. */
export interface ClaimFileOptions {
  readonly folder: string;
  /** Whose the file is from then on. */
  readonly owner: string;
  /** How long a file belongs to its owner after the owner's last sign of life, in milliseconds. */
  readonly ttlMs: number;
}

/** Makes a file another owner's; null where somebody still has it, or another process was faster. */
export async function claimFile(
  file: SpoolFile,
  { folder, owner, ttlMs }: ClaimFileOptions,
): Promise<{ readonly file: SpoolFile; readonly content: Uint8Array } | null> {
  const path = join(folder, spoolFileName(file));
  try {
    const { mtimeMs } = await stat(path);
    if (mtimeMs + ttlMs >= Date.now() && !isDead(file.owner)) return null;
    const claimed = { ...file, owner };
    const now = new Date();
    // In this order, so that the new name is never seen with an old time.
    await utimes(path, now, now);
    const own = join(folder, spoolFileName(claimed));
    await rename(path, own);
    return { file: claimed, content: await readFile(own) };
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return null;
    throw error;
  }
}
