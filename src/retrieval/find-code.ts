import type { CodeFile, CodePlace, CodeResult } from "../domain/code.ts";
import { CODE_LANGUAGES } from "../domain/code.ts";
import type { SearchFilter } from "../domain/hit.ts";
import type { Embedder } from "../embedding/embedder.ts";
import type { VectorStore } from "../store/vector-store.ts";
import { codeTerms } from "./code-terms.ts";
import { resolveFilter } from "./resolve-filter.ts";
import { scoreFiles, type ScoredFile } from "./score-files.ts";
import { judgeEvidence, scoreCandidates } from "./score-candidates.ts";

/** Files of a result that names no limit. */
const DEFAULT_FILES = 10;
/** Places of one file in a result that names no number. */
const DEFAULT_PLACES = 3;
/** A place with less than this share of the file's best one is left out. */
const PLACE_SHARE = 0.6;
const LEXICAL_POOL = 400;
const DENSE_POOL = 100;

/** Options of {@link FindCodeIn}. */
export interface FindCodeOptions {
  /**
   * Files at most.
   * @default 10
   */
  readonly limit?: number;
  /** Without languages, those of {@link CODE_LANGUAGES} are searched. */
  readonly filter?: SearchFilter;
  /**
   * Whether tests rank with the code that they test rather than behind it.
   * @default whether the task's first line speaks of tests
   */
  readonly tests?: boolean;
  /**
   * Places of one file at most.
   * @default 3
   */
  readonly places?: number;
  /** Chunks that were seen already: they are no places any more, and a file without another place is left out. */
  readonly exclude?: ReadonlySet<string>;
  readonly signal?: AbortSignal;
}

/** Finds files and symbols for a task in one collection. */
export type FindCodeIn = (task: string, options?: FindCodeOptions) => Promise<CodeResult>;

/** Makes the search for code of one collection. */
export function createCodeFinder(parts: {
  readonly store: VectorStore;
  readonly embedder: Embedder;
  readonly collection: string;
}): FindCodeIn {
  const { store, embedder, collection } = parts;
  return async (task, { limit = DEFAULT_FILES, filter = {}, tests, places, exclude, signal } = {}) => {
    signal?.throwIfAborted();
    const call = signal === undefined ? {} : { signal };
    const words = codeTerms(task);
    const started = performance.now();
    const [[vector], resolved = {}] = await Promise.all([
      embedder.embed([task], { purpose: "query", ...call }),
      resolveFilter({ ...filter, language: filter.language ?? [...CODE_LANGUAGES] }, { store, collection, ...call }),
    ]);
    if (vector === undefined) throw new TypeError("The embedder gave no vector for the task.");
    const embedded = performance.now();
    const search = { lexicalLimit: LEXICAL_POOL, filter: resolved };
    const [all, subject] = await Promise.all([
      store.search(collection, { ...search, vector, terms: words.all.indices, denseLimit: DENSE_POOL }, call),
      // The first line says what it is about: its terms count twice, by a search of their own.
      words.subject.indices.length === 0
        ? { candidates: [] }
        : store.search(collection, { ...search, vector: null, terms: words.subject.indices, denseLimit: 0 }, call),
    ]);
    const files = scoreFiles(all.candidates, { subject: subject.candidates, words });
    const ranked =
      (tests ?? words.asksForTests) ? files : [...files].toSorted((a, b) => Number(a.isTest) - Number(b.isTest));
    const ranking = scoreCandidates(all, { mode: "hybrid", query: words.all, stopRatio: 1 });
    return {
      task,
      collection,
      files: withPlaces(ranked, { limit, places, exclude }),
      evidence: judgeEvidence(ranking, "hybrid"),
      timing: { embedMs: embedded - started, searchMs: performance.now() - embedded },
    };
  };
}

interface PlaceOptions {
  readonly limit: number;
  readonly places: number | undefined;
  readonly exclude: ReadonlySet<string> | undefined;
}

/** The first files with their places; files whose every place was seen are left out. */
function withPlaces(
  ranked: readonly ScoredFile[],
  { limit, places = DEFAULT_PLACES, exclude = new Set() }: PlaceOptions,
): readonly CodeFile[] {
  const files: CodeFile[] = [];
  for (const file of ranked) {
    if (files.length === limit) break;
    const found = placesOf(file, { places, exclude });
    if (found.length === 0) continue;
    const { root, source, documentId, language } = file.chunks[0].chunk;
    const { score, isTest } = file;
    files.push({ rank: files.length + 1, score, root, source, documentId, language, isTest, places: found });
  }
  return files;
}

function placesOf(
  { chunks }: ScoredFile,
  { places, exclude }: { readonly places: number; readonly exclude: ReadonlySet<string> },
): readonly CodePlace[] {
  const left = chunks.filter(({ chunk }) => !exclude.has(chunk.id));
  const best = left[0]?.score ?? 0;
  const found: CodePlace[] = [];
  for (const { chunk, score } of left) {
    if (found.length === places || score < best * PLACE_SHARE) break;
    // A symbol cut into several pieces is one result.
    if (chunk.symbol !== null && found.some(({ symbol }) => symbol === chunk.symbol)) continue;
    const { symbol, lines, span, text } = chunk;
    found.push({ symbol, lines, span, score, text });
  }
  return found;
}
