import type { Chunk } from "../../domain/chunk.ts";
import type { CodeParts } from "../../domain/code.ts";
import { analyse } from "../../lexical/analyse.ts";
import type { StoreCandidate } from "../../store/vector-store.ts";
import { exactTermsOf, type CodeTerms } from "./code-terms.ts";
import { definedNames } from "./defined-names.ts";
import { bm25, standardScores, sharesOfLargest, sum } from "./field-scores.ts";
import { asksForSide, isSidePath, isTestPath } from "./file-role.ts";
import { namedFiles } from "./match-path.ts";

/** Sharpness of the sum over a file's chunks: towards 0 every chunk counts, towards infinity only the best. */
const SHARPNESS = 8;
/** Share of the exact forms of identifiers in a chunk's score, against the stemmed ones. */
const EXACT_SHARE = 0.3;
/** What the best path adds, against 1 for the best file by its text. */
const PATH_WEIGHT = 0.3;
/** What the best names of functions and classes add. */
const DEFINED_WEIGHT = 0.15;
/** What defining most of the names that the task writes as code adds. */
const NAMED_WEIGHT = 0.15;
/** What a file's name in the task adds. */
const FILE_NAME_WEIGHT = 0.3;
/** What a standard deviation of the file's cosine adds. */
const DENSE_WEIGHT = 0.1;
/** As {@link SHARPNESS}, for cosines, which lie closer together than shares of the best score. */
const DENSE_SHARPNESS = 40;
/** What a file beside the program loses. */
const SIDE_LOSS = 0.3;
/** BM25 over chunks, and over paths and names, whose length says little. */
const CHUNK_BM25 = { k1: 1.2, b: 0.75 };
const NAMES_BM25 = { k1: 1.2, b: 0.3 };

/** A chunk with its score as a share of the best one. */
export interface ScoredPiece {
  readonly chunk: Chunk;
  readonly score: number;
}

/** A file with its score and its chunks among the candidates, best first. */
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
   * What is added to documents that the task names with a line or as a frame of a trace, by their ids.
   * @default nothing
   */
  readonly named?: { readonly gains: ReadonlyMap<string, number> };
}

/**
 * Ranks the files of candidates: ln(Σ exp(8 s)) / 8 over a file's chunks, where s is the chunk's share of the best score by
 * words; then, as fields of their own, the path and the names that the file defines, what the task names as code, and a
 * little of the same sum over cosines. `subject` holds the candidates of the first line, whose terms count twice by that. Equal
 * scores in the order of root and source.
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

/** The files that give to others and get of them: tests only where they are asked for. */
export function givingFiles(files: readonly ScoredFile[], tests: boolean): readonly ScoredFile[] {
  return tests ? files : files.filter(({ isTest }) => !isTest);
}

/** Adds to each file's score what it gains, told as one of its parts, and puts the best first again. */
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

/** Files best first; equal scores in the order of root and source. */
function sortFiles(files: readonly ScoredFile[]): ScoredFile[] {
  return files.toSorted((left, right) => right.score - left.score || (placeOf(left) < placeOf(right) ? -1 : 1));
}

interface Piece extends ScoredPiece {
  /** Null while it has no vector. */
  readonly dense: number | null;
}

/** Prepares the parts of the score of each group of chunks, which is a file. */
function scoreParts(
  groups: readonly (readonly Piece[])[],
  { words, gains }: { readonly words: CodeTerms; readonly gains: ReadonlyMap<string, number> },
): (index: number) => CodeParts {
  const weights = weightsOf(words.all.terms, words.subject.terms);
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
  const path = sharesOfLargest(bm25(sources.map(analyse), weights, NAMES_BM25));
  const defined = sharesOfLargest(
    bm25(
      names.map((list) => list.flatMap((name) => analyse(name))),
      weights,
      NAMES_BM25,
    ),
  );
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

/** Null where no chunk of the file has a vector yet. */
function cosineOf(group: readonly Piece[]): number | null {
  const known = group.map(({ dense }) => dense).filter((dense) => dense !== null);
  return known.length === 0 ? null : softMaximum(known, DENSE_SHARPNESS);
}

/** ln(Σ exp(sharpness × value)) / sharpness: the largest value, and a little of each that comes near it. */
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
  const stemmed = sharesOfLargest(union.map(({ chunk, lexical }) => lexical + (ofSubject.get(chunk.id) ?? 0)));
  const texts = union.map(({ chunk }) => exactTermsOf(chunk));
  const exact = sharesOfLargest(bm25(texts, weightsOf(words.exact, words.exactSubject), CHUNK_BM25));
  const scores = sharesOfLargest(
    stemmed.map((share, index) => (1 - EXACT_SHARE) * share + EXACT_SHARE * (exact[index] ?? 0)),
  );
  return union.map(({ chunk, dense }, index) => ({ chunk, dense, score: scores[index] ?? 0 }));
}

function weightsOf(all: readonly string[], subject: readonly string[]): ReadonlyMap<string, number> {
  return new Map([...all.map((term) => [term, 1] as const), ...subject.map((term) => [term, 2] as const)]);
}

function placeOf({ chunks: [{ chunk }] }: ScoredFile): string {
  return `${chunk.root}\u0000${chunk.source}`;
}
