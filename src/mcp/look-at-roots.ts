import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import type { DocumentRecord } from "../domain/document.ts";

/** What has changed under one root. */
export interface RootLook {
  readonly root: string;
  /** Sources to ingest again: changed, new, or vanished. */
  readonly sources: readonly string[];
  /** Sources that somebody has begun to ingest as they are now, and not finished. */
  readonly begun: readonly string[];
  /** Folders that came to be, or changed, since the index was made and that hold no document of it. */
  readonly folders: readonly string[];
  /** Endings of the root's documents, with their dot. */
  readonly endings: readonly string[];
  /** Documents whose files were missing at the first look. */
  readonly gone: number;
}

/** What is remembered between looks. */
export interface LookMemory {
  /** Files and folders, as `root/source`, that were missing or not indexed at the first look. */
  readonly leftAlone: Set<string>;
  /** Time of the last change of files that a look led to, so that each change does so once. */
  readonly settled: Map<string, number>;
  /** Roots that were looked at before. */
  readonly known: Set<string>;
  /** Whether documents whose files were missing at the first look are treated as those whose files vanish later. */
  removesGone: boolean;
  /** Whether the first index is being made, so that unfinished documents are in good hands. */
  readonly isFirst: boolean;
}

/** Many at once cost less than half the time of 32. */
const STATS_AT_ONCE = 256;
const FOLDERS_AT_ONCE = 32;
/** Stands for the time of a file that is not there any more. */
const VANISHED = -1;
/** A change this close to the ingestion may have come after the reading. */
const CERTAIN_MS = 2_000;

/** Compares documents with the files they came from, by size and time; no file is read. Roots that are gone are passed over. */
export async function lookAtRoots(
  documents: readonly DocumentRecord[],
  memory: LookMemory,
): Promise<readonly RootLook[]> {
  const looks: RootLook[] = [];
  for (const [root, records] of Map.groupBy(documents, (record) => record.root)) {
    // Uploads and web pages have no files.
    if (!path.isAbsolute(root)) continue;
    const state = await stat(root).catch(() => null);
    if (state === null) continue;
    const isFolder = state.isDirectory();
    const { changed, begun, gone } = await compareFiles(records, { root, isFolder, memory });
    const added = isFolder ? await findAdded(records, { root, memory }) : { files: [], folders: [] };
    const endings = [...new Set(records.map(({ source }) => path.posix.extname(source)))].filter((one) => one !== "");
    looks.push({ root, sources: [...changed, ...added.files], begun, folders: added.folders, endings, gone });
    memory.known.add(root);
  }
  return looks;
}

interface RootOptions {
  readonly root: string;
  readonly memory: LookMemory;
}

async function compareFiles(
  records: readonly DocumentRecord[],
  { root, isFolder, memory }: RootOptions & { readonly isFolder: boolean },
): Promise<{ readonly changed: readonly string[]; readonly begun: readonly string[]; readonly gone: number }> {
  const changed: string[] = [];
  const begun: string[] = [];
  let gone = 0;
  const isFirst = !memory.known.has(root);
  for (let start = 0; start < records.length; start += STATS_AT_ONCE) {
    const batch = records.slice(start, start + STATS_AT_ONCE);
    const states = await Promise.all(
      batch.map(({ source }) => stat(isFolder ? path.join(root, source) : root).catch(() => null)),
    );
    for (const [index, record] of batch.entries()) {
      const file = `${root}/${record.source}`;
      const state = states[index] ?? null;
      if (state === null) {
        if (isFirst && !memory.removesGone) memory.leftAlone.add(file);
        if (memory.leftAlone.has(file)) gone += 1;
        else if (settle(memory, file, VANISHED)) changed.push(record.source);
        continue;
      }
      memory.leftAlone.delete(file);
      const time = Math.max(state.mtimeMs, state.ctimeMs);
      const isSame = state.size === record.bytes && isUnchanged(record, time);
      const isWhole = record.contentHash !== "" || memory.isFirst;
      if ((isSame && isWhole) || !settle(memory, file, time)) continue;
      if (isSame) begun.push(record.source);
      else changed.push(record.source);
    }
  }
  return { changed, begun, gone };
}

/** Where no time was recorded, one well before the ingestion will do. */
function isUnchanged({ modifiedAt, ingestedAt }: DocumentRecord, time: number): boolean {
  return typeof modifiedAt === "number" ? time === modifiedAt : time < Date.parse(ingestedAt) - CERTAIN_MS;
}

/** Notes the time of a file's change; false where that change was noted before. */
function settle({ settled }: LookMemory, file: string, time: number): boolean {
  if (settled.get(file) === time) return false;
  settled.set(file, time);
  return true;
}

/** New files beside indexed ones of the same ending, and new folders beside those that hold indexed files. */
async function findAdded(
  records: readonly DocumentRecord[],
  { root, memory }: RootOptions,
): Promise<{ readonly files: readonly string[]; readonly folders: readonly string[] }> {
  const files: string[] = [];
  const folders: string[] = [];
  const stored = new Set(records.map(({ source }) => source));
  const endings = endingsByFolder(records);
  const newest = records.reduce((latest, { ingestedAt }) => Math.max(latest, Date.parse(ingestedAt)), 0);
  const isFirst = !memory.known.has(root);
  for await (const { folder, known, entries } of readFolders(root, endings)) {
    for (const entry of entries) {
      if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
      const source = folder === "." ? entry.name : `${folder}/${entry.name}`;
      const isFolder = entry.isDirectory();
      if (isFolder ? endings.has(source) : !entry.isFile() || stored.has(source)) continue;
      const file = `${root}/${source}`;
      if (memory.leftAlone.has(file) || !(isFolder || known.has(path.posix.extname(source)))) continue;
      const state = await stat(path.join(root, source)).catch(() => null);
      if (state === null) continue;
      const time = Math.max(state.mtimeMs, state.ctimeMs);
      // What was there when the rest was indexed was left out on purpose.
      if (isFirst && time < newest) memory.leftAlone.add(file);
      else if (settle(memory, file, time)) (isFolder ? folders : files).push(source);
    }
  }
  return { files, folders };
}

/** What stands in folders, some of them read at once; nothing for those that are gone. */
async function* readFolders(
  root: string,
  endings: ReadonlyMap<string, ReadonlySet<string>>,
): AsyncGenerator<{
  readonly folder: string;
  readonly known: ReadonlySet<string>;
  readonly entries: readonly Dirent[];
}> {
  const folders = [...endings];
  for (let start = 0; start < folders.length; start += FOLDERS_AT_ONCE) {
    const batch = folders.slice(start, start + FOLDERS_AT_ONCE).map(async ([folder, known]) => {
      const entries = await readdir(path.join(root, folder), { withFileTypes: true }).catch(() => []);
      return { folder, known, entries };
    });
    yield* await Promise.all(batch);
  }
}

/** The folders that hold documents, themselves or further down, with the endings of those that they hold themselves. */
function endingsByFolder(records: readonly DocumentRecord[]): ReadonlyMap<string, ReadonlySet<string>> {
  const endings = new Map<string, Set<string>>();
  for (const { source } of records) {
    const folder = path.posix.dirname(source);
    const known = endings.get(folder);
    if (known !== undefined) {
      known.add(path.posix.extname(source));
      continue;
    }
    endings.set(folder, new Set([path.posix.extname(source)]));
    for (let above = folder; above !== ".";) {
      above = path.posix.dirname(above);
      if (endings.has(above)) continue;
      endings.set(above, new Set());
    }
  }
  return endings;
}
