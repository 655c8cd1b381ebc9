import type { ScoredSentence } from "./score-sentences.ts";

/** What a sentence loses for repeating one that was chosen. */
const REPEAT_WEIGHT = 0.4;
/** From this share of common terms on, a sentence says nothing new. With few terms that would be chance. */
const SAME_SHARE = 0.95;
const FEWEST_TERMS = 4;
/** How many of the best sentences are considered. */
const POOL = 12;

/** Chooses `limit` of the best sentences in order, each by what it adds to those before it: one that repeats them comes later. */
export function chooseSentences(ranked: readonly ScoredSentence[], limit: number): readonly ScoredSentence[] {
  const rest = ranked.slice(0, POOL);
  const chosen: ScoredSentence[] = [];
  while (chosen.length < limit && rest.length > 0) {
    const worth = (one: ScoredSentence): number =>
      one.score - REPEAT_WEIGHT * Math.max(0, ...chosen.map((other) => commonShare(one, other)));
    const next = rest.reduce((best, one) => (worth(one) > worth(best) ? one : best));
    rest.splice(rest.indexOf(next), 1);
    if (!chosen.some((other) => says(other, next))) chosen.push(next);
  }
  return chosen;
}

/** Whether one sentence says everything that the other does. */
function says(one: ScoredSentence, other: ScoredSentence): boolean {
  if (one.sentence.text === other.sentence.text) return true;
  return Math.min(one.terms.size, other.terms.size) >= FEWEST_TERMS && commonShare(one, other) >= SAME_SHARE;
}

/** Common terms, as a share of the shorter sentence's. */
function commonShare(one: ScoredSentence, other: ScoredSentence): number {
  const shorter = Math.min(one.terms.size, other.terms.size);
  return shorter === 0 ? 0 : [...one.terms].filter((term) => other.terms.has(term)).length / shorter;
}
