import type { SearchMode } from "../domain/hit.ts";
import { untilAborted } from "../domain/until-aborted.ts";
import { analyse } from "../lexical/analyse.ts";
import { termIndex } from "../lexical/term-index.ts";
import type { StoreFilter, VectorStore } from "../store/vector-store.ts";
import {
  compareScored,
  liftScore,
  scoreCandidates,
  type CosineCalibration,
  type QueryTerms,
  type ScoredChunk,
  type ScoreWeights,
} from "./score-candidates.ts";
import type { TitleLinks } from "./title-links.ts";

/** How many of the best chunks are searched for titles of other documents. */
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
/** Candidates by words, and as many by vector, that are asked for each linked document. */
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
 * A second hop for questions that need several documents. If the best chunks name another document by its title, that
 * document's chunks gain 0.3 · exp((S_i − S_1) / 0.3), S_i being the score of the chunk that names it and S_1 the best
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
  const documentIds = allowed([...bonus.keys()], options.filter);
  if (documentIds.length === 0) return ranking;
  const { store, collection, query, vector, mode, filter, weights, calibrateCosine, signal } = options;
  const limit = documentIds.length * CHUNKS_PER_LINK;
  const found = await store.search(
    collection,
    {
      vector,
      terms: mode === "dense" ? [] : query.indices,
      denseLimit: limit,
      lexicalLimit: limit,
      filter: { ...filter, documentIds },
    },
    { signal },
  );
  const known = new Map(ranking.map((scored) => [scored.chunk.id, scored]));
  const scoring = { mode, query, stopRatio: 0, calibrateCosine, weights };
  for (const scored of scoreCandidates(found, scoring)) known.set(scored.chunk.id, scored);
  return [...known.values()]
    .map((scored): ScoredChunk => {
      const link = bonus.get(scored.chunk.documentId) ?? 0;
      return link === 0 ? scored : { ...scored, score: liftScore(scored.score, { gain: link, best: best.score }) };
    })
    .toSorted(compareScored);
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

/** The largest gain of each document that is named in the best chunks or in those that were shown. */
function linkBonus(
  ranking: readonly ScoredChunk[],
  { links, shown }: { readonly links: TitleLinks; readonly shown: ReadonlySet<string> },
): Map<string, number> {
  const bonus = new Map<string, number>();
  const first = ranking[0]?.score ?? 0;
  for (const [index, { chunk, score }] of ranking.entries()) {
    if (index >= SOURCES && !shown.has(chunk.id)) continue;
    const linked = links.linkedTitles(chunk.text, chunk.documentId);
    if (linked.length > MOST_LINKS) continue;
    const value = LINK_WEIGHT * Math.exp((score - first) / LINK_DECAY);
    for (const id of linked.flat()) bonus.set(id, Math.max(value, bonus.get(id) ?? 0));
  }
  return bonus;
}

function allowed(ids: readonly string[], filter: StoreFilter | undefined): readonly string[] {
  if (filter?.documentIds === undefined) return ids;
  const wanted = new Set(filter.documentIds);
  return ids.filter((id) => wanted.has(id));
}
