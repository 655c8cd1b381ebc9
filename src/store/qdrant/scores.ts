// Computes the scores of a search from what its requests returned.
import type { Schemas } from "@qdrant/js-client-rest";
import type { Chunk, SparseVector } from "../../domain/chunk.ts";
import type { DocumentMetadata } from "../../domain/document-metadata.ts";
import { inverseFrequency } from "../../lexical/term-weights.ts";
import { chunkIdOf, chunkMetadataOf, chunkOf, hasWordsOnly, isWholeChunk, termWeightsOf } from "./chunk-payload.ts";
import { IDF_OVER_NOTHING } from "./queries.ts";

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

/** How far two idf of one shard may be apart by rounding, and of two shards are. */
const ROUNDING = 1e-5;

/** What scores of the same chunks by Qdrant's own idf of a term and by the one over nothing tell. */
export interface ShardFrequencies {
  /** Qdrant's own idf on each shard; of shards with the same one value. */
  readonly idfs: readonly number[];
  /** Number of chunks that were compared. */
  readonly compared: number;
  /** Whether the scores of a chunk are equal. */
  readonly hasEqual: boolean;
}

/** Compares the scores of chunks that have a term. */
export function shardFrequencies(byOwn: readonly Scored[], byNothing: readonly Scored[]): ShardFrequencies {
  const plain = new Map(byNothing.map(({ id, score }) => [id, score]));
  const ratios = byOwn.map(({ id, score }) => score / (plain.get(id) ?? 0)).filter(Number.isFinite);
  const sorted = ratios.map((ratio) => ratio * IDF_OVER_NOTHING).toSorted((left, right) => left - right);
  return {
    idfs: sorted.filter((idf, at) => at === 0 || idf - (sorted[at - 1] ?? 0) > ROUNDING),
    compared: ratios.length,
    hasEqual: ratios.some((ratio) => Math.abs(ratio - 1) < ROUNDING),
  };
}

/**
 * Whether all shards computed the idf over nothing where they were told to. A server, or one node of several, that does
 * not know it gives all its chunks equal scores; where half of a shard's chunks have a term, its scores are equal by
 * chance, which a term shows that was compared on every shard.
 */
export function isIdfOverNothing(terms: Iterable<ShardFrequencies>, samplesOfAllShards: number): boolean {
  const all = [...terms];
  return (
    all.every(({ hasEqual }) => !hasEqual) ||
    all.some(({ hasEqual, compared }) => !hasEqual && compared === samplesOfAllShards)
  );
}

/**
 * The idf of a term over all shards from those of single ones. Chunks are spread by their ids, so that each shard has
 * about as many.
 */
export function frequencyOverShards(
  idfs: readonly number[],
  { total, shards }: { readonly total: number; readonly shards: number },
): number {
  // On a shard, e^idf is (N + 1) / (df + 0.5).
  const share = idfs.reduce((sum, idf) => sum + Math.exp(-idf), 0) / idfs.length;
  return inverseFrequency(total, (total + shards) * share - shards / 2);
}

/**
 * Makes the query by which a single shard computes our word scores. For a term whose idf is remembered, that is Qdrant's.
 * Terms that no chunk has are left out.
 */
export function queryFactors(
  { samples, remembered }: { readonly samples: ReadonlyMap<number, readonly Scored[]>; readonly remembered: Idf },
  { idf, found }: { readonly idf: Idf; readonly found: Found },
): SparseVector {
  const indices = [...remembered.keys()];
  const values = indices.map(() => 1);
  for (const [term, list] of samples) {
    if (list.length === 0) continue;
    const [server = 0] = serverFrequencies(term, { list, found });
    indices.push(term);
    values.push(server > 0 ? (idf.get(term) ?? 0) / server : 1);
  }
  return { indices, values };
}

/** The same for shards whose idf is the one over nothing. */
export function plainFactors(idf: Idf): SparseVector {
  return { indices: [...idf.keys()], values: Array.from(idf.values(), (value) => value / IDF_OVER_NOTHING) };
}

/** Sum of weight × idf. */
export function lexicalScore(weights: ReadonlyMap<number, number>, idf: ReadonlyMap<number, number>): number {
  let score = 0;
  for (const [term, value] of idf) score += (weights.get(term) ?? 0) * value;
  return score;
}
