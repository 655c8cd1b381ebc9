import type { Chunk } from "../../domain/chunk.ts";
import type { CodeFile, CodePlace, CodeSymbol } from "../../domain/code.ts";
import { isTestPiece } from "../../domain/file-role.ts";
import type { ScoredFile, ScoredPiece } from "./score-files.ts";

/** How many places of one file a result shows if the request names no number. */
const DEFAULT_PLACES = 3;
/** A place with less than this share of the file's best one is left out. */
const PLACE_SHARE = 0.6;
/**
 * What a test inside a source file counts as a place. In the file's score it counts fully: the words of its tests say
 * what a file is about.
 */
const TEST_SHARE = 0.5;

/** Options of {@link withPlaces}. */
export interface WithPlacesOptions {
  /** Files at most; 10 of a search for code that names no number. */
  readonly limit: number;
  /** Places of one file at most. @default 3 */
  readonly places?: number;
  /** Whether tests rank with the code that they test rather than behind it. Default: whether the task speaks of tests. */
  readonly tests?: boolean;
  /** Pieces that the task names; they are the first places of their files. */
  readonly pieces: readonly Chunk[];
  /** Ids of chunks that the caller has seen: they are no places, and a file without another place is left out. */
  readonly exclude?: ReadonlySet<string>;
  /** Whether files carry the parts of their scores. @default false */
  readonly explain?: boolean;
}

/** The first files with their places; files of which every place was seen are left out. */
export function withPlaces(
  ranked: readonly ScoredFile[],
  { limit, pieces, places = DEFAULT_PLACES, exclude = new Set(), explain = false, tests = false }: WithPlacesOptions,
): readonly CodeFile[] {
  const files: CodeFile[] = [];
  const order = new Map(pieces.map(({ id }, index) => [id, index]));
  for (const file of ranked) {
    if (files.length === limit) break;
    const found = placesOf(file, { places, exclude, order, tests });
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
    tests,
  }: {
    readonly places: number;
    readonly exclude: ReadonlySet<string>;
    /** Ids of the pieces that come first. */
    readonly order: ReadonlyMap<string, number>;
    readonly tests: boolean;
  },
): readonly CodePlace[] {
  const scored = chunks
    .filter(({ chunk }) => !exclude.has(chunk.id))
    .map(({ chunk, score }) => ({ chunk, score: !tests && isTestPiece(chunk) ? TEST_SHARE * score : score }))
    .toSorted((a, b) => b.score - a.score);
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

/** The symbols of all places, each once for each file. */
export function symbolsOf(files: readonly CodeFile[], withTests: boolean): readonly CodeSymbol[] {
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
