import type { SearchMode } from "../domain/hit.ts";
import { untilAborted } from "../domain/until-aborted.ts";
import { analyse } from "../lexical/analyse.ts";
import { termIndex } from "../lexical/term-index.ts";
import type { StoreFilter, VectorStore } from "../store/vector-store.ts";
import {
  compareScored,
  liftScore,
  scoreCandidates,
  type CosineReader,
  type QueryTerms,
  type ScoredChunk,
  type ScoreWeights,
} from "./score-candidates.ts";
import type { TitleLinks } from "./title-links.ts";

/** Chunks whose text is read for titles. */
const SOURCES = 5;
/** The first chunk must leave this share of the query's idf open, or plain questions would pay for the second hop. */
const OPEN_SHARE = 0.1;
/** What a link from the best chunk adds to a score. */
const LINK_WEIGHT = 0.3;
/** A link from a chunk that is weaker by this much counts 1/e. */
const LINK_DECAY = 0.3;
/** Titles followed at most: a text that names more of them is a list. */
const MOST_LINKS = 30;
const CHUNKS_PER_LINK = 4;

/** What the second hop works with. */
export interface FollowTitlesOptions {
  readonly store: VectorStore;
  readonly collection: string;
  readonly query: QueryTerms;
  readonly vector: Float32Array | null;
  readonly filter: StoreFilter | undefined;
  readonly mode: SearchMode;
  readonly idf: ReadonlyMap<number, number>;
  readonly readLinks: () => Promise<TitleLinks>;
  /** Chunks that earlier rounds showed; not empty means that whoever asks wants more than they hold. */
  readonly shown: ReadonlySet<string>;
  /** Those that `ranking` was scored with; undefined for those of the mode. */
  readonly weights: ScoreWeights | undefined;
  readonly readCosine: CosineReader | undefined;
  readonly signal?: AbortSignal;
}

/**
 * A second hop for questions over several documents: where the best chunks name another document by its title, that
 * document's chunks gain 0.3 · exp((S_i − S_1) / 0.3). Only when the best chunk leaves part of the question open, or was
 * not enough: then the links of every chunk that was shown count.
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
  const { store, collection, query, vector, mode, filter, weights, readCosine, signal } = options;
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
    signal === undefined ? {} : { signal },
  );
  const known = new Map(ranking.map((scored) => [scored.chunk.id, scored]));
  const scoring = { mode, query, stopRatio: 0, readCosine, ...(weights === undefined ? {} : { weights }) };
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

/** The best bonus of each document that the first chunks name, or those that were shown. */
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
