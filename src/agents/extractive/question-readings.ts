import { plainQuestion } from "../../retrieval/question/plain-question.ts";
import type { PassageSentence } from "./passage-sentence.ts";
import { questionBefore } from "./question-before.ts";
import { type ScoredSentence, SIMILARITY_WEIGHT } from "./score-sentences.ts";

/** A question with what it counts. */
export interface WeightedText {
  readonly text: string;
  readonly weight: number;
}

/** What a follow-up question counts in its own words, as in the search for it: the rest would answer the one before. */
const ASKED_WEIGHT = 0.4;

/**
 * What the cosine of a question in a chat counts for the first sentence of the answer, which need not repeat a word of it, and
 * how much less for each further one.
 */
const ASKED_SIMILARITY = 0.85;
const FURTHER_LESS = 0.1;
const NOT_SIMILAR = { mean: 0, meant: 0 };

/** The texts by which a question is answered: a follow-up question by its own words and by what it means. */
export function readingsOf(question: string, standalone: string | undefined): readonly WeightedText[] {
  const own = plainQuestion(question);
  if (standalone === undefined) return [{ text: own, weight: 1 }];
  const isJoined = standalone.endsWith(question);
  const meant = isJoined ? `${standalone.slice(0, standalone.length - question.length)}${own}` : standalone;
  return [
    { text: own, weight: ASKED_WEIGHT },
    { text: meant, weight: 1 - ASKED_WEIGHT },
  ];
}

/** "And how hot …", not "And the pudding?" or "What about the pudding?" */
const HAS_FORM =
  /^\W*(?:(?:and|but|so|then|ok(?:ay)?)\W+)?(?:(?:what|how)(?! (?:about|else)\b)|why|when|where|who|whose|which|is|are|do|does|did|can|could|should|would|will|has|have|was|were|list|name|show|explain)\b/i;

/** The wordings of a question that say what kind of answer it asks for. */
export interface AskedForm {
  /** The question in its own words, which alone say what list it asks for. */
  readonly own: string;
  /** What it asks for otherwise: a follow-up question without a form of its own ("And the crane?") asks as the one before. */
  readonly asked: string;
}

/** The form of a question: a follow-up has the question before it in front, which asked for something else. */
export function formOf(readings: readonly WeightedText[]): AskedForm {
  const own = readings[0]?.text ?? "";
  const meant = readings.at(-1)?.text ?? "";
  // A model wrote it as one question.
  if (!meant.endsWith(own)) return { own: meant, asked: meant };
  return { own, asked: HAS_FORM.test(own) ? own : meant };
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
  const similarities = new Map(
    ranked.map(({ sentence }, at) => {
      const own = cosines.map((ofReading) => ofReading[at] ?? 0);
      const mean = readings.reduce((sum, { weight }, index) => sum + weight * (own[index] ?? 0), 0);
      return [sentence, { mean, meant: own.at(-1) ?? 0 }] as const;
    }),
  );
  return ranked
    .map((scored) => {
      const { sentence, score } = scored;
      const own = similarities.get(sentence) ?? NOT_SIMILAR;
      const before = questionBefore(sentence);
      const asked = (before === undefined ? undefined : similarities.get(before)) ?? NOT_SIMILAR;
      const places = before === undefined ? 0 : sentence.position - before.position - 1;
      const share = ASKED_SIMILARITY - FURTHER_LESS * places;
      const mean = Math.max(own.mean, share * asked.mean);
      const similarity = Math.max(own.meant, share * asked.meant);
      return { ...scored, score: score + SIMILARITY_WEIGHT * mean, similarity };
    })
    .toSorted((left, right) => right.score - left.score);
}
