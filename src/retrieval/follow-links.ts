import type { Chunk } from "../domain/chunk.ts";
import type { SearchMode } from "../domain/hit.ts";
import { untilAborted } from "../domain/until-aborted.ts";
import { analyse } from "../lexical/analyse.ts";
import { termIndex } from "../lexical/term-index.ts";
import type { StoreCandidate, StoreFilter, VectorStore } from "../store/vector-store.ts";
import type { CosineCalibration } from "./cosine-calibration.ts";
import type { QueryTerms } from "./query-terms.ts";
import { scoreCandidates, type ScoreWeights } from "./score-candidates.ts";
import { compareScored, type ScoredChunk } from "./scored-chunk.ts";
import { findSharers, type NameSource } from "./shared-names.ts";
import type { TitledPart, TitleLinks } from "./title-links.ts";

/** How many of the best chunks are searched for titles of other documents and articles. */
const TITLE_SOURCES = 5;
/** How many of the best chunks are searched for names. */
const NAME_SOURCES = 3;
/**
 * Share of the query's idf that the best chunk must leave open for links to be followed; else plain questions would
 * pay for further hops.
 */
const OPEN_SHARE = 0.1;
/** From the chunks of the first hop to others, and from those to others again. */
const HOPS = 2;
/** What a link from the best chunk adds to a score. */
const LINK_WEIGHT = 0.3;
/** A link from a chunk whose score is lower by this much counts 1/e. */
const LINK_DECAY = 0.3;
/** Titles followed at most: a text that names more of them is a list. */
const MOST_LINKS = 30;
/** Candidates by words, and as many by vector, that are asked for each linked document or article. */
const CHUNKS_PER_LINK = 4;
/** Linked chunks whose scores reach the best one's are put in their order within this distance below it. */
const UNDER_BEST = 0.001;

/** Options of {@link followLinks}. */
export interface FollowLinksOptions {
  readonly store: VectorStore;
  readonly collection: string;
  readonly query: QueryTerms;
  readonly vector: Float32Array | null;
  readonly filter: StoreFilter | undefined;
  readonly mode: SearchMode;
  readonly idf: ReadonlyMap<number, number>;
  readonly readLinks: () => Promise<TitleLinks>;
  /** Ids of the chunks that earlier rounds showed. If there are any, the caller wants more than they hold. */
  readonly shown: ReadonlySet<string>;
  /** The weights that `ranking` was scored with; undefined for those of the mode. */
  readonly weights: ScoreWeights | undefined;
  readonly calibrateCosine: CosineCalibration | undefined;
  readonly signal?: AbortSignal;
}

/**
 * Further hops for questions that need several documents. A chunk gains 0.3 · exp((S_i − S_1) / 0.3), S_i being the score
 * of one of the best chunks and S_1 the best score, if that chunk names its document, or its article, by the title; and
 * as much over √n if it is one of n chunks that share a name of several words with that chunk. None gets past the best.
 *
 * Links are followed only if the best chunk leaves part of the question open, or if earlier rounds showed chunks that
 * were not enough; then titles and names in every chunk that was shown count.
 */
export async function followLinks(
  ranking: readonly ScoredChunk[],
  options: FollowLinksOptions,
): Promise<readonly ScoredChunk[]> {
  const [best] = ranking;
  if (best === undefined) return ranking;
  if (options.shown.size === 0 && openShare(best.chunk.text, options) < OPEN_SHARE) return ranking;
  const titles = await untilAborted(options.readLinks(), options.signal);
  const unlinked = new Map(ranking.map((scored) => [scored.chunk.id, scored]));
  const gains = new Map<string, number>();
  const searched = new Set<string>();
  const read = new Set<string>();
  let linked = ranking;
  for (let hop = 0; hop < HOPS; hop += 1) {
    const links = await linksOf(linked, { titles, read, options });
    if (links.length === 0) break;
    for (const { key, gain } of links) gains.set(key, Math.max(gain, gains.get(key) ?? 0));
    const parts = new Map(links.map(({ part }) => [partKey(part), part]));
    for (const key of searched) parts.delete(key);
    for (const key of parts.keys()) searched.add(key);
    const isNew = ({ chunk }: StoreCandidate): boolean => !unlinked.has(chunk.id) && gainOf(chunk, gains) > 0;
    for (const scored of await scoreParts([...parts.values()], { isNew, options })) {
      unlinked.set(scored.chunk.id, scored);
    }
    linked = Array.from(unlinked.values(), (scored) => liftLinked(scored, { gains, best: best.score })).toSorted(
      compareScored,
    );
  }
  return linked;
}

/** A link to a document or an article that is named by its title, or to a chunk that shares a name. */
interface Link {
  /** The {@link partKey} of the document or article, or the chunk's id. */
  readonly key: string;
  /** Where the linked chunks are. */
  readonly part: TitledPart;
  readonly gain: number;
}

