import type { CodeFile, CodePlace, CodeResult, CodeSymbol } from "../../domain/code.ts";
import { CODE_LANGUAGES } from "../../domain/code.ts";
import type { Chunk } from "../../domain/chunk.ts";
import type { Evidence, SearchFilter } from "../../domain/hit.ts";
import type { Embedder } from "../../embedding/embedder.ts";
import type { StoreCandidate, VectorStore } from "../../store/vector-store.ts";
import { codeTerms } from "./code-terms.ts";
import { findPlaces } from "./find-places.ts";
import { addFolderNeighbours } from "./folder-neighbours.ts";
import { addImportNeighbours } from "./import-neighbours.ts";
import { addMentionedDefinitions } from "./mentioned-definitions.ts";
import { createDocumentCatalogue, type DocumentCatalogue } from "../document-catalogue.ts";
import { resolveFilter } from "../resolve-filter.ts";
import { readTask } from "./read-task.ts";
import { scoreFiles, type ScoredFile, type ScoredPiece } from "./score-files.ts";
import { judgeEvidence, scoreCandidates, type ScoredChunk } from "../score-candidates.ts";

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
  /**
   * Whether files carry the parts of their scores.
   * @default false
   */
  readonly explain?: boolean;
  readonly signal?: AbortSignal;
}

/** Finds files and symbols for a task in one collection. */
export type FindCodeIn = (task: string, options?: FindCodeOptions) => Promise<CodeResult>;

/** Makes the search for code of one collection. */
export function createCodeFinder(parts: {
  readonly store: VectorStore;
  readonly embedder: Embedder;
  readonly collection: string;
  /**
   * The collection's documents, where somebody else needs them too.
   * @default one of its own
   */
  readonly catalogue?: DocumentCatalogue;
}): FindCodeIn {
  const { store, embedder, collection, catalogue = createDocumentCatalogue(store, collection) } = parts;
  return async (task, { limit = DEFAULT_FILES, filter = {}, tests, signal, ...shown } = {}) => {
    signal?.throwIfAborted();
    const call = signal === undefined ? {} : { signal };
    const started = performance.now();
    const reading = readTask(task);
    const wanted = { ...filter, language: filter.language ?? [...CODE_LANGUAGES] };
    const resolved = (await resolveFilter(wanted, { catalogue, ...call })) ?? {};
    const named = await findPlaces(reading.places, { store, collection, catalogue, filter: resolved, ...call });
    const text = reading.textWith(named.own);
    const words = codeTerms(text);
    const embedding = performance.now();
    // The meaning of a form or of a trace is that of any other.
    const meaning = reading.isPasted ? (text.split("\n", 1)[0] ?? text) : text;
    const [vector] = await embedder.embed([meaning], { purpose: "query", ...call });
    if (vector === undefined) throw new TypeError("The embedder gave no vector for the task.");
    const embedMs = performance.now() - embedding;
    const search = { lexicalLimit: LEXICAL_POOL, filter: resolved };
    const isOneLine = words.subject.indices.length === words.all.indices.length;
    const [all, first] = await Promise.all([
      store.search(collection, { ...search, vector, terms: words.all.indices, denseLimit: DENSE_POOL }, call),
      // The first line says what it is about: its terms count twice, by a search of their own.
      words.subject.indices.length === 0 || isOneLine
        ? { candidates: [] }
        : store.search(collection, { ...search, vector: null, terms: words.subject.indices, denseLimit: 0 }, call),
    ]);
    const subject = isOneLine ? all : first;
    const withTests = tests ?? words.asksForTests;
    const scored = scoreFiles(withPieces(all.candidates, named.pieces), { subject: subject.candidates, words, named });
    const together = addFolderNeighbours(scored, { tests: withTests });
    const mentioned = addMentionedDefinitions(together, { tests: withTests });
    const found = await addImportNeighbours(mentioned, { store, collection, tests: withTests, ...call });
    // A test that a trace leads through is to be read.
    const isLate = ({ isTest, chunks: [{ chunk }] }: ScoredFile): boolean =>
      !withTests && isTest && !named.traced.has(chunk.documentId);
    const ranked = found.toSorted((a, b) => Number(isLate(a)) - Number(isLate(b)));
    // Sentences are not looked at: the evidence is judged without them.
    const ranking = scoreCandidates(all, { mode: "hybrid", query: words.all, stopRatio: Number.POSITIVE_INFINITY });
    const files = withPlaces(ranked, { limit, pieces: named.pieces, ...shown });
    return {
      task,
      collection,
      files,
      symbols: symbolsOf(files, withTests),
      evidence: evidenceOf(ranking),
      timing: { embedMs, searchMs: performance.now() - started - embedMs },
    };
  };
}

