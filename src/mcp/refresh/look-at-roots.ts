import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { changeTime } from "../../domain/change-time.ts";
import { type DocumentRecord, isComplete } from "../../domain/document.ts";
import { IGNORE_FILES, isLeftOutName } from "../../domain/left-out-name.ts";
import { slices } from "../../domain/slices.ts";

/** What has changed under one root. */
export interface RootLook {
  readonly root: string;
  /** Sources to ingest again: changed, new, or vanished. */
  readonly sources: readonly string[];
  /** Sources whose present state somebody began to ingest and did not finish. */
  readonly begun: readonly string[];
  /** Folders that are new or have changed since the index was made, and that hold no document of it. */
  readonly folders: readonly string[];
  /** The file endings of the root's documents, with their dot; an empty one is any. */
  readonly endings: readonly string[];
  /** Whether the root itself is gone. */
  readonly isRootGone: boolean;
  /** How many documents had no file at the first look. */
  readonly gone: number;
  /** Sources of documents whose files vanished, among `sources`. */
  readonly vanished: readonly string[];
  /** Whether all of the root has to be compared: files with ignore rules changed, or nothing of it is stored. */
  readonly isWhole: boolean;
}

/** Nothing has changed under a root. */
export function emptyLook(root: string): RootLook {
  const none = { sources: [], begun: [], folders: [], endings: [""], vanished: [] };
  return { root, ...none, isRootGone: false, gone: 0, isWhole: false };
}

/** What is kept between looks. */
export interface LookMemory {
  /** Files and folders, as `root/source`, that were missing or not indexed at the first look. */
  readonly leftAlone: Set<string>;
  /** Times of the changes that a look has reported, by file, so that each change is reported once. */
  readonly settled: Map<string, number>;
  /** Roots that have been looked at. */
  readonly known: Set<string>;
  /** By root, its files with ignore rules and the times of their changes, as one text. */
  readonly rules: Map<string, string>;
}

/** Nothing has been looked at yet. */
export function createLookMemory(): LookMemory {
  return { leftAlone: new Set(), settled: new Map(), known: new Set(), rules: new Map() };
}

/** Options of {@link lookAtRoots}. */
export interface LookOptions {
  readonly memory: LookMemory;
  /**
   * Whether the server made the index by itself, with nobody's choice of files: then documents whose files are missing at the
   * first look are removed like those whose files vanish later, and new files are added whatever their ending. Changed
   * ignore rules hold for what is stored already.
   */
  readonly isAutomatic: boolean;
  /** Whether the first index is being made, which will finish unfinished documents. */
  readonly isFirstIndex: boolean;
}

/** As many at once as this cost less than half the time of 32. */
const STATS_AT_ONCE = 256;
const FOLDERS_AT_ONCE = 32;
/** Used as the time of a file that does not exist any more. */
const VANISHED = -1;
/** Used as the time of a file whose changes do not matter. */
const ONCE = 0;
/** A change within this time of the ingestion may have come after the file was read, in milliseconds. */
const CERTAIN_MS = 2_000;

/** Compares documents with the files they came from, by size and time only. Of a root that is gone, all are gone. */
export async function lookAtRoots(documents: readonly DocumentRecord[], options: LookOptions): Promise<RootLook[]> {
  const { memory } = options;
  const looks: RootLook[] = [];
  for (const [root, records] of Map.groupBy(documents, (record) => record.root)) {
    // Uploads and web pages have no files.
    if (!path.isAbsolute(root)) continue;
    const state = await stat(root).catch(() => null);
    if (state === null) {
      looks.push({ ...emptyLook(root), isRootGone: true, gone: records.length });
      continue;
    }
    const isFolder = state.isDirectory();
    const { changed, begun, gone, vanished } = await compareFiles(records, { ...options, root, isFolder });
    const newest = newestOf(records);
    const added = isFolder
      ? await findAdded(records, { ...options, root, newest })
      : { files: [], folders: [], rules: [] };
    const endings = options.isAutomatic ? [""] : endingsOf(records);
    const isWhole = options.isAutomatic && haveRulesChanged(added.rules, { memory, root, newest });
    const sources = [...changed, ...added.files];
    const { folders } = added;
    looks.push({ ...emptyLook(root), sources, begun, folders, endings, gone, vanished, isWhole });
    memory.known.add(root);
  }
  return looks;
}

async function compareFiles(
  records: readonly DocumentRecord[],
  { memory, isAutomatic, isFirstIndex, root, isFolder }: LookOptions & { readonly root: string; isFolder: boolean },
): Promise<Pick<RootLook, "begun" | "gone" | "vanished"> & { readonly changed: readonly string[] }> {
  const vanished: string[] = [];
  const changed: string[] = [];
  const begun: string[] = [];
  let gone = 0;
  const isFirstLook = !memory.known.has(root);
  for (const batch of slices(records, STATS_AT_ONCE)) {
    const states = await Promise.all(
      batch.map(({ source }) => stat(isFolder ? path.join(root, source) : root).catch(() => null)),
    );
    for (const [index, record] of batch.entries()) {
      const file = `${root}/${record.source}`;
      const state = states[index] ?? null;
      if (state === null) {
        if (isFirstLook && !isAutomatic) memory.leftAlone.add(file);
        if (memory.leftAlone.has(file)) gone += 1;
        else if (settle(memory, file, VANISHED)) vanished.push(record.source);
        continue;
      }
      memory.leftAlone.delete(file);
      const time = changeTime(state);
      const isSame = state.size === record.bytes && isUnchanged(record, time);
      const isWhole = isComplete(record) || isFirstIndex;
      if ((isSame && isWhole) || !settle(memory, file, time)) continue;
      if (isSame) begun.push(record.source);
      else changed.push(record.source);
    }
  }
  return { changed: [...changed, ...vanished], begun, gone, vanished };
}

