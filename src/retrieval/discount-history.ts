import { compareScored, type ScoredChunk } from "./scored-chunk.ts";

/** What the score of a note about a release keeps where nobody asked what changed. */
const SHARE = 0.85;
/** Names of files and folders that tell what changed from release to release. */
const HISTORY =
  /(?:^|[/_.-])(?:change[-_ ]?logs?|release[-_ ]?notes?|rel[-_ ]?notes|whats[-_ ]?new)(?:[/_.-]|$)|(?:^|\/)(?:changes|releases|news|history)(?:\.\w{1,8})?(?:\/|$)/i;
/** A question what changed, or when, or in which version. */
const ASKS_FOR_HISTORY =
  /\b(?:versions?|releases?|released|(?<!\b(?:to|I|we|you|can|could|must|should|and) )chang(?:e|es|ed|ing|elogs?)|news?|latest|recent(?:ly)?|add(?:ed|ition)|introduc(?:e|ed|tion)|remov(?:ed|al)|dropped|deprecat\w*|fix(?:ed|es)?|bugs?|regressions?|breaking|upgrad\w*|migrat\w*|histor\w*|since|still|any ?more|no longer|used to|when (?:was|were|did)|what happened|renamed|replaced)\b|(?<![\w.])v?\d+\.\d+/i;

/** Whether a document tells by its name that it is about what changed from release to release. */
export function isHistory(source: string): boolean {
  return HISTORY.test(source);
}

/** Whether a question asks what changed, or when. */
export function asksForHistory(question: string): boolean {
  return ASKS_FOR_HISTORY.test(question);
}

/**
 * Discounts notes about releases for a question that does not ask what changed: they name every option once more, with
 * a few words about a mistake in it, and what it does stands elsewhere. Evidence stays as it is.
 */
export function discountHistory(ranking: readonly ScoredChunk[], query: string): readonly ScoredChunk[] {
  if (asksForHistory(query)) return ranking;
  const isNote = ({ chunk: { source } }: ScoredChunk): boolean => isHistory(source);
  // Where there is nothing else, nothing would change but the scale.
  if (!ranking.some(isNote) || ranking.every(isNote)) return ranking;
  return ranking
    .map((scored) => (isNote(scored) ? { ...scored, score: scored.score * SHARE } : scored))
    .toSorted(compareScored);
}
