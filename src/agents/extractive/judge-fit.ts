import type { Evidence } from "../../domain/hit.ts";
import { kindOfAnswer, mayHoldAnswer } from "./kind-of-answer.ts";
import type { ScoredSentence } from "./score-sentences.ts";

/**
 * Below this share of the question's idf in the best sentence there is no answer in it. On 125 questions of SQuAD, 0.28
 * keeps six answers that 0.35 would lose, for one unanswerable question more that is not refused.
 */
const LEAST_COVERAGE = 0.28;
/** A cosine from which on a sentence may say in other words what the question asks. */
const LEAST_SIMILARITY = 0.5;
/** A cosine from which on sentences may hold what is asked for, a name or a time, in a form that nothing here knows. */
const SAME_SIMILARITY = 0.65;
/** The same for a sentence that holds this share of the question, which is all but its verb. */
const NEAR_SIMILARITY = 0.6;
const NEARLY_WHOLE = 0.8;
/** On weak evidence, words that happen to occur are no answer: below this cosine the sentences are about something else. */
const LEAST_WEAK_SIMILARITY = 0.38;
/** Below this share the answer is a partial one. */
const SURE_COVERAGE = 0.5;
/** From this share on, a sentence that is near in meaning too answers in spite of weak evidence. */
const WHOLE_COVERAGE = 0.9;
/** Sentences that tell whether there is an answer: as many as one quotes. */
const MOST_JUDGED = 3;
/** How near the best sentences come to the question: whichever of them comes nearest. */
export type Fit = Pick<ScoredSentence, "coverage" | "similarity">;

/** Nothing in the passages. */
export const NO_FIT: Fit = { coverage: 0, similarity: 0 };
/** What makes the best answer a partial one. */
export const PARTIAL_FIT: Fit = { coverage: LEAST_COVERAGE, similarity: LEAST_WEAK_SIMILARITY };

/** Whether there is an answer: by its words, or where a sentence may say in other words what was asked. */
export function isAnswerable({ coverage, similarity }: Fit): boolean {
  return coverage >= LEAST_COVERAGE || similarity >= LEAST_SIMILARITY;
}

/** How near the best sentences of a ranking come to a question; what asks who, when or how many needs that. */
export function fitOf(question: string, ranked: readonly ScoredSentence[]): Fit {
  const best = ranked.slice(0, MOST_JUDGED);
  const fit = {
    coverage: Math.max(0, ...best.map(({ coverage }) => coverage)),
    similarity: Math.max(0, ...best.map(({ similarity }) => similarity)),
  };
  const kind = kindOfAnswer(
    question,
    best.map(({ sentence }) => sentence.text),
  );
  const saysTheSame = best.some(
    ({ sentence, similarity, coverage }) =>
      ((similarity >= NEAR_SIMILARITY && coverage >= NEARLY_WHOLE) ||
        (similarity >= LEAST_SIMILARITY && fit.similarity >= SAME_SIMILARITY)) &&
      mayHoldAnswer(question, sentence.text),
  );
  if ((kind === "missing" && !saysTheSame) || (kind === "doubtful" && fit.coverage < SURE_COVERAGE)) return NO_FIT;
  return kind !== "present" ? { ...fit, coverage: PARTIAL_FIT.coverage } : fit;
}

/** What a fit is judged with. */
export interface Judging {
  /** How well the best passage fits. */
  readonly evidence: Evidence;
  /** Whether sentences were compared by meaning too. */
  readonly isEmbedded: boolean;
}

/** How far sentences that fit so well answer a question. */
export function judge(fit: Fit, { evidence, isEmbedded }: Judging): "answered" | "partial" | "insufficient" {
  if (evidence === "none" || !isAnswerable(fit)) return "insufficient";
  if (evidence === "weak" && isEmbedded && fit.similarity < LEAST_WEAK_SIMILARITY) return "insufficient";
  const isCovered = fit.coverage >= WHOLE_COVERAGE && fit.similarity >= LEAST_SIMILARITY;
  const isSure = evidence === "weak" ? isCovered : fit.coverage >= SURE_COVERAGE;
  return isSure ? "answered" : "partial";
}
