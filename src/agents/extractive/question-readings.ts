import type { PassageSentence } from "./passage-sentence.ts";
import { type ScoredSentence, SIMILARITY_WEIGHT } from "./score-sentences.ts";

/** A question with what it counts. */
export interface WeightedText {
  readonly text: string;
  readonly weight: number;
}

/** What a follow-up question counts in its own words, as in the search for it: the rest would answer the one before. */
const ASKED_WEIGHT = 0.4;

/** The texts by which a question is answered: a follow-up question by its own words and by what it means. */
export function readingsOf(question: string, standalone: string | undefined): readonly WeightedText[] {
  if (standalone === undefined) return [{ text: question, weight: 1 }];
  return [
    { text: question, weight: ASKED_WEIGHT },
    { text: standalone, weight: 1 - ASKED_WEIGHT },
  ];
}

/** Sentences by the weighted mean of several scores, best first. */
export function meanOf(
  readings: readonly WeightedText[],
  score: (reading: WeightedText) => readonly ScoredSentence[],
): readonly ScoredSentence[] {
  const [only] = readings;
  if (only !== undefined && readings.length === 1) return score(only);
  const means = new Map<PassageSentence, ScoredSentence>();
  for (const reading of readings) {
    for (const scored of score(reading)) {
      const known = means.get(scored.sentence);
      means.set(scored.sentence, {
        ...scored,
        score: (known?.score ?? 0) + reading.weight * scored.score,
        coverage: (known?.coverage ?? 0) + reading.weight * scored.coverage,
      });
    }
  }
  return [...means.values()].toSorted((left, right) => right.score - left.score);
}

/**
 * Sentences ranked by words and meaning. `cosines` has those of the first sentences for each reading; the mean counts for the
 * score, and the last reading, which says what is meant, for {@link ScoredSentence.similarity}.
 */
export function addSimilarities(
  ranked: readonly ScoredSentence[],
  {
    readings,
    cosines,
  }: { readonly readings: readonly WeightedText[]; readonly cosines: readonly (readonly number[])[] },
): readonly ScoredSentence[] {
  return ranked
    .map((scored, at) => {
      const own = cosines.map((ofReading) => ofReading[at] ?? 0);
      const mean = readings.reduce((sum, { weight }, index) => sum + weight * (own[index] ?? 0), 0);
      return { ...scored, score: scored.score + SIMILARITY_WEIGHT * mean, similarity: own.at(-1) ?? 0 };
    })
    .toSorted((left, right) => right.score - left.score);
}
