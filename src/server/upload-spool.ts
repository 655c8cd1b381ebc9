import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { CitewellError, systemErrorCode } from "../errors.ts";
import { decodeUpload, encodeUpload, type OrderedUpload } from "./upload-file.ts";
import type { Upload } from "./read-upload.ts";

/** An upload that is not ingested yet. */
export interface KeptUpload {
  /** Id of its job. */
  readonly id: string;
  /** ISO 8601 time at which it was accepted. */
  readonly createdAt: string;
  readonly upload: Upload;
}

/** An upload that another process left. */
export interface LeftUpload extends KeptUpload {
  /** How many processes ended without a word while it was theirs. */
  readonly crashes: number;
}

/** Keeps accepted uploads on disk until they are ingested, so that a stopped or killed server does not lose them. */
export interface UploadSpool {
  /** Writes an upload down; it is this process's then. */
  keep(upload: KeptUpload): Promise<void>;
  /** Forgets an upload that has come to its end. */
  drop(id: string): Promise<void>;
  /** Lets another process have an upload at once. */
  release(id: string): Promise<void>;
  /** Takes over what processes left that are gone, the oldest first. */
  takeOver(): Promise<readonly LeftUpload[]>;
  /** Gives a sign of life for all uploads of this process; to be called every few seconds. */
  touch(): Promise<void>;
}

/** Options of {@link createUploadSpool}. */
export interface UploadSpoolOptions {
  /** Made with the first upload. */
  readonly folder: string;
  /**
   * How long an upload belongs to a process after its last sign of life, in milliseconds.
   * @default 20_000
   */
  readonly ttlMs?: number;
  /** Hears of a file that cannot be read; it is removed. */
  readonly onUnreadable: (error: CitewellError) => void;
}

/** `<job>.<crashes>.<owner>.upload`, where the owner is `<host>-<pid>-<random>`. */
const FILE = /^([\w-]+)\.(\d+)\.(([0-9a-f]+)-(\d+)-[0-9a-f]+)\.upload$/;
/** Owners in this process. */
const ownersHere = new Set<string>();
/** The time of a file that was given back. */
const RELEASED = new Date(0);

/** Keeps uploads as files, one each, readable by their owner only. */
export function createUploadSpool({ folder, ttlMs = 20_000, onUnreadable }: UploadSpoolOptions): UploadSpool {
  const host = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
  const owner = `${host}-${process.pid}-${randomUUID().slice(0, 8)}`;
  ownersHere.add(owner);
  const own = new Map<string, string>();
  let kept = 0;

  const isLeft = async (name: string, [, , , whose = "", where, pid]: RegExpExecArray): Promise<boolean> => {
    if ([...own.values()].includes(name)) return false;
    const state = await stat(join(folder, name)).catch(() => null);
    if (state === null) return false;
    if (state.mtimeMs + ttlMs < Date.now()) return true;
    // Of another host, or another space of processes, only the time is known.
    return where === host && !ownersHere.has(whose) && !isAlive(Number(pid));
  };

  const claim = async (name: string, id: string, crashes: number): Promise<string | null> => {
    const claimed = `${id}.${crashes}.${owner}.upload`;
    const now = new Date();
    try {
      // In this order, so that the new name is never seen with an old time.
      await utimes(join(folder, name), now, now);
      await rename(join(folder, name), join(folder, claimed));
      return claimed;
    } catch (error) {
      // Another process was faster.
      if (systemErrorCode(error) === "ENOENT") return null;
      throw error;
    }
  };

  const take = async (name: string): Promise<(LeftUpload & OrderedUpload) | null> => {
    const parts = FILE.exec(name);
    if (parts === null || !(await isLeft(name, parts))) return null;
    const [, id = "", past = "0"] = parts;
    const state = await stat(join(folder, name)).catch(() => null);
    const crashes = Number(past) + (state?.mtimeMs === RELEASED.getTime() ? 0 : 1);
    const claimed = await claim(name, id, crashes);
    if (claimed === null) return null;
    const found = decodeUpload(await readFile(join(folder, claimed)));
    if (found === null) {
      await rm(join(folder, claimed), { force: true });
      onUnreadable(
        new CitewellError(
          "internal",
          `The kept upload ${id} in ${folder} cannot be read and was removed; send it again.`,
        ),
      );
      return null;
    }
    own.set(id, claimed);
    return { ...found, id, crashes };
  };

  return {
    async keep(upload) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const name = `${upload.id}.0.${owner}.upload`;
      // Whoever looks sees whole files only.
      const draft = join(folder, `${name}.part`);
      await writeFile(draft, encodeUpload({ ...upload, order: (kept += 1) }), { mode: 0o600 });
      await rename(draft, join(folder, name));
      own.set(upload.id, name);
    },
    async drop(id) {
      const name = own.get(id);
      own.delete(id);
      if (name !== undefined) await rm(join(folder, name), { force: true });
    },
    async release(id) {
      const name = own.get(id);
      own.delete(id);
      if (name !== undefined) await utimes(join(folder, name), RELEASED, RELEASED);
    },
    async takeOver() {
      const names = await readdir(folder).catch((error: unknown) => {
        if (systemErrorCode(error) === "ENOENT") return [];
        throw error;
      });
      const left: (LeftUpload & OrderedUpload)[] = [];
      for (const name of names) {
        await removeOldDraft(join(folder, name), ttlMs);
        const upload = await take(name);
        if (upload !== null) left.push(upload);
      }
      return left
        .toSorted((one, other) => one.createdAt.localeCompare(other.createdAt) || one.order - other.order)
        .map(({ id, createdAt, upload, crashes }) => ({ id, createdAt, upload, crashes }));
    },
    async touch() {
      const now = new Date();
      await Promise.all([...own.values()].map(async (name) => utimes(join(folder, name), now, now).catch(() => null)));
    },
  };
}

/** Removes what a process was writing when it was killed. */
async function removeOldDraft(file: string, ttlMs: number): Promise<void> {
  if (!file.endsWith(".part")) return;
  const state = await stat(file).catch(() => null);
  if (state !== null && state.mtimeMs + ttlMs < Date.now()) await rm(file, { force: true });
}

/** Whether a process of this machine goes on; another one that had our own number has ended. */
function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemErrorCode(error) !== "ESRCH";
  }
}