/** A file with ignore rules, and the time of its change. */
interface RuleFile {
  readonly source: string;
  readonly time: number;
}

/** At the first look, rules that are newer than all that is stored have changed. */
function haveRulesChanged(
  rules: readonly RuleFile[],
  { memory, root, newest }: { readonly memory: LookMemory; readonly root: string; readonly newest: number },
): boolean {
  const now = JSON.stringify(rules.map(({ source, time }) => [source, time]));
  const before = memory.rules.get(root);
  memory.rules.set(root, now);
  return before === undefined ? rules.some(({ time }) => time > newest) : before !== now;
}

function newestOf(records: readonly DocumentRecord[]): number {
  return records.reduce((latest, { ingestedAt }) => Math.max(latest, Date.parse(ingestedAt)), 0);
}

function endingsOf(records: readonly DocumentRecord[]): readonly string[] {
  return [...new Set(records.map(({ source }) => path.posix.extname(source)))].filter((one) => one !== "");
}

/** If no time was recorded, a time well before the ingestion proves that the file is unchanged. */
function isUnchanged({ modifiedAt, ingestedAt }: DocumentRecord, time: number): boolean {
  return typeof modifiedAt === "number" ? time === modifiedAt : time < Date.parse(ingestedAt) - CERTAIN_MS;
}

/** Lets the next look report once more what this one did. */
export function forgetLook({ root, sources, folders, begun, isWhole }: RootLook, { settled, rules }: LookMemory): void {
  if (isWhole) rules.set(root, "");
  for (const source of [...sources, ...folders, ...begun]) settled.delete(`${root}/${source}`);
}

/** Records the time of a file's change; false if that change was recorded before. */
function settle({ settled }: LookMemory, file: string, time: number): boolean {
  if (settled.get(file) === time) return false;
  settled.set(file, time);
  return true;
}

/** Finds new files beside indexed ones, those of other endings only for an automatic index, and new folders beside those that hold indexed files. */
async function findAdded(
  records: readonly DocumentRecord[],
  {
    root,
    memory,
    isAutomatic,
    newest,
  }: Pick<LookOptions, "memory" | "isAutomatic"> & { readonly root: string; readonly newest: number },
): Promise<{
  readonly files: readonly string[];
  readonly folders: readonly string[];
  readonly rules: readonly RuleFile[];
}> {
  const rules: RuleFile[] = [];
  const files: string[] = [];
  const folders: string[] = [];
  const stored = new Set(records.map(({ source }) => source));
  const endings = endingsByFolder(records);
  const isFirstLook = !memory.known.has(root);
  for await (const { folder, known, entries } of readFolders(root, endings)) {
    for (const entry of entries) {
      const source = folder === "." ? entry.name : `${folder}/${entry.name}`;
      if (isAutomatic && IGNORE_FILES.includes(entry.name)) {
        const state = await stat(path.join(root, source)).catch(() => null);
        if (state !== null) rules.push({ source, time: changeTime(state) });
      }
      if (isLeftOutName(entry.name)) continue;
      const isFolder = entry.isDirectory();
      if (isFolder ? endings.has(source) : !entry.isFile() || stored.has(source)) continue;
      const file = `${root}/${source}`;
      const isKnown = isFolder || known.has(path.posix.extname(source));
      if (memory.leftAlone.has(file) || !(isKnown || isAutomatic)) continue;
      const state = await stat(path.join(root, source)).catch(() => null);
      if (state === null) continue;
      // What cannot be indexed, such as a database at work, is not tried again with each of its changes.
      if (!isKnown && state.size === 0) continue;
      const time = isKnown ? changeTime(state) : ONCE;
      // A file that existed when the others were indexed was left out on purpose.
      if (isFirstLook && changeTime(state) < newest) memory.leftAlone.add(file);
      else if (settle(memory, file, time)) (isFolder ? folders : files).push(source);
    }
  }
  return { files, folders, rules };
}

/** Lists folders, several at a time; gives nothing for those that are gone. */
async function* readFolders(
  root: string,
  endings: ReadonlyMap<string, ReadonlySet<string>>,
): AsyncGenerator<{
  readonly folder: string;
  readonly known: ReadonlySet<string>;
  readonly entries: readonly Dirent[];
}> {
  for (const batch of slices([...endings], FOLDERS_AT_ONCE)) {
    const listed = batch.map(async ([folder, known]) => {
      const entries = await readdir(path.join(root, folder), { withFileTypes: true }).catch(() => []);
      return { folder, known, entries };
    });
    yield* await Promise.all(listed);
  }
}

/** The folders that hold documents, directly or further down, with the endings of the documents directly in them. */
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
