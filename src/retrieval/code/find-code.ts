import { CODE_LANGUAGES, type CodeResult, NOTEBOOK } from "../../domain/code.ts";
import type { Chunk } from "../../domain/chunk.ts";
import type { Correction, Evidence, SearchFilter } from "../../domain/hit.ts";
import type { Embedder } from "../../embedding/embedder.ts";
import type {
  CallOptions,
  StoreCandidate,
  StoreFilter,
  StoreSearchResult,
  VectorStore,
} from "../../store/vector-store.ts";
import { symbolsOf, withPlaces, type WithPlacesOptions } from "./code-places.ts";
import { codeTerms, type CodeTerms, type TestOrder } from "./code-terms.ts";
import { findPlaces, type FoundPlaces } from "./find-places.ts";
import { addFolderNeighbours } from "./folder-neighbours.ts";
import { addImportNeighbours } from "./import-neighbours.ts";
import { addMentionedDefinitions } from "./mentioned-definitions.ts";
import { createDocumentCatalogue, type DocumentCatalogue, NAMES_TRUST_MS } from "../document-catalogue.ts";
import { correctText, findCorrections } from "../question/misspelt-words.ts";
import { createUsualWords, type UsualWords } from "../question/usual-words.ts";
import type { SearchContext } from "../search-context.ts";
import type { QueryTerms } from "../query-terms.ts";
import { resolveFilter } from "../resolve-filter.ts";
import { readTask } from "./read-task.ts";
import { scoreFiles, type ScoredFile } from "./score-files.ts";
import { type CosineCalibration, openCosineCalibration } from "../cosine-calibration.ts";
import { bestEvidence, judgeEvidence } from "../evidence.ts";
import { scoreCandidates } from "../score-candidates.ts";

/** The evidence of code is lowered by half of what chance brings: all code of a collection is about the same. */
const CHANCE_SHARE = 0.5;
/** How many files a result has if the request names no limit. */
const DEFAULT_FILES = 10;
const LEXICAL_POOL = 400;
const DENSE_POOL = 100;
/** A longer task, in characters, means several things, of which its first line is the main one. */
const LONG_TASK = 400;