/** What the best chunks of a ranking link to. */
async function linksOf(
  ranking: readonly ScoredChunk[],
  {
    titles,
    read,
    options,
  }: { readonly titles: TitleLinks; readonly read: Set<string>; readonly options: FollowLinksOptions },
): Promise<readonly Link[]> {
  const { store, collection, query, mode, filter, shown, signal } = options;
  const first = ranking[0]?.score ?? 0;
  const sources = ranking.map(({ chunk, score }) => ({
    chunk,
    weight: LINK_WEIGHT * Math.exp((score - first) / LINK_DECAY),
  }));
  const among = (count: number): readonly NameSource[] =>
    sources.filter(({ chunk }, index) => index < count || shown.has(chunk.id));
  const byTitle = among(TITLE_SOURCES).flatMap(({ chunk, weight }) => {
    const titled = titles.linkedTitles(chunk);
    const parts = titled.length > MOST_LINKS ? [] : titled.flat();
    return parts.filter(isAllowed(filter)).map((part): Link => ({ key: partKey(part), part, gain: weight }));
  });
  if (mode === "dense") return byTitle;
  const asked = new Set(query.indices);
  const unread = among(NAME_SOURCES).filter(({ chunk }) => !read.has(chunk.id));
  for (const { chunk } of unread) read.add(chunk.id);
  const sharers = await findSharers(unread, { store, collection, asked, filter, signal });
  const byName = sharers.map(({ chunkId, documentId, weight }): Link => ({
    key: chunkId,
    part: { documentId, heading: null },
    gain: weight,
  }));
  return [...byTitle, ...byName];
}

function liftLinked(
  scored: ScoredChunk,
  { gains, best }: { readonly gains: ReadonlyMap<string, number>; readonly best: number },
): ScoredChunk {
  const gain = gainOf(scored.chunk, gains);
  if (gain === 0) return scored;
  const lifted = scored.score + gain;
  const under = lifted < best ? lifted : best - UNDER_BEST / (1 + lifted - best);
  return { ...scored, score: Math.max(scored.score, under) };
}

function gainOf({ id, documentId, heading }: Chunk, gains: ReadonlyMap<string, number>): number {
  const keys = [partKey({ documentId, heading: null }), partKey({ documentId, heading }), id];
  return Math.max(...keys.map((key) => gains.get(key) ?? 0));
}

/** Those of the best chunks of whole documents, and of articles, that are new, scored for the query. */
async function scoreParts(
  parts: readonly TitledPart[],
  { isNew, options }: { readonly isNew: (candidate: StoreCandidate) => boolean; readonly options: FollowLinksOptions },
): Promise<readonly ScoredChunk[]> {
  const { store, collection, query, vector, mode, weights, calibrateCosine, filter, signal } = options;
  const [documents, articles] = [parts.filter((part) => part.heading === null), parts.filter(isArticle)];
  const places = [
    { count: documents.length, filter: { documentIds: idsOf(documents) } },
    { count: articles.length, filter: { documentIds: idsOf(articles), headings: articles.map((one) => one.heading) } },
  ];
  const found = await Promise.all(
    places
      .filter(({ count }) => count > 0)
      .map(async ({ count, filter: place }) => {
        const limit = count * CHUNKS_PER_LINK;
        const terms = mode === "dense" ? [] : query.indices;
        const wanted = { vector, terms, denseLimit: limit, lexicalLimit: limit, filter: { ...filter, ...place } };
        return store.search(collection, wanted, { signal });
      }),
  );
  const scoring = { mode, query, stopRatio: 0, calibrateCosine, weights };
  return found.flatMap((one) => scoreCandidates({ ...one, candidates: one.candidates.filter(isNew) }, scoring));
}

function openShare(text: string, { query, idf }: FollowLinksOptions): number {
  const held = new Set(analyse(text).map(termIndex));
  let sum = 0;
  let open = 0;
  for (const index of query.indices) {
    const value = idf.get(index) ?? 0;
    sum += value;
    if (!held.has(index)) open += value;
  }
  return sum === 0 ? 0 : open / sum;
}

function partKey({ documentId, heading }: TitledPart): string {
  return JSON.stringify([documentId, heading]);
}

function isArticle(part: TitledPart): part is TitledPart & { readonly heading: string } {
  return part.heading !== null;
}

function idsOf(parts: readonly TitledPart[]): readonly string[] {
  return [...new Set(parts.map(({ documentId }) => documentId))];
}

function isAllowed({ documentIds }: StoreFilter = {}): (part: TitledPart) => boolean {
  if (documentIds === undefined) return () => true;
  const wanted = new Set(documentIds);
  return ({ documentId }) => wanted.has(documentId);
}
