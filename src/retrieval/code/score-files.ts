import type { Chunk } from "../../domain/chunk.ts";
import type { CodeParts } from "../../domain/code.ts";
import { analyse } from "../../lexical/analyse.ts";
import type { StoreCandidate } from "../../store/vector-store.ts";
import { exactTermsOf, type CodeTerms } from "./code-terms.ts";
import { definedNames } from "./defined-names.ts";
import { type Bm25Options, createBm25, standardScores, sharesOfLargest, sum } from "./field-scores.ts";
import { asksForSide, isSidePath, isTestPath } from "../../domain/file-role.ts";
import { namedFiles } from "./match-path.ts";
import { wordingScores } from "./wording-scores.ts";

/** Sharpness of the soft maximum over a file's chunks: towards 0 every chunk counts, towards infinity only the best. */
const SHARPNESS = 8;
/** Share of the identifiers' exact forms in a chunk's score; the rest are the stemmed words. */
const EXACT_SHARE = 0.3;
/**
 * What is added to the score of the chunk that repeats most of the task's wording, where the best by its words has 1. Others
 * get the square of their share of it: a few words in a row are an accident, a message is not.
 */
const WORDING_WEIGHT = 1;
/** The least wording that gets all of it, as a sum of idf: about four pairs of neighbouring words that no other chunk has. */
const WORDING_ENOUGH = 20;
/** What the best match of a path adds, where the best file by its text has 1. */
const PATH_WEIGHT = 0.3;
/** What the best match of the names of functions and classes adds. */
const DEFINED_WEIGHT = 0.15;
/** What the file adds that defines most of the names which the task writes as code. */
const NAMED_WEIGHT = 0.15;
/** What it adds if the task names the file. */
const FILE_NAME_WEIGHT = 0.3;
/** What each standard deviation of the file's cosine above the mean adds. */
const DENSE_WEIGHT = 0.1;
/** As {@link SHARPNESS}, for cosines, which lie closer together than scores by words. */
const DENSE_SHARPNESS = 40;
/** What is taken off a file that is not part of the program itself. */
const SIDE_LOSS = 0.3;
/** Parameters of BM25 for chunks, and for paths and names, whose length says little. */
const CHUNK_BM25 = { k1: 1.2, b: 0.75 };
const NAMES_BM25 = { k1: 1.2, b: 0.3 };

/** A chunk with its score as a share of the best one. */
export interface ScoredPiece {
  readonly chunk: Chunk;
  readonly score: number;
}

/** A file with its score, and its chunks among the candidates, best first. */
export interface ScoredFile {
  readonly score: number;
  /** What the score is the sum of. */
  readonly parts: CodeParts;
  readonly isTest: boolean;
  readonly chunks: readonly [ScoredPiece, ...ScoredPiece[]];
}

/** Options of {@link scoreFiles}. */
export interface ScoreFilesOptions {
  readonly subject: readonly StoreCandidate[];
  readonly words: CodeTerms;
  /**
   * What documents gain that the task names with a line or as a frame of a trace, by their ids.
   * @default nothing
   */
  readonly named?: { readonly gains: ReadonlyMap<string, number> };
}

/**
 * Ranks the files of the candidates. A file's score by words is ln(Σ exp(8 s)) / 8 over its chunks, s being the chunk's
 * share of the best score, to which is added how much of the task's wording the chunk repeats. As further fields are
 * added its path, the names that it defines, what the task names as code, and a little of the same soft maximum of its
 * cosines. `subject` holds the candidates for the first line, which counts as much as the whole task. Equal scores are
 * sorted by root and source.
 */
export function scoreFiles(
  candidates: readonly StoreCandidate[],
  { named, ...query }: ScoreFilesOptions,
): ScoredFile[] {
  const pieces = scorePieces(candidates, query);
  const groups = [...Map.groupBy(pieces, ({ chunk }) => chunk.documentId).values()];
  const partsOf = scoreParts(groups, { words: query.words, gains: named?.gains ?? new Map() });
  const files = groups.flatMap((group, index): ScoredFile[] => {
    const [first, ...rest] = group.toSorted((left, right) => right.score - left.score);
    if (first === undefined) return [];
    const parts = partsOf(index);
    const isTest = isTestPath(first.chunk.source);
    return [{ score: sum(Object.values(parts)), parts, isTest, chunks: [first, ...rest] }];
  });
  return sortFiles(files);
}

/** The files that give shares of their score to others and get some: tests only if they are asked for. */
export function givingFiles(files: readonly ScoredFile[], tests: boolean): readonly ScoredFile[] {
  return tests ? files : files.filter(({ isTest }) => !isTest);
}

/** Adds to each file's score what it gains, noted as one of the score's parts, and sorts the files again. */
export function addGains(
  files: readonly ScoredFile[],
  { part, gainOf }: { readonly part: keyof CodeParts; readonly gainOf: (file: ScoredFile) => number },
): ScoredFile[] {
  return sortFiles(
    files.map((file) => {
      const gain = gainOf(file);
      return gain === 0 ? file : { ...file, score: file.score + gain, parts: { ...file.parts, [part]: gain } };
    }),
  );
}

/** Sorts files, the best first; equal scores by root and source. */
function sortFiles(files: readonly ScoredFile[]): ScoredFile[] {
  return files.toSorted((left, right) => right.score - left.score || (placeOf(left) < placeOf(right) ? -1 : 1));
}

interface Piece extends ScoredPiece {
  /** Null if it has no vector yet. */
  readonly dense: number | null;
}