/** Candidates, and pieces that the words alone may not have found. */
function withPieces(candidates: readonly StoreCandidate[], pieces: readonly Chunk[]): readonly StoreCandidate[] {
  const known = new Set(candidates.map(({ chunk }) => chunk.id));
  return [
    ...candidates,
    ...pieces.filter(({ id }) => !known.has(id)).map((chunk) => ({ chunk, dense: null, lexical: 0 })),
  ];
}

/** A task is long and few of its words need be in the code: without vectors that cannot tell that nothing fits. */
function evidenceOf(ranking: readonly ScoredChunk[]): Evidence {
  const evidence = judgeEvidence(ranking, "hybrid");
  const isWithoutVector = ranking.some(({ scores }) => scores.dense === null);
  return evidence === "none" && isWithoutVector ? "weak" : evidence;
}

type PlaceOptions = Pick<FindCodeOptions, "places" | "exclude" | "explain"> & {
  readonly limit: number;
  /** Pieces that the task names: the first places of their files. */
  readonly pieces: readonly Chunk[];
};

/** The first files with their places; files whose every place was seen are left out. */
function withPlaces(
  ranked: readonly ScoredFile[],
  { limit, pieces, places = DEFAULT_PLACES, exclude = new Set(), explain = false }: PlaceOptions,
): readonly CodeFile[] {
  const files: CodeFile[] = [];
  const order = new Map(pieces.map(({ id }, index) => [id, index]));
  for (const file of ranked) {
    if (files.length === limit) break;
    const found = placesOf(file, { places, exclude, order });
    if (found.length === 0) continue;
    const { root, source, documentId, language } = file.chunks[0].chunk;
    const { score, isTest, parts } = file;
    const seen = file.chunks.filter(({ chunk }) => exclude.has(chunk.id)).length;
    files.push({
      rank: files.length + 1,
      score,
      root,
      source,
      documentId,
      language,
      isTest,
      places: found,
      ...(seen === 0 ? {} : { seen }),
      ...(explain && { parts }),
    });
  }
  return files;
}

function placesOf(
  { chunks }: ScoredFile,
  {
    places,
    exclude,
    order,
  }: {
    readonly places: number;
    readonly exclude: ReadonlySet<string>;
    /** Ids of the pieces that come first. */
    readonly order: ReadonlyMap<string, number>;
  },
): readonly CodePlace[] {
  const scored = chunks.filter(({ chunk }) => !exclude.has(chunk.id));
  const best = scored[0]?.score ?? 0;
  const rankOf = ({ chunk }: ScoredPiece): number => order.get(chunk.id) ?? order.size;
  const left = scored
    .map((piece) => (order.has(piece.chunk.id) ? { ...piece, score: best } : piece))
    .toSorted((a, b) => rankOf(a) - rankOf(b));
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

/** The symbols of all places, each once for its file. */
function symbolsOf(files: readonly CodeFile[], withTests: boolean): readonly CodeSymbol[] {
  const symbols = files.flatMap(({ places, score, root, source, documentId, language, isTest }) =>
    places.flatMap(({ symbol, lines, span, score: share }) =>
      symbol === null
        ? []
        : [{ score: score * share, symbol, root, source, documentId, language, isTest, lines, span }],
    ),
  );
  const isLate = ({ isTest }: { readonly isTest: boolean }): number => (withTests ? 0 : Number(isTest));
  return symbols
    .toSorted((left, right) => isLate(left) - isLate(right) || right.score - left.score)
    .map((symbol, index) => ({ rank: index + 1, ...symbol }));
}