/** Options of {@link FindCodeIn}. */
export interface FindCodeOptions extends Partial<Omit<WithPlacesOptions, "pieces">> {
  /** Without languages, those of {@link CODE_LANGUAGES} are searched, and notebooks where there are more of them. */
  readonly filter?: SearchFilter | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Finds files and symbols for a task in one collection. */
export type FindCodeIn = (task: string, options?: FindCodeOptions) => Promise<CodeResult>;

/** Makes the search for code of one collection. */
export function createCodeFinder(parts: {
  readonly store: VectorStore;
  readonly embedder: Embedder;
  readonly collection: string;
  /**
   * The list of the collection's documents, to share one with others that need it.
   * @default one of its own
   */
  readonly catalogue?: DocumentCatalogue;
}): FindCodeIn {
  const { store, embedder, collection, catalogue = createDocumentCatalogue(store, collection) } = parts;
  const usualWords = createUsualWords((text) => embedder.countTokens(text));
  return async (task, { limit = DEFAULT_FILES, filter = {}, tests, signal, ...shown } = {}) => {
    signal?.throwIfAborted();
    const started = performance.now();
    const context = { store, embedder, collection, catalogue, usualWords, call: { signal } };
    const candidates = await findCandidates(task, { ...context, filter });
    const { words, places, corrections, embedMs } = candidates;
    const order = orderOf(tests, words.tests);
    const withTests = order !== "last";
    const ranked = await rankFiles(candidates, { ...context, order });
    const calibrateCosine = await openCosineCalibration(embedder, signal);
    const files = withPlaces(ranked, { limit, pieces: places.pieces, tests: withTests, ...shown });
    return {
      task,
      collection,
      files,
      symbols: symbolsOf(files, withTests),
      evidence: evidenceOf(candidates, calibrateCosine),
      ...(corrections.length === 0 ? {} : { corrections }),
      timing: { embedMs, searchMs: performance.now() - started - embedMs },
    };
  };
}

/** What the steps of one search for code share. */
interface CodeSearchContext extends Pick<
  SearchContext,
  "store" | "embedder" | "collection" | "catalogue" | "usualWords"
> {
  readonly call: CallOptions;
}

/** What was read in a task, and found for it. */
interface TaskCandidates {
  readonly words: CodeTerms;
  readonly found: TaskFindings;
  /** Where the places lie that the task names. */
  readonly places: FoundPlaces;
  readonly corrections: readonly Correction[];
  readonly embedMs: number;
}

/** Reads a task and searches for it; if words of it are misspelt, once more without these. */
async function findCandidates(
  task: string,
  { filter, ...context }: CodeSearchContext & { readonly filter: SearchFilter },
): Promise<TaskCandidates> {
  const { store, embedder, collection, catalogue, call } = context;
  const reading = readTask(task);
  const wanted = { ...filter, language: filter.language ?? (await usualLanguages(catalogue, call)) };
  const resolved = (await resolveFilter(wanted, { catalogue, ...call })) ?? {};
  const places = await findPlaces(reading.places, { store, collection, catalogue, filter: resolved, ...call });
  const written = reading.textWith(places.own);
  const search = { store, embedder, collection, filter: resolved, isPasted: reading.isPasted, call };
  const asWritten = await searchText(written, search);
  // Unknown words of a trace or a log are strange rather than misspelt.
  const corrections = reading.isPasted ? [] : correctionsIn(written, asWritten.found.all, context.usualWords);
  if (corrections.length === 0) return { ...asWritten, places, corrections };
  const corrected = await searchText(correctText(written, corrections), search);
  return { ...corrected, places, corrections, embedMs: asWritten.embedMs + corrected.embedMs };
}

/** The languages of code, and notebooks where these are most of it: beside a program they are prose. */
async function usualLanguages(catalogue: DocumentCatalogue, call: CallOptions): Promise<readonly string[]> {
  const documents = await catalogue.list({ trustMs: NAMES_TRUST_MS, ...call });
  const notebooks = documents.filter(({ language }) => language === NOTEBOOK).length;
  const sources = documents.filter(({ language }) => CODE_LANGUAGES.has(language)).length;
  return notebooks > sources ? [...CODE_LANGUAGES, NOTEBOOK] : [...CODE_LANGUAGES];
}

/** Ranks the files of the candidates: by their own text first, then by what the best of them say of each other. */
async function rankFiles(
  { words, found, places }: TaskCandidates,
  { store, collection, order, call }: CodeSearchContext & { readonly order: TestOrder },
): Promise<readonly ScoredFile[]> {
  const candidates = withPieces(found.all.candidates, places.pieces);
  const scored = scoreFiles(candidates, { subject: found.subject.candidates, words, named: places });
  const tests = order !== "last";
  const together = addFolderNeighbours(scored, { tests });
  const mentioned = addMentionedDefinitions(together, { tests });
  const linked = await addImportNeighbours(mentioned, { store, collection, tests, ...call });
  if (order === "first") return linked.toSorted((a, b) => Number(b.isTest) - Number(a.isTest));
  // A test in a stack trace is relevant itself.
  const isLate = ({ isTest, chunks: [{ chunk }] }: ScoredFile): boolean =>
    !tests && isTest && !places.traced.has(chunk.documentId);
  return linked.toSorted((a, b) => Number(isLate(a)) - Number(isLate(b)));
}

/** What the caller wants of tests decides, else what the task says of them. */
function orderOf(tests: boolean | undefined, said: TestOrder): TestOrder {
  if (tests === undefined) return said;
  if (!tests) return "last";
  return said === "last" ? "among" : said;
}

interface SearchTextOptions extends Pick<SearchTaskOptions, "store" | "collection" | "filter" | "call"> {
  readonly embedder: Embedder;
  /** Whether the text is a form or a trace. */
  readonly isPasted: boolean;
}

/** The candidates for the text of a task. */
async function searchText(
  text: string,
  { embedder, isPasted, ...search }: SearchTextOptions,
): Promise<{ readonly words: CodeTerms; readonly found: TaskFindings; readonly embedMs: number }> {
  const words = codeTerms(text);
  const started = performance.now();
  const vectors = await embedder.embed(meaningsOf(text, isPasted), { purpose: "query", ...search.call });
  const embedMs = performance.now() - started;
  return { words, found: await searchTask(words, { ...search, vector: toMean(vectors) }), embedMs };
}

/**
 * What is embedded of a task. As a whole, a form or a trace means the same as any other, so only its first line is; of
 * another long text the first line and the whole.
 */
function meaningsOf(text: string, isPasted: boolean): readonly string[] {
  const firstLine = text.split("\n", 1)[0] ?? text;
  if (isPasted) return [firstLine];
  return text.length > LONG_TASK && firstLine !== text ? [firstLine, text] : [text];
}

/** The mean direction of vectors of length 1. */
function toMean([first, ...rest]: readonly Float32Array[]): Float32Array {
  if (first === undefined) throw new TypeError("The embedder gave no vector for the task.");
  if (rest.length === 0) return first;
  const sums = first.map((value, index) => rest.reduce((sum, one) => sum + (one[index] ?? 0), value));
  const length = Math.hypot(...sums) || 1;
  return sums.map((sum) => sum / length);
}

/** The end of a word inside an identifier such as `getUserName`. */
const HUMP = /(?<=\p{Ll})(?=\p{Lu})/gu;

/** The misspelt words of a task; what was meant may stand in an identifier. */
function correctionsIn(
  query: string,
  { candidates, absent }: StoreSearchResult,
  usualWords: UsualWords,
): readonly Correction[] {
  if (absent.size === 0) return [];
  const split = candidates.map(({ chunk }) => ({ chunk: { ...chunk, text: chunk.text.replaceAll(HUMP, " ") } }));
  return findCorrections([{ query, found: { candidates: split, absent } }], usualWords);
}

interface TaskFindings {
  readonly all: StoreSearchResult;
  readonly subject: Pick<StoreSearchResult, "candidates">;
}

interface SearchTaskOptions {
  readonly store: VectorStore;
  readonly collection: string;
  readonly vector: Float32Array;
  readonly filter: StoreFilter;
  readonly call: CallOptions;
}

/** The candidates for all words of a task, and those for its first line. */
async function searchTask(
  { all, subject }: CodeTerms,
  { store, collection, vector, filter, call }: SearchTaskOptions,
): Promise<TaskFindings> {
  const search = { lexicalLimit: LEXICAL_POOL, filter };
  const isOneLine = subject.indices.length === all.indices.length;
  const [found, first] = await Promise.all([
    store.search(collection, { ...search, vector, terms: all.indices, denseLimit: DENSE_POOL }, call),
    // The first line says what the task is about. It counts as much as the whole, by a search of its own.
    subject.indices.length === 0 || isOneLine
      ? { candidates: [] }
      : store.search(collection, { ...search, vector: null, terms: subject.indices, denseLimit: 0 }, call),
  ]);
  return { all: found, subject: isOneLine ? found : first };
}

/** The candidates, with pieces that the words alone may not have found. */
function withPieces(candidates: readonly StoreCandidate[], pieces: readonly Chunk[]): readonly StoreCandidate[] {
  const known = new Set(candidates.map(({ chunk }) => chunk.id));
  return [
    ...candidates,
    ...pieces.filter(({ id }) => !known.has(id)).map((chunk) => ({ chunk, dense: null, lexical: 0 })),
  ];
}

/**
 * How well the code fits the task or its first line, whichever it fits better: of the words of a long task few need be in
 * the code. So without vectors nothing tells that no code fits.
 */
function evidenceOf(
  { words, found: { all, subject } }: TaskCandidates,
  calibrateCosine: CosineCalibration | undefined,
): Evidence {
  const judge = (candidates: readonly StoreCandidate[], query: QueryTerms): Evidence => {
    // Sentences are not scored, since the evidence does not use them.
    const reading = { stopRatio: Number.POSITIVE_INFINITY, chanceShare: CHANCE_SHARE, calibrateCosine };
    const options = { mode: "hybrid", query, ...reading } as const;
    return judgeEvidence(scoreCandidates({ ...all, candidates }, options), "hybrid");
  };
  const cosines = new Map(all.candidates.map(({ chunk, dense }) => [chunk.id, dense]));
  const ofFirstLine = subject.candidates.map((one) => ({ ...one, dense: cosines.get(one.chunk.id) ?? null }));
  const ofAll = judge(all.candidates, words.all);
  const evidence = subject === all ? ofAll : bestEvidence([ofAll, judge(ofFirstLine, words.subject)]);
  const isWithoutVector = all.candidates.some(({ dense }) => dense === null);
  return evidence === "none" && isWithoutVector ? "weak" : evidence;
}
