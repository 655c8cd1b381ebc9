import { slices } from "../../domain/slices.ts";
import { inverseFrequency } from "../../lexical/term-weights.ts";
import type { CollectionReader, KnownTerms } from "./collection-reader.ts";
import { matchesNothing } from "./filter.ts";
import { chunkIdOf, chunkPointId } from "./chunk-payload.ts";
import {
  denseSearch,
  exactSearch,
  factorsSearch,
  holdersSearch,
  NOTHING,
  rankingSearch,
  sampleSearch,
  SAMPLES_OF_SHARD,
  type Search,
  shardsSearch,
  type TermFactors,
  wordsSearch,
} from "./queries.ts";
import {
  bestByChunk,
  createFound,
  type Found,
  frequencyOverShards,
  isIdfOverNothing,
  lexicalScore,
  plainFactors,
  queryFactors,
  type Scored,
  serverFrequencies,
  shardFrequencies,
} from "./scores.ts";
import type { StoreCandidate, StoreQuery, StoreSearchResult } from "../vector-store.ts";

const TRIES = 4;
// Of the chunks by which shards are compared, for how many the term weights are read from a server before 1.19.
const READ_SAMPLES = 4;
// A server in strict mode may refuse more (`max_query_limit`); most chunks have one window.
const MOST_HITS = 1000;
const CHUNKS_OF_COSINES = 250;

/**
 * Searches any collection. One request returns both rankings and the terms' frequencies, a second one both scores of
 * every chunk in either ranking.
 *
 * The weights of a chunk's terms are as long as its text and take several times as long to send. They stay on the server:
 * Qdrant computes the word scores, on one shard from a query whose values turn its own idf into ours. Several shards have
 * an idf each, so there it is computed over nothing, and the values are our idf alone. By these the second request ranks
 * all chunks; where that gives some that the first one did not, a third asks for their cosines. Servers before 1.19 cannot
 * do that: of several shards they send the weights.
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
  for (const point of [...first.dense, ...first.lexical, ...[...first.samples.values()].flat()]) found.add(point);
  const { idf, isPlain } = await frequencies(reader, { first, found });
  const factors = factorsOf(reader, { first, found, idf, isPlain });
  const byVector = [...bestByChunk(first.dense, query.denseLimit).keys()];
  const listed = first.lexical.map(({ payload }) => chunkIdOf(payload ?? {}));
  const scores = await bothScores(reader, { query, byVector, listed, factors, found });
  const lexicalOf = (id: string): number =>
    scores.lexical?.get(id) ?? lexicalScore(found.weightsOf(chunkPointId(id)), idf);
  const byWords =
    scores.ranked ??
    // Qdrant's own order may differ a little, since its idf does.
    listed.toSorted((left, right) => lexicalOf(right) - lexicalOf(left)).slice(0, query.lexicalLimit);
  const wanted = [...new Set([...byVector, ...byWords])];

  const candidates: StoreCandidate[] = [];
  for (const id of wanted) {
    const chunk = found.chunks.get(id);
    const isUnscored = query.vector === null || found.withoutVector.has(id);
    const dense = scores.dense.get(id) ?? (isUnscored ? null : undefined);
    const lexical = lexicalOf(id);
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
  /**
   * For each term that was asked for, the best chunks that have it, on several shards by the idf over nothing; a list of
   * length `counted` may be incomplete.
   */
  readonly holders: ReadonlyMap<number, readonly Scored[]>;
  /** For each such term, one of these chunks with its term weights; on several shards two of each shard. */
  readonly samples: ReadonlyMap<number, readonly Scored[]>;
  /** Number of chunks in the collection. */
  readonly total: number;
}

