// How well a chunk fits a query by itself, and from it how well the best one does.
import type { Chunk } from "../domain/chunk.ts";
import type { Evidence, SearchMode } from "../domain/hit.ts";
import { analyse } from "../lexical/analyse.ts";
import { termIndex } from "../lexical/term-index.ts";
import { inverseFrequency } from "../lexical/term-weights.ts";
import type { StoreSearchResult } from "../store/vector-store.ts";
import type { QueryTerms } from "./query-terms.ts";
import type { ScoredChunk } from "./scored-chunk.ts";

/**
 * The weights of the evidence, a score that says how well a chunk fits by itself: lexical · B' + dense · D with B' from
 * {@link createWordEvidence}, less what {@link evidenceByChance} says. Vectors weigh more than in the ranking, since words
 * that happen to occur mislead more.
 */
export const EVIDENCE_WEIGHTS: Readonly<Record<SearchMode, { readonly lexical: number; readonly dense: number }>> = {
  hybrid: { lexical: 0.4, dense: 0.6 },
  dense: { lexical: 0, dense: 1 },
  lexical: { lexical: 1, dense: 0 },
};

/** Below the first limit nothing fitting was found, below the second one the evidence is weak. */
export const EVIDENCE_LIMITS: Readonly<Record<SearchMode, readonly [none: number, weak: number]>> = {
  hybrid: [0.33, 0.45],
  dense: [0.3, 0.45],
  lexical: [0.4, 0.54],
};

/** A smaller collection is judged as if it had this many chunks, for which the limits of the evidence were measured. */
const LARGE_ENOUGH = 100;

/** The limits of the evidence hold for collections of up to so many chunks; in larger ones it counts less. */
const CALIBRATED = 1_000;

/**
 * A chunk's words count in full for the evidence when they carry this many times the information that it takes to tell
 * one chunk from all others. Only as much as that, some chunk of any collection holds by chance.
 */
const ENOUGH_INFORMATION = 2;

/** How well the best candidate fits the query. */
export function judgeEvidence(ranking: readonly ScoredChunk[], mode: SearchMode): Evidence {
  const best = ranking.reduce((top, { evidenceScore }) => Math.max(top, evidenceScore), 0);
  const [none, weak] = EVIDENCE_LIMITS[mode];
  if (ranking.length === 0 || best < none) return "none";
  return best < weak ? "weak" : "good";
}

/** The best of several; `none` without any. */
export function bestEvidence(all: readonly Evidence[]): Evidence {
  return (["good", "weak"] as const).find((one) => all.includes(one)) ?? "none";
}

/** What a chunk holds of a query beside its words. */
interface HeldBeside {
  readonly related?: ReadonlyMap<string, number>;
  readonly isNamed?: boolean;
}

/**
 * Makes the function that computes B', the share B as it counts for the evidence: less where the words carry little
 * information.
 *
 * Words of I = B × Σ idf nats occur together in one of e^I chunks by chance. So in a collection of N chunks some chunk
 * holds ln N nats of any question, and the larger the collection, the better fits the best of the chunks that have
 * nothing to do with it. `related` are terms that a chunk has in another form, with what that says of each. The full name
 * of whom the query is about counts, where a chunk has it, as one more word, which no other chunk has: of first and last
 * names by themselves a list of people has many.
 */
export function createWordEvidence(
  found: StoreSearchResult,
  { query, idfSum }: { readonly query: QueryTerms; readonly idfSum: number },
): (chunk: Chunk, share: number, more?: HeldBeside) => number {
  const chunks = Math.max(found.chunkCount, LARGE_ENOUGH);
  // idf = ln((N + 1) / (df + 0.5)), so that a larger N adds the same amount to every term.
  const added = Math.log((chunks + 1) / (found.chunkCount + 1));
  const sum = idfSum + added * query.indices.length;
  const enough = ENOUGH_INFORMATION * Math.log((chunks + 1) / 0.5);
  const alone = inverseFrequency(chunks, 1);
  return (chunk, share, { related = new Map(), isNamed = false } = {}) => {
    const large = added > 0 ? shareAsLarge(chunk, share, related) : share;
    const name = isNamed ? alone : 0;
    const held = large * sum + name;
    return (held / (sum + name || 1)) * Math.min(1, Math.sqrt(held / enough));
  };

  /**
   * What a chunk's B would be in a collection of {@link LARGE_ENOUGH} chunks, where every term's idf is larger by the
   * same amount. In a collection of a few chunks, a word that stands in most of them weighs next to nothing beside one
   * that stands in none, and no question would seem to fit.
   */
  function shareAsLarge({ text, title, heading }: Chunk, share: number, related: ReadonlyMap<string, number>): number {
    const own = new Set(analyse([title, heading, text].filter((part) => part !== null).join("\n")).map(termIndex));
    const held = query.indices.filter((index) => own.has(index));
    const parts = [...related].map(([term, part]) => ({ idf: found.idf.get(termIndex(term)) ?? 0, part }));
    const before =
      held.reduce((total, index) => total + (found.idf.get(index) ?? 0), 0) +
      parts.reduce((total, { idf, part }) => total + part * idf, 0);
    const count = held.length + parts.reduce((total, { part }) => total + part, 0);
    return before === 0 ? share : (share * idfSum * (before + added * count)) / (before * sum);
  }
}

/**
 * How much of the evidence in a collection of so many chunks is chance: the best of N unrelated values lies √(2 ln N) times
 * their spread above the mean, so that in a larger collection some chunk seems to fit any question better. As a spread
 * serves the distance between the two limits, so that all modes judge alike.
 */
export function evidenceByChance(chunkCount: number, mode: SearchMode): number {
  const [none, weak] = EVIDENCE_LIMITS[mode];
  const best = (chunks: number): number => Math.sqrt(2 * Math.log(chunks));
  return (weak - none) * (best(Math.max(chunkCount, CALIBRATED)) - best(CALIBRATED));
}

/**
 * The cosine to assume, from its B', for a chunk that has no vector yet: chosen so that its evidence reaches the limits
 * of mode `hybrid` exactly where its words alone reach those of mode `lexical`. Counted as 0, it would rank behind
 * every chunk that is embedded already.
 */
export function expectedCosine(lexical: number): number {
  const { hybrid, lexical: byWords } = EVIDENCE_LIMITS;
  const { lexical: share, dense } = EVIDENCE_WEIGHTS.hybrid;
  const [low, high] = [(hybrid[0] - share * byWords[0]) / dense, (hybrid[1] - share * byWords[1]) / dense];
  const slope = (high - low) / (byWords[1] - byWords[0]);
  return Math.max(0, low + slope * (lexical - byWords[0]));
}
