import type { SearchMode } from "../domain/hit.ts";
import { untilAborted } from "../domain/until-aborted.ts";
import { analyse } from "../lexical/analyse.ts";
import { termIndex } from "../lexical/term-index.ts";
import type { StoreFilter, StoreSearchResult, VectorStore } from "../store/vector-store.ts";
import type { CosineCalibration } from "./cosine-calibration.ts";
import type { QueryTerms } from "./query-terms.ts";
import { scoreCandidates, type ScoreWeights } from "./score-candidates.ts";
import { compareScored, liftScore, type ScoredChunk } from "./scored-chunk.ts";
import type { TitledPart, TitleLinks } from "./title-links.ts";

/** How many of the best chunks are searched for titles of other documents and articles. */
const SOURCES = 5;
/**
 * Share of the query's idf that the best chunk must leave open for titles to be followed; else plain questions would
 * pay for the second hop.
 */
const OPEN_SHARE = 0.1;
/** What a link from the best chunk adds to a score. */
const LINK_WEIGHT = 0.3;
/** A link from a chunk whose score is lower by this much counts 1/e. */
const LINK_DECAY = 0.3;
/** Titles followed at most: a text that names more of them is a list. */
const MOST_LINKS = 30;
/** Candidates by words, and as many by vector, that are asked for each linked document or article. */
const CHUNKS_PER_LINK = 4;

/** Options of {@link followTitles}. */
export interface FollowTitlesOptions {
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
 * A second hop for questions that need several documents. If the best chunks name another document, or an article of one,
 * by its title, its chunks gain 0.3 · exp((S_i − S_1) / 0.3), S_i being the score of the chunk that names it and S_1 the best
 * score.
 *
 * Titles are followed only if the best chunk leaves part of the question open, or if earlier rounds showed chunks that
 * were not enough; then titles in every chunk that was shown count.
 */
export async function followTitles(
  ranking: readonly ScoredChunk[],
  options: FollowTitlesOptions,
): Promise<readonly ScoredChunk[]> {
  const [best] = ranking;
  if (best === undefined) return ranking;
  if (options.shown.size === 0 && openShare(best.chunk.text, options) < OPEN_SHARE) return ranking;
  const links = await untilAborted(options.readLinks(), options.signal);
  const bonus = linkBonus(ranking, { links, shown: options.shown });
  const linked = [...bonus.values()].map(({ part }) => part).filter(isAllowed(options.filter));
  if (linked.length === 0) return ranking;
  const { query, mode, weights, calibrateCosine } = options;
  const known = new Map(ranking.map((scored) => [scored.chunk.id, scored]));
  const scoring = { mode, query, stopRatio: 0, calibrateCosine, weights };
  for (const found of await searchParts(linked, options)) {
    for (const scored of scoreCandidates(found, scoring)) known.set(scored.chunk.id, scored);
  }
  return [...known.values()]
    .map((scored): ScoredChunk => {
      const { documentId, heading } = scored.chunk;
      const gains = [null, heading].map((one) => bonus.get(partKey({ documentId, heading: one }))?.gain ?? 0);
      const gain = Math.max(...gains);
      return gain === 0 ? scored : { ...scored, score: liftScore(scored.score, { gain, best: best.score }) };
    })
    .toSorted(compareScored);
}

/** The best chunks of whole documents, and those of articles. */
async function searchParts(
  parts: readonly TitledPart[],
  { store, collection, query, vector, mode, filter, signal }: FollowTitlesOptions,
): Promise<readonly StoreSearchResult[]> {
  const [documents, articles] = [parts.filter((part) => part.heading === null), parts.filter(isArticle)];
  const places = [
    { count: documents.length, filter: { documentIds: idsOf(documents) } },
    { count: articles.length, filter: { documentIds: idsOf(articles), headings: articles.map((one) => one.heading) } },
  ];
  return Promise.all(
    places
      .filter(({ count }) => count > 0)
      .map(async ({ count, filter: place }) => {
        const limit = count * CHUNKS_PER_LINK;
        const terms = mode === "dense" ? [] : query.indices;
        const wanted = { vector, terms, denseLimit: limit, lexicalLimit: limit, filter: { ...filter, ...place } };
        return store.search(collection, wanted, { signal });
      }),
  );
}

function openShare(text: string, { query, idf }: FollowTitlesOptions): number {
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

interface Bonus {
  readonly part: TitledPart;
  readonly gain: number;
}

/** The largest gain of each document and article that is named in the best chunks or in those that were shown. */
function linkBonus(
  ranking: readonly ScoredChunk[],
  { links, shown }: { readonly links: TitleLinks; readonly shown: ReadonlySet<string> },
): Map<string, Bonus> {
  const bonus = new Map<string, Bonus>();
  const first = ranking[0]?.score ?? 0;
  for (const [index, { chunk, score }] of ranking.entries()) {
    if (index >= SOURCES && !shown.has(chunk.id)) continue;
    const linked = links.linkedTitles(chunk);
    if (linked.length > MOST_LINKS) continue;
    const gain = LINK_WEIGHT * Math.exp((score - first) / LINK_DECAY);
    for (const part of linked.flat()) {
      const key = partKey(part);
      if (gain > (bonus.get(key)?.gain ?? 0)) bonus.set(key, { part, gain });
    }
  }
  return bonus;
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