async function askForRankings(reader: CollectionReader, query: StoreQuery): Promise<Rankings> {
  const { shards, idfScope } = reader;
  const { vector, terms, denseLimit, lexicalLimit, filter } = query;
  const { remembered, asked, counted } = reader.knownTerms(terms);
  const counting = { limit: counted, idfScope: shards === 1 ? idfScope : NOTHING };
  const holders = asked.map((term) => [term, holdersSearch(term, counting)] as const);
  const samples = asked.map(
    (term) => [term, shards === 1 ? sampleSearch(term, idfScope) : shardsSearch(term, { shards, idfScope })] as const,
  );
  const nothing = matchesNothing(filter);
  const words = terms.length > 0 && lexicalLimit > 0 && !nothing ? wordsSearch(query, { shards, idfScope }) : null;
  // A few more, since windows of one chunk may be next to each other.
  const limit = Math.ceil(denseLimit * 1.2) + 4;
  const denseOf = (most: number): Search | null =>
    vector !== null && denseLimit > 0 && !nothing ? denseSearch(vector, { filter, limit: most }) : null;
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
    samples: new Map(samples.map(([term, search]) => [term, hitsOf(search)])),
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

interface Frequencies {
  readonly idf: ReadonlyMap<number, number>;
  /** Whether all shards computed the idf over nothing where they were told to. */
  readonly isPlain: boolean;
}

/** The idf of every term: the exact one, or of common terms one made of Qdrant's own, then remembered for a moment. */
async function frequencies(
  reader: CollectionReader,
  { first, found }: { readonly first: Rankings; readonly found: Found },
): Promise<Frequencies> {
  const { holders, samples, counted, total } = first;
  const { shards } = reader;
  const listOf = (term: number): readonly Scored[] => samples.get(term) ?? [];
  const ofShards = new Map(
    shards === 1 ? [] : [...holders].map(([term, list]) => [term, shardFrequencies(listOf(term), list)] as const),
  );
  const isPlain = isIdfOverNothing(ofShards.values(), SAMPLES_OF_SHARD * shards);
  const isCommon = (term: number): boolean => holders.get(term)?.length === counted;
  // Qdrant's idf of a term is score / weight of any chunk that has it.
  const unread = isPlain
    ? []
    : [...samples.keys()]
        .filter(isCommon)
        .flatMap((term) => listOf(term).filter((_, at) => at % Math.ceil(listOf(term).length / READ_SAMPLES) === 0));
  for (const point of await reader.retrieve([...new Set(unread.map(({ id }) => String(id)))])) found.add(point);
  const common = new Map<number, number>();
  const idf = new Map(first.remembered);
  for (const [term, list] of holders) {
    const idfs = isPlain ? ofShards.get(term)?.idfs : null;
    const values = isCommon(term) ? (idfs ?? serverFrequencies(term, { list: listOf(term), found })) : [];
    if (values.length > 0) common.set(term, frequencyOverShards(values, { total, shards }));
    idf.set(term, common.get(term) ?? inverseFrequency(total, list.length));
  }
  // A term that is remembered is not asked for, and then nothing tells how the shards compute.
  if (idf.size > 0) reader.note({ total, common: shards === 1 || isPlain ? common : new Map() });
  return { idf, isPlain };
}

/** The query by which Qdrant computes the word scores; null if they are computed here. */
function factorsOf(
  { shards, idfScope }: CollectionReader,
  { first, found, idf, isPlain }: Frequencies & { readonly first: Rankings; readonly found: Found },
): TermFactors | null {
  if (shards === 1) return { terms: queryFactors(first, { idf, found }), idfScope };
  return isPlain ? { terms: plainFactors(idf), idfScope: NOTHING } : null;
}

interface ScoreOptions {
  readonly query: StoreQuery;
  /** Ids of the chunks in the ranking by vector. */
  readonly byVector: readonly string[];
  /** Ids of the chunks in the ranking by words, or of those that it will probably have. */
  readonly listed: readonly string[];
  readonly factors: TermFactors | null;
  /** Gets those that are missing in it. */
  readonly found: Found;
}

interface BothScores {
  readonly dense: ReadonlyMap<string, number>;
  /** Null if there are no factors. */
  readonly lexical: ReadonlyMap<string, number> | null;
  /** Ids of the chunks in the ranking by words of several shards; null if it has to be made of the scores. */
  readonly ranked: readonly string[] | null;
}

/** The best cosine of each chunk, by a full scan over the chunks, and their word scores if there are factors. */
async function bothScores(
  reader: CollectionReader,
  { query, byVector, listed, factors, found }: ScoreOptions,
): Promise<BothScores> {
  const known = new Set([...byVector, ...listed]);
  const chunkIds = [...known];
  const ranking = reader.shards > 1 && factors !== null && listed.length > 0 ? rankingSearch(factors, query) : null;
  const unranked = new Map((ranking === null ? chunkIds : byVector).map((id) => [chunkPointId(id).toLowerCase(), id]));
  const hasWords = factors !== null && factors.terms.indices.length > 0 && unranked.size > 0;
  const words = hasWords ? factorsSearch(factors, [...unranked.keys()]) : null;
  // The hits of a ranking by vector may be further windows of chunks.
  const unread = factors === null ? chunkIds : byVector.filter((id) => !found.chunks.has(id));
  const [{ dense, hitsOf }, read] = await Promise.all([
    askForCosines(reader, { query, chunkIds, others: [words, ranking] }),
    reader.retrieve(unread.map(chunkPointId)),
  ]);
  for (const point of [...hitsOf(ranking), ...read]) found.add(point);
  if (factors === null) return { dense, lexical: null, ranked: null };
  const lexical = new Map(hitsOf(words).map(({ id, score }) => [unranked.get(String(id)) ?? "", score]));
  if (ranking === null) return { dense, lexical, ranked: null };
  const ranked = bestByChunk(hitsOf(ranking), Infinity);
  const unlisted = [...ranked.keys()].filter((id) => !known.has(id));
  const further = await askForCosines(reader, { query, chunkIds: unlisted, others: [] });
  return {
    dense: new Map([...dense, ...further.dense]),
    lexical: new Map([...lexical, ...ranked]),
    ranked: [...ranked.keys()],
  };
}

interface CosinesOptions {
  readonly query: StoreQuery;
  readonly chunkIds: readonly string[];
  /** What else is asked for in the same request. */
  readonly others: readonly (Search | null)[];
}

interface Cosines {
  readonly dense: ReadonlyMap<string, number>;
  readonly hitsOf: (search: Search | null) => readonly Scored[];
}

async function askForCosines(
  reader: CollectionReader,
  { query: { vector }, chunkIds, others }: CosinesOptions,
): Promise<Cosines> {
  let parts = vector === null ? [] : [...slices(chunkIds, CHUNKS_OF_COSINES)];
  let further = others;
  const dense = new Map<string, number>();
  const hits = new Map<Search | null, readonly Scored[]>();
  do {
    const exact = parts.map((ids) =>
      vector === null ? null : exactSearch(vector, { chunkIds: ids, limit: MOST_HITS }),
    );
    const hitsOf = await reader.batch([...exact, ...further]);
    for (const search of further) hits.set(search, hitsOf(search));
    further = [];
    parts = parts.flatMap((ids, at) => {
      const found = bestByChunk(hitsOf(exact[at] ?? null), Infinity);
      for (const [id, cosine] of found) dense.set(id, cosine);
      // Many windows of some chunks may have crowded out others.
      const isCrowded = found.size < ids.length && hitsOf(exact[at] ?? null).length === MOST_HITS;
      return isCrowded ? [...slices(ids, Math.ceil(ids.length / 4))] : [];
    });
  } while (parts.length > 0);
  return { dense, hitsOf: (search) => hits.get(search) ?? [] };
}
