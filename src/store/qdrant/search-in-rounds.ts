import type { SparseVector } from "../../domain/chunk.ts";
import { inverseFrequency } from "../../lexical/term-weights.ts";
import type { CollectionReader, KnownTerms } from "./collection-reader.ts";
import { matchesNothing } from "./filter.ts";
import { chunkPointId } from "./chunk-payload.ts";
import {
  denseSearch,
  exactSearch,
  factorsSearch,
  holdersSearch,
  sampleSearch,
  type Search,
  wordsSearch,
} from "./queries.ts";
import {
  bestByChunk,
  bestByWords,
  createFound,
  type Found,
  lexicalScore,
  queryFactors,
  type Scored,
  serverFrequencies,
} from "./scores.ts";
import type { StoreCandidate, StoreQuery, StoreSearchResult } from "../vector-store.ts";

const TRIES = 4;
// Several of the counted hits, since each shard has an idf of its own.
const SAMPLES = 4;

/**
 * Searches any collection. One request returns both rankings and the terms' frequencies, a second one both scores of
 * every chunk in either ranking.
 *
 * The weights of a chunk's terms are as long as its text and take several times as long to send. On one shard they stay
 * on the server: Qdrant computes the word scores, from a query whose values turn its own idf into ours. Several shards
 * have an idf each, and then the weights are fetched.
 */
export async function searchInRounds(reader: CollectionReader, query: StoreQuery): Promise<StoreSearchResult> {
  for (let tries = 1; ; tries += 1) {
    const { isComplete, ...result } = await tryToSearch(reader, query);
    // Something was removed between two requests (by a deletion or a promotion). Another try sees one state or the
    // other; what is still missing in the last one was deleted, and is rightly not found.
    if (isComplete || tries === TRIES) return result;
  }
}

async function tryToSearch(
  reader: CollectionReader,
  query: StoreQuery,
): Promise<StoreSearchResult & { readonly isComplete: boolean }> {
  const first = await askForRankings(reader, query);
  const found = createFound();
  for (const point of [...first.dense, ...first.lexical, ...first.samples.values()]) found.add(point);
  const idf = await frequencies(reader, { first, found });
  const factors = reader.shards === 1 ? queryFactors(first, { idf, found }) : null;
  const byVector = bestByChunk(first.dense, query.denseLimit).keys();
  const byWords = bestByWords(first.lexical, { idf, found, limit: query.lexicalLimit });
  const wanted = [...new Set([...byVector, ...byWords])];
  const unread = wanted.filter((id) => !found.chunks.has(id)).map(chunkPointId);
  const [scores, points] = await Promise.all([
    bothScores(reader, { vector: query.vector, chunkIds: wanted, factors }),
    reader.retrieve(unread),
  ]);
  for (const point of points) found.add(point);

  const candidates: StoreCandidate[] = [];
  for (const id of wanted) {
    const chunk = found.chunks.get(id);
    const isUnscored = query.vector === null || found.withoutVector.has(id);
    const dense = scores.dense.get(id) ?? (isUnscored ? null : undefined);
    const lexical = scores.lexical?.get(id) ?? lexicalScore(found.weightsOf(chunkPointId(id)), idf);
    // A chunk that was found by its words and is missing now, or has no vector any more, does not exist any more.
    if (chunk === undefined || dense === undefined || (dense === null && lexical === 0)) continue;
    const metadata = found.metadata.get(id);
    candidates.push({ chunk, dense, lexical, ...(metadata !== undefined && { metadata }) });
  }
  const absent = [...first.holders].filter(([, holders]) => holders.length === 0).map(([term]) => term);
  const isComplete = candidates.length === wanted.length;
  return { candidates, idf, absent: new Set(absent), chunkCount: first.total, isComplete };
}

/** What the first request returned. */
interface Rankings extends Pick<KnownTerms, "remembered" | "counted"> {
  readonly dense: readonly Scored[];
  readonly lexical: readonly Scored[];
  /** For each term that was asked for, the best chunks that have it; a list of length `counted` may be incomplete. */
  readonly holders: ReadonlyMap<number, readonly Scored[]>;
  /** For each such term, one of these chunks with its term weights. */
  readonly samples: ReadonlyMap<number, Scored>;
  /** Number of chunks in the collection. */
  readonly total: number;
}

