import { mkdir, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { PRIVATE_FOLDER } from "../domain/private-folder.ts";
import { createTurns } from "../domain/turns.ts";
import { CitewellError, errorMessage, systemErrorCode } from "../errors.ts";
import { createOwner } from "../process-owner.ts";
import { DRAFT_ENDING, writeInPlace } from "../put-in-place.ts";
import {
  claimFile,
  type ClaimFileOptions,
  readSpoolFileName,
  releaseFile,
  type SpoolFile,
  spoolFileName,
} from "./spool-file.ts";
import { decodeUpload, encodeUpload, type KeptUpload, type OrderedUpload } from "./upload-file.ts";

/** An upload that another process left. */
export interface LeftUpload extends KeptUpload {
  /** How many processes ended without a word while they ingested it. */
  readonly crashes: number;
  /** Whether it was cancelled: then what was begun of it is yet to be taken back. */
  readonly isCancelled: boolean;
}

/** Keeps accepted uploads on disk until they are ingested, so that a stopped or killed server does not lose them. */
export interface UploadSpool {
  /** Writes an upload down; it is this process's then. */
  keep(upload: KeptUpload): Promise<void>;
  /** Notes that an upload is being ingested from now on, so that it is known if that ends the process. */
  begin(id: string): Promise<void>;
  /** Notes that an upload was cancelled, so that what was begun of it is taken back also if this process ends before. */
  cancel(id: string): Promise<void>;
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
  /** Hears of an upload that cannot be taken over: one that is not whole is removed, any other is tried again. */
  readonly onProblem: (error: CitewellError) => void;
}

/** Keeps uploads as files, one each, readable by their owner only. */
export function createUploadSpool({ folder, ttlMs = 20_000, onProblem }: UploadSpoolOptions): UploadSpool {
  const owner = createOwner();
  /** Paths of this process's files, by the ids of their jobs. */
  const own = new Map<string, string>();
  const begun = new Set<string>();
  const turns = createTurns();
  let kept = 0;

  /** Runs what moves an upload's file, one after the other: a file that is on its way would be missed by whoever is next. */
  const inTurn = async (id: string, work: (path: string) => Promise<void>): Promise<void> => {
    const end = await turns.take(id);
    try {
      const path = own.get(id);
      if (path !== undefined) await work(path);
    } finally {
      end();
    }
  };

  return {
    async keep(upload) {
      await mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER });
      const path = join(folder, spoolFileName({ id: upload.id, crashes: 0, owner, isCancelled: false }));
      await writeInPlace(path, encodeUpload({ ...upload, order: (kept += 1) }));
      own.set(upload.id, path);
    },
    begin: async (id) =>
      inTurn(id, async (path) => {
        own.set(id, await recount(path, 1));
        begun.add(id);
      }),
    cancel: async (id) =>
      inTurn(id, async (path) => {
        own.set(id, await rewrite(path, (file) => ({ ...file, isCancelled: true })));
      }),
    drop: async (id) =>
      inTurn(id, async (path) => {
        own.delete(id);
        begun.delete(id);
        await rm(path, { force: true });
      }),
    release: async (id) =>
      inTurn(id, async (path) => {
        own.delete(id);
        await releaseFile(begun.delete(id) ? await recount(path, -1) : path);
      }),
    async takeOver() {
      const left: (LeftUpload & OrderedUpload)[] = [];
      for (const name of await namesIn(folder)) {
        if (name.endsWith(DRAFT_ENDING)) await removeOld(join(folder, name), ttlMs);
        const file = readSpoolFileName(name);
        if (file === null || own.has(file.id)) continue;
        const taken = await take(file, { folder, owner, ttlMs, onProblem });
        if (taken === null) continue;
        own.set(file.id, taken.path);
        left.push(taken.upload);
      }
      return left
        .toSorted((one, other) => one.createdAt.localeCompare(other.createdAt) || one.order - other.order)
        .map(({ id, createdAt, upload, crashes, isCancelled }) => ({ id, createdAt, upload, crashes, isCancelled }));
    },
    async touch() {
      const now = new Date();
      await Promise.all([...own.values()].map(async (path) => utimes(path, now, now).catch(() => null)));
    },
  };
}

/** Changes how often a file's ingestion was begun, and returns its new path. */
async function recount(path: string, by: 1 | -1): Promise<string> {
  return rewrite(path, (file) => ({ ...file, crashes: Math.max(0, file.crashes + by) }));
}

/** Changes what a file's name says, and returns its new path. */
async function rewrite(path: string, change: (file: SpoolFile) => SpoolFile): Promise<string> {
  const file = readSpoolFileName(basename(path));
  if (file === null) return path;
  const renamed = join(dirname(path), spoolFileName(change(file)));
  await rename(path, renamed);
  return renamed;
}

/** Takes over one upload with its new path; null where it is somebody's, or cannot be had. */
async function take(
  file: SpoolFile,
  { onProblem, ...claim }: ClaimFileOptions & Pick<UploadSpoolOptions, "onProblem">,
): Promise<{ readonly upload: LeftUpload & OrderedUpload; readonly path: string } | null> {
  const where = `The kept upload ${file.id} in ${claim.folder}`;
  try {
    const claimed = await claimFile(file, claim);
    if (claimed === null) return null;
    const path = join(claim.folder, spoolFileName(claimed.file));
    const upload = decodeUpload(claimed.content);
    const { crashes, isCancelled } = claimed.file;
    if (upload !== null) return { upload: { ...upload, id: file.id, crashes, isCancelled }, path };
    await rm(path, { force: true });
    onProblem(new CitewellError("internal", `${where} is not whole and was removed; send it again.`));
  } catch (error) {
    const sentence = `${where} cannot be taken over and is tried again: ${errorMessage(error)}`;
    onProblem(new CitewellError("internal", sentence, { cause: error }));
  }
  return null;
}

/** Removes what a process was writing when it was killed. */
async function removeOld(file: string, ttlMs: number): Promise<void> {
  const state = await stat(file).catch(() => null);
  if (state !== null && state.mtimeMs + ttlMs < Date.now()) await rm(file, { force: true });
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return [];
    throw error;
  }
}