/** Computes the parts of the score of each group of chunks, which is a file. */
function scoreParts(
  groups: readonly (readonly Piece[])[],
  { words, gains }: { readonly words: CodeTerms; readonly gains: ReadonlyMap<string, number> },
): (index: number) => CodeParts {
  const terms = { whole: words.all.terms, firstLine: words.subject.terms };
  const sources = groups.map(([piece]) => piece?.chunk.source ?? "");
  const names = groups.map((group) => group.flatMap(({ chunk }) => definedNames(chunk)));
  const text = sharesOfLargest(
    groups.map((group) =>
      softMaximum(
        group.map(({ score }) => score),
        SHARPNESS,
      ),
    ),
  );
  const path = fieldShares(sources.map(analyse), terms, NAMES_BM25);
  const definedTerms = names.map((list) => list.flatMap((name) => analyse(name)));
  const defined = fieldShares(definedTerms, terms, NAMES_BM25);
  const named = sharesOfLargest(names.map((list) => countNamed(list, words.named)));
  const vector = standardScores(groups.map((group) => cosineOf(group)));
  const asksSide = asksForSide(words.task);
  const isNamed = namedFiles(words.task, sources);
  return (index) => {
    const source = sources[index] ?? "";
    const gain = gains.get(groups[index]?.[0]?.chunk.documentId ?? "") ?? (isNamed(source) ? FILE_NAME_WEIGHT : 0);
    return {
      text: text[index] ?? 0,
      path: PATH_WEIGHT * (path[index] ?? 0),
      defined: DEFINED_WEIGHT * (defined[index] ?? 0),
      named: NAMED_WEIGHT * (named[index] ?? 0) + gain,
      vector: DENSE_WEIGHT * (vector[index] ?? 0),
      siblings: 0,
      mentioned: 0,
      imports: 0,
      folder: !asksSide && isSidePath(source) ? -SIDE_LOSS : 0,
    };
  };
}

/** Null if no chunk of the file has a vector yet. */
function cosineOf(group: readonly Piece[]): number | null {
  const known = group.map(({ dense }) => dense).filter((dense) => dense !== null);
  return known.length === 0 ? null : softMaximum(known, DENSE_SHARPNESS);
}

/** The soft maximum ln(Σ exp(sharpness × value)) / sharpness: the largest value, and a little of each value near it. */
function softMaximum(values: readonly number[], sharpness: number): number {
  return Math.log(sum(values.map((value) => Math.exp(sharpness * value)))) / sharpness;
}

function countNamed(names: readonly string[], wanted: readonly string[]): number {
  if (wanted.length === 0) return 0;
  const all = new Set(names.map((name) => name.toLowerCase()));
  return wanted.filter((name) => all.has(name)).length;
}

function scorePieces(
  candidates: readonly StoreCandidate[],
  { subject, words }: { readonly subject: readonly StoreCandidate[]; readonly words: CodeTerms },
): readonly Piece[] {
  const ofSubject = new Map(subject.map(({ chunk, lexical }) => [chunk.id, lexical]));
  const known = new Set(candidates.map(({ chunk }) => chunk.id));
  const union = [
    ...candidates,
    ...subject.filter(({ chunk }) => !known.has(chunk.id)).map((found) => ({ ...found, lexical: 0 })),
  ];
  const stemmed = shareOfBoth({
    whole: union.map(({ lexical }) => lexical),
    firstLine: union.map(({ chunk }) => ofSubject.get(chunk.id) ?? 0),
  });
  const texts = union.map(({ chunk }) => exactTermsOf(chunk));
  const exact = fieldShares(texts, { whole: words.exact, firstLine: words.exactSubject }, CHUNK_BM25);
  const wording = shareOfWording(
    words.task,
    union.map(({ chunk }) => chunk),
  );
  const scores = sharesOfLargest(
    stemmed.map(
      (share, index) =>
        (1 - EXACT_SHARE) * share + EXACT_SHARE * (exact[index] ?? 0) + WORDING_WEIGHT * (wording[index] ?? 0) ** 2,
    ),
  );
  return union.map(({ chunk, dense }, index) => ({ chunk, dense, score: scores[index] ?? 0 }));
}

/** The wording of a task that each chunk repeats, as a share of the most that one does, or of what is enough. */
function shareOfWording(task: string, chunks: readonly Chunk[]): readonly number[] {
  const wording = wordingScores(
    task,
    chunks.map(({ text }) => text),
  );
  const most = wording.reduce((largest, weight) => Math.max(largest, weight), WORDING_ENOUGH);
  return wording.map((weight) => weight / most);
}

/** Something of the whole task, and the same of its first line. */
interface TaskParts<T> {
  readonly whole: T;
  readonly firstLine: T;
}

/** How well each text fits, by BM25, as a share of the best one. */
function fieldShares(
  texts: readonly (readonly string[])[],
  { whole, firstLine }: TaskParts<readonly string[]>,
  options: Bm25Options,
): number[] {
  const scoresFor = createBm25(texts, [...whole, ...firstLine], options);
  return shareOfBoth({ whole: scoresFor(whole), firstLine: scoresFor(firstLine) });
}

/** The first line counts as much as the whole task, however long that is. */
function shareOfBoth({ whole, firstLine }: TaskParts<readonly number[]>): number[] {
  const first = sharesOfLargest(firstLine);
  return sharesOfLargest(sharesOfLargest(whole).map((share, index) => share + (first[index] ?? 0)));
}

function placeOf({ chunks: [{ chunk }] }: ScoredFile): string {
  return `${chunk.root}\u0000${chunk.source}`;
}
