import type { Chunk } from "../domain/chunk.ts";
import { analyse } from "../lexical/analyse.ts";
import type { StoreCandidate } from "../store/vector-store.ts";
import { exactTerms, type CodeTerms } from "./code-terms.ts";

/** Sharpness of the sum over a file's chunks: towards 0 every chunk counts, towards infinity only the best. */
const SHARPNESS = 8;
/** Share of the exact forms of identifiers in a chunk's score, against the stemmed ones. */
const EXACT_SHARE = 0.3;
/** What the best path adds, against 1 for the best file by its text. */
const PATH_WEIGHT = 0.3;
/** What a standard deviation of the best chunk's cosine adds. */
const DENSE_WEIGHT = 0.06;
/** BM25 over chunks, and over paths, whose length says little. */
const CHUNK_BM25 = { k1: 1.2, b: 0.75 };
const PATH_BM25 = { k1: 1.2, b: 0.3 };
const TEST_PATH =
  /(?:^|\/)(?:tests?|__tests__|spec|testing)\/|(?:^|\/)(?:test_[^/]*|[^/]*[._-](?:test|spec)\.[a-z]+|conftest\.py|[^/]+Tests?\.[a-z]+)$/;

/** A chunk with its score as a share of the best one. */
export interface ScoredPiece {
  readonly chunk: Chunk;
  readonly score: number;
}

/** A file with its score and its chunks among the candidates, best first. */
export interface ScoredFile {
  readonly score: number;
  readonly isTest: boolean;
  readonly chunks: readonly [ScoredPiece, ...ScoredPiece[]];
}

/** Whether a path says that the file is a test. */
export function isTestPath(source: string): boolean {
  return TEST_PATH.test(source);
}

/**
 * Ranks the files of candidates: ln(Σ exp(8 s)) / 8 over a file's chunks, where s is the chunk's share of the best score by
 * words, then the path as a field of its own and a little of the best cosine. `subject` holds the candidates of the first
 * line, whose terms count twice by that. Equal scores in the order of root and source.
 */
export function scoreFiles(
  candidates: readonly StoreCandidate[],
  { subject, words }: { readonly subject: readonly StoreCandidate[]; readonly words: CodeTerms },
): ScoredFile[] {
  const pieces = scorePieces(candidates, { subject, words });
  const groups = [...Map.groupBy(pieces, ({ chunk }) => chunk.documentId).values()];
  const byText = shares(
    groups.map((group) => Math.log(sum(group.map(({ score }) => Math.exp(SHARPNESS * score)))) / SHARPNESS),
  );
  const weights = weightsOf(words.all.terms, words.subject.terms);
  const paths = groups.map(([piece]) => (piece === undefined ? [] : analyse(piece.chunk.source)));
  const byPath = shares(bm25(paths, weights, PATH_BM25));
  const byVector = deviations(groups.map((group) => Math.max(...group.map(({ dense }) => dense))));
  return groups
    .flatMap((group, index): ScoredFile[] => {
      const [first, ...rest] = group.toSorted((left, right) => right.score - left.score);
      if (first === undefined) return [];
      const score = (byText[index] ?? 0) + PATH_WEIGHT * (byPath[index] ?? 0) + DENSE_WEIGHT * (byVector[index] ?? 0);
      return [{ score, isTest: isTestPath(first.chunk.source), chunks: [first, ...rest] }];
    })
    .toSorted((left, right) => right.score - left.score || (placeOf(left) < placeOf(right) ? -1 : 1));
}

interface Piece extends ScoredPiece {
  readonly dense: number;
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
  const stemmed = shares(union.map(({ chunk, lexical }) => lexical + (ofSubject.get(chunk.id) ?? 0)));
  const texts = union.map(({ chunk }) => exactTerms(`${chunk.text}\n${chunk.source}`));
  const exact = shares(bm25(texts, weightsOf(words.exact, words.exactSubject), CHUNK_BM25));
  const scores = shares(stemmed.map((share, index) => (1 - EXACT_SHARE) * share + EXACT_SHARE * (exact[index] ?? 0)));
  return union.map(({ chunk, dense }, index) => ({ chunk, dense: dense ?? 0, score: scores[index] ?? 0 }));
}

function weightsOf(all: readonly string[], subject: readonly string[]): ReadonlyMap<string, number> {
  return new Map([...all.map((term) => [term, 1] as const), ...subject.map((term) => [term, 2] as const)]);
}

/** BM25 of each text for weighted terms, its counts taken from the texts themselves. */
function bm25(
  texts: readonly (readonly string[])[],
  weights: ReadonlyMap<string, number>,
  { k1, b }: { readonly k1: number; readonly b: number },
): number[] {
  const average = sum(texts.map(({ length }) => length)) / Math.max(1, texts.length);
  const documents = new Map<string, number>();
  const counts = texts.map((terms) => {
    const found = new Map<string, number>();
    for (const term of terms) if (weights.has(term)) found.set(term, (found.get(term) ?? 0) + 1);
    for (const term of found.keys()) documents.set(term, (documents.get(term) ?? 0) + 1);
    return found;
  });
  return counts.map((found, index) => {
    const norm = k1 * (1 - b + (b * (texts[index]?.length ?? 0)) / Math.max(1, average));
    return sum(
      Array.from(found, ([term, count]) => {
        const holders = documents.get(term) ?? 0;
        const idf = Math.log(1 + (texts.length - holders + 0.5) / (holders + 0.5));
        return ((weights.get(term) ?? 0) * idf * count * (k1 + 1)) / (count + norm);
      }),
    );
  });
}

/** Each value over the largest one; all 0 where none is above 0. */
function shares(values: readonly number[]): number[] {
  const largest = values.reduce((most, value) => Math.max(most, value), 0);
  return values.map((value) => (largest > 0 ? value / largest : 0));
}

/** How many standard deviations each value lies above the mean. */
function deviations(values: readonly number[]): number[] {
  const mean = sum(values) / Math.max(1, values.length);
  const spread = Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / Math.max(1, values.length));
  return values.map((value) => (spread > 0 ? (value - mean) / spread : 0));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function placeOf({ chunks: [{ chunk }] }: ScoredFile): string {
  return `${chunk.root}\u0000${chunk.source}`;
}
