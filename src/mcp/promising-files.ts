import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { tellingWords } from "./tool-result.ts";

/** Files and bytes that are looked through at most. */
const MOST_FILES = 3_000;
const MOST_BYTES = 40_000_000;
/** A larger file is no source that somebody wrote. */
const LARGEST_FILE = 400_000;
/** Files and bytes that are found at most: what a model embeds within some seconds. */
const MOST_FOUND = 40;
const MOST_FOUND_BYTES = 300_000;
const AT_ONCE = 16;
/** What a word in the path is worth, against one that the text is full of. */
const PATH_WEIGHT = 0.7;
/** What a test is worth, against the code that it tests. */
const TEST_WEIGHT = 0.5;
/** How soon a word is said often enough, and how much long files have to say it oftener: BM25's k1 and b. */
const SATURATION = 1.2;
const LENGTH_SHARE = 0.6;
const PROSE_OR_DATA =
  /\.(?:mdx?|rst|txt|adoc|json|jsonc|lock|ipynb|csv|tsv|html?|svg|xml|log|map|snap)$|(?:^|\/)LICENSE$/i;
const TEST_PATH = /(?:^|\/)(?:tests?|__tests__|spec)\/|[._-](?:test|spec)\.[a-z]+$/;

/** Options of {@link findPromisingFiles}. */
export interface PromisingFilesOptions {
  readonly task: string;
  /** Whether code is looked for, and prose and data are left out. */
  readonly code: boolean;
  readonly signal: AbortSignal;
}

/**
 * The files of a folder that hold most of a task's rarer words, best first: what is worth indexing before the rest when
 * somebody waits for an answer. Only words are looked at, and nothing is left out that `.gitignore` names: the ingestion does
 * that.
 */
export async function findPromisingFiles(
  root: string,
  { task, code, signal }: PromisingFilesOptions,
): Promise<readonly string[]> {
  const words = tellingWords(task);
  if (words.length === 0) return [];
  const files = (await readFiles(root, words, signal)).filter(({ source }) => !(code && PROSE_OR_DATA.test(source)));
  const weights = words.map((_, word) => {
    const holders = files.filter(({ counts }) => counts[word] !== 0).length;
    return Math.log(1 + (files.length - holders + 0.5) / (holders + 0.5));
  });
  const mean = files.reduce((sum, { bytes }) => sum + bytes, 0) / Math.max(1, files.length);
  const ranked = files
    .map(({ source, bytes, counts }) => {
      const place = source.toLowerCase();
      const norm = SATURATION * (1 - LENGTH_SHARE + (LENGTH_SHARE * bytes) / Math.max(1, mean));
      const score = words.reduce((sum, word, index) => {
        const count = counts[index] ?? 0;
        const share = count / (count + norm) + (place.includes(word) ? PATH_WEIGHT : 0);
        return sum + share * (weights[index] ?? 0);
      }, 0);
      return { source, bytes, score: TEST_PATH.test(source) ? score * TEST_WEIGHT : score };
    })
    .filter(({ score }) => score > 0)
    .toSorted((left, right) => right.score - left.score || (left.source < right.source ? -1 : 1));
  let room = MOST_FOUND_BYTES;
  const found = ranked.slice(0, MOST_FOUND).filter(({ bytes }) => {
    if (bytes > room) return false;
    room -= bytes;
    return true;
  });
  return found.map(({ source }) => source);
}

interface WordsOfFile {
  readonly source: string;
  readonly bytes: number;
  /** How often it holds each of the words. */
  readonly counts: readonly number[];
}

async function readFiles(root: string, words: readonly string[], signal: AbortSignal): Promise<readonly WordsOfFile[]> {
  const sources = await listFiles(root, signal);
  const files: WordsOfFile[] = [];
  let bytes = 0;
  for (let start = 0; start < sources.length && bytes < MOST_BYTES; start += AT_ONCE) {
    signal.throwIfAborted();
    const batch = sources.slice(start, start + AT_ONCE);
    const read = await Promise.all(batch.map((source) => readWords(root, source, words)));
    for (const file of read) {
      if (file === null) continue;
      bytes += file.bytes;
      files.push(file);
    }
  }
  return files;
}

/** Null for what is no text, too large, or cannot be read: the ingestion itself says so. */
async function readWords(root: string, source: string, words: readonly string[]): Promise<WordsOfFile | null> {
  const file = path.join(root, source);
  const state = await stat(file).catch(() => null);
  if (state === null || state.size > LARGEST_FILE) return null;
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null || text.slice(0, 1_000).includes("\u0000")) return null;
  const plain = text.toLowerCase();
  const counts = words.map((word) => plain.split(word).length - 1);
  return { source, bytes: state.size, counts };
}

async function listFiles(root: string, signal: AbortSignal): Promise<readonly string[]> {
  const files: string[] = [];
  const folders = [""];
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    signal.throwIfAborted();
    const entries = await readdir(path.join(root, folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
      const source = path.posix.join(folder, entry.name);
      if (entry.isDirectory()) folders.push(source);
      else if (entry.isFile()) files.push(source);
      if (files.length === MOST_FILES) return files;
    }
  }
  return files;
}