async function askForRankings(reader: CollectionReader, query: StoreQuery): Promise<Rankings> {
  const { shards, idfScope } = reader;
  const { vector, terms, denseLimit, lexicalLimit, filter } = query;
  const { remembered, asked, counted } = reader.knownTerms(terms);
  const holders = asked.map((term) => [term, holdersSearch(term, { limit: counted, idfScope })] as const);
  const samples = shards === 1 ? asked.map((term) => [term, sampleSearch(term, idfScope)] as const) : [];
  const nothing = matchesNothing(filter);
  const words = terms.length > 0 && lexicalLimit > 0 && !nothing ? wordsSearch(query, { shards, idfScope }) : null;
  // A few more, since windows of one chunk may be next to each other.
  const limit = Math.ceil(denseLimit * 1.2) + 4;
  const denseOf = (most: number): Search | null =>
    vector !== null && denseLimit > 0 && !nothing ? denseSearch(vector, { filter, shards, limit: most }) : null;
  const dense = denseOf(limit);
  if (asked.length === 0 && words === null && dense === null) await reader.require();
  const searches = [...holders, ...samples].map(([, search]) => search);
  const [hitsOf, total] = await Promise.all([
    reader.batch([...searches, words, dense]),
    terms.length > 0 ? reader.total() : 0,
  ]);
  return {
    dense: await enough(hitsOf(dense), limit),
    lexical: hitsOf(words),
    remembered,
    holders: new Map(holders.map(([term, search]) => [term, hitsOf(search)])),
    samples: new Map(samples.flatMap(([term, search]) => hitsOf(search).map((sample) => [term, sample] as const))),
    counted,
    total,
  };

  /** Asks for longer lists as long as windows crowd out chunks. */
  async function enough(list: readonly Scored[], most: number): Promise<readonly Scored[]> {
    if (list.length < most || bestByChunk(list, Infinity).size >= denseLimit) return list;
    const longer = denseOf(most * 4);
    return enough((await reader.batch([longer]))(longer), most * 4);
  }
}

/** The idf of every term: the exact one, or of common terms Qdrant's own, which is then remembered for a moment. */
async function frequencies(
  reader: CollectionReader,
  { first, found }: { readonly first: Rankings; readonly found: Found },
): Promise<ReadonlyMap<number, number>> {
  const { holders, samples, counted, total } = first;
  const isCommon = (list: readonly Scored[]): boolean => list.length === counted;
  // Qdrant's idf of a common term is score / weight of any chunk that has it; mostly one is at hand.
  const unknown = [...holders].filter(
    ([term, list]) => isCommon(list) && !samples.has(term) && !list.some(({ id }) => found.has(id)),
  );
  const unread = unknown.flatMap(([, list]) => list.filter((_, at) => at % Math.ceil(counted / SAMPLES) === 0));
  for (const point of await reader.retrieve([...new Set(unread.map(({ id }) => String(id)))])) found.add(point);
  const common = new Map<number, number>();
  const idf = new Map(first.remembered);
  for (const [term, list] of holders) {
    const sample = samples.get(term);
    const values = isCommon(list)
      ? serverFrequencies(term, { list: sample === undefined ? list : [sample], found })
      : [];
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    if (values.length > 0) common.set(term, mean);
    idf.set(term, common.get(term) ?? inverseFrequency(total, list.length));
  }
  if (idf.size > 0) reader.note({ total, common });
  return idf;
}

interface ScoreOptions {
  readonly vector: StoreQuery["vector"];
  readonly chunkIds: readonly string[];
  /** See {@link queryFactors}; null if word scores are computed here. */
  readonly factors: SparseVector | null;
}

/** The best cosine of each chunk, by a full scan over the chunks, and their word scores if there are factors. */
async function bothScores(
  reader: CollectionReader,
  { vector, chunkIds, factors }: ScoreOptions,
): Promise<{ readonly dense: ReadonlyMap<string, number>; readonly lexical: ReadonlyMap<string, number> | null }> {
  const points = new Map(chunkIds.map((id) => [chunkPointId(id).toLowerCase(), id]));
  const hasWords = factors !== null && factors.indices.length > 0 && chunkIds.length > 0;
  const words = hasWords ? factorsSearch(factors, { points: [...points.keys()], idfScope: reader.idfScope }) : null;
  for (let limit = chunkIds.length * 4; ; limit *= 4) {
    const exact = vector === null || limit === 0 ? null : exactSearch(vector, { chunkIds, limit });
    const hitsOf = await reader.batch([exact, words]);
    const dense = bestByChunk(hitsOf(exact), Infinity);
    // Many windows of some chunks may have crowded out others.
    if (exact !== null && dense.size < chunkIds.length && hitsOf(exact).length === limit) continue;
    const lexical = new Map(hitsOf(words).map(({ id, score }) => [points.get(String(id)) ?? "", score]));
    return { dense, lexical: factors === null ? null : lexical };
  }
}
