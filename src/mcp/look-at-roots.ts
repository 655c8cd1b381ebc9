import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import type { DocumentRecord } from "../domain/document.ts";

/** What has changed under one root. */
export interface RootLook {
  readonly root: string;
  /** Sources to ingest again: changed, new, or vanished. */
  readonly sources: readonly string[];
  /** Documents whose files were missing at the first look. */
  readonly gone: number;
}

/** What is remembered between looks. */
export interface LookMemory {
  /** Files, as `root/source`, that were missing or not indexed at the first look. */
  readonly leftAlone: Set<string>;
  /** Time of the last change of files that a look led to, so that each change does so once. */
  readonly settled: Map<string, number>;
  /** Roots that were looked at before. */
  readonly known: Set<string>;
}

const STATS_AT_ONCE = 32;
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
    const { changed, gone } = await compareFiles(records, { root, isFolder, memory });
    const added = isFolder ? await findAdded(records, { root, memory }) : [];
    looks.push({ root, sources: [...changed, ...added], gone });
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
): Promise<{ readonly changed: readonly string[]; readonly gone: number }> {
  const changed: string[] = [];
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
        if (isFirst) memory.leftAlone.add(file);
        if (memory.leftAlone.has(file)) gone += 1;
        else if (settle(memory, file, VANISHED)) changed.push(record.source);
        continue;
      }
      memory.leftAlone.delete(file);
      const time = Math.max(state.mtimeMs, state.ctimeMs);
      const isSame = state.size === record.bytes && isUnchanged(record, time);
      if (!isSame && settle(memory, file, time)) changed.push(record.source);
    }
  }
  return { changed, gone };
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

/** New files beside indexed ones of the same ending. */
async function findAdded(
  records: readonly DocumentRecord[],
  { root, memory }: RootOptions,
): Promise<readonly string[]> {
  const added: string[] = [];
  const stored = new Set(records.map(({ source }) => source));
  const newest = Math.max(...records.map(({ ingestedAt }) => Date.parse(ingestedAt)));
  const isFirst = !memory.known.has(root);
  for (const [folder, siblings] of Map.groupBy(records, ({ source }) => path.posix.dirname(source))) {
    const endings = new Set(siblings.map(({ source }) => path.posix.extname(source)));
    const entries = await readdir(path.join(root, folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const source = path.posix.join(folder, entry.name);
      const file = `${root}/${source}`;
      if (!entry.isFile() || entry.name.startsWith(".") || stored.has(source)) continue;
      if (!endings.has(path.posix.extname(source)) || memory.leftAlone.has(file)) continue;
      const state = await stat(path.join(root, source)).catch(() => null);
      if (state === null) continue;
      const time = Math.max(state.mtimeMs, state.ctimeMs);
      // What was there when the rest was indexed was left out on purpose.
      if (isFirst && time < newest) memory.leftAlone.add(file);
      else if (settle(memory, file, time)) added.push(source);
    }
  }
  return added;
}
