// Computes the scores of a search from what its requests returned.
import type { Schemas } from "@qdrant/js-client-rest";
import type { Chunk, SparseVector } from "../../domain/chunk.ts";
import type { DocumentMetadata } from "../../domain/document-metadata.ts";
import { chunkIdOf, chunkMetadataOf, chunkOf, hasWordsOnly, isWholeChunk, termWeightsOf } from "./chunk-payload.ts";

/** One hit of a search. */
export type Scored = Schemas["ScoredPoint"];
type Idf = ReadonlyMap<number, number>;

/** The first, hence best, score of each chunk in a list, up to `limit` chunks. */
export function bestByChunk(list: readonly Scored[], limit: number): ReadonlyMap<string, number> {
  const best = new Map<string, number>();
  for (const { payload, score } of list) {
    if (best.size >= limit) break;
    const id = chunkIdOf(payload ?? {});
    if (!best.has(id)) best.set(id, score);
  }
  return best;
}

/** What the requests of one search returned. */
export interface Found {
  readonly chunks: ReadonlyMap<string, Chunk>;
  /** The metadata of their documents, by the chunks' ids. */
  readonly metadata: ReadonlyMap<string, DocumentMetadata>;
  /** Ids of chunks of which only the words are stored. */
  readonly withoutVector: ReadonlySet<string>;
  readonly add: (point: Pick<Scored, "id" | "payload" | "vector">) => void;
  /** Whether the term weights of a point are known. */
  readonly has: (id: Scored["id"]) => boolean;
  readonly weightsOf: (id: Scored["id"]) => ReadonlyMap<number, number>;
}

/** Makes an empty result. */
export function createFound(): Found {
  const chunks = new Map<string, Chunk>();
  const metadata = new Map<string, DocumentMetadata>();
  const withoutVector = new Set<string>();
  const weights = new Map<string, ReadonlyMap<number, number>>();
  return {
    chunks,
    metadata,
    withoutVector,
    add({ id, payload, vector }) {
      // Null where they were not asked for.
      if (vector !== undefined && vector !== null) weights.set(String(id), termWeightsOf(vector));
      if (!payload || !isWholeChunk(payload)) return;
      const chunk = chunkOf(payload);
      chunks.set(chunk.id, chunk);
      const said = chunkMetadataOf(payload);
      if (said === undefined) metadata.delete(chunk.id);
      else metadata.set(chunk.id, said);
      if (hasWordsOnly(payload)) withoutVector.add(chunk.id);
      else withoutVector.delete(chunk.id);
    },
    has: (id) => weights.has(String(id)),
    // Qdrant gives UUIDs back in lower case.
    weightsOf: (id) => weights.get(String(id).toLowerCase()) ?? new Map(),
  };
}

/** Qdrant's own idf of a term, which is score / weight, by each listed chunk whose weights are known. */
export function serverFrequencies(
  term: number,
  { list, found }: { readonly list: readonly Scored[]; readonly found: Found },
): number[] {
  return list.flatMap(({ id, score }) => {
    const weight = found.weightsOf(id).get(term);
    return weight === undefined ? [] : [score / weight];
  });
}

/**
 * Makes the query by which Qdrant computes our word scores: the value of each term is our idf over Qdrant's own, by
 * which Qdrant multiplies. For a term whose idf is remembered, that is Qdrant's. Terms that no chunk has are left out.
 */
export function queryFactors(
  { samples, remembered }: { readonly samples: ReadonlyMap<number, Scored>; readonly remembered: Idf },
  { idf, found }: { readonly idf: Idf; readonly found: Found },
): SparseVector {
  const indices = [...remembered.keys()];
  const values = indices.map(() => 1);
  for (const [term, sample] of samples) {
    const [server = 0] = serverFrequencies(term, { list: [sample], found });
    indices.push(term);
    values.push(server > 0 ? (idf.get(term) ?? 0) / server : 1);
  }
  return { indices, values };
}

/** What word scores are computed from. */
export interface WordsContext {
  readonly idf: ReadonlyMap<number, number>;
  readonly found: Found;
  readonly limit: number;
}

/**
 * The chunks with the best word scores. Qdrant's own order may differ a little, since its idf does; it is kept for
 * chunks whose weights are not known.
 */
export function bestByWords(list: readonly Scored[], { idf, found, limit }: WordsContext): string[] {
  return list
    .map(({ id, payload }) => ({ id: chunkIdOf(payload ?? {}), score: lexicalScore(found.weightsOf(id), idf) }))
    .toSorted((left, right) => right.score - left.score)
    .slice(0, limit)
    .map(({ id }) => id);
}

/** Sum of weight × idf. */
export function lexicalScore(weights: ReadonlyMap<number, number>, idf: ReadonlyMap<number, number>): number {
  let score = 0;
  for (const [term, value] of idf) score += (weights.get(term) ?? 0) * value;
  return score;
}
