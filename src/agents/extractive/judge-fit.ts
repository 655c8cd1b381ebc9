import type { Evidence } from "../../domain/hit.ts";
import { kindOfAnswer, mayHoldAnswer } from "./kind-of-answer.ts";
import { createOtherSpeakerTest } from "./other-speaker.ts";
import { tellsOfVersion } from "./other-number.ts";
import { isOnlyDated, labelledText } from "./sentence-label.ts";
import type { ScoredSentence } from "./score-sentences.ts";

/**
 * If the best sentence holds less than this share of the question's idf, it is no answer. On 125 questions of SQuAD,
 * 0.28 keeps six answers that 0.35 would lose, and fails to refuse one unanswerable question more.
 */
const LEAST_COVERAGE = 0.28;
/** From this cosine on, a sentence may answer the question in other words. */
const LEAST_SIMILARITY = 0.5;
/**
 * From this cosine on, sentences may hold the name or the time that is asked for in a form that is not recognised here.
 */
const SAME_SIMILARITY = 0.65;
/** The same for a sentence that holds {@link NEARLY_WHOLE} of the question, which is everything but its verb. */
const NEAR_SIMILARITY = 0.6;
const NEARLY_WHOLE = 0.8;
/** On weak evidence, words that happen to occur are no answer: below this cosine the sentences are about something else. */
const LEAST_WEAK_SIMILARITY = 0.38;
/** Below this share of the question, the answer is partial. */
const SURE_COVERAGE = 0.5;
/** From this share on, a sentence that is also near in meaning answers in spite of weak evidence. */
const WHOLE_COVERAGE = 0.9;
/**
 * A best sentence below both of these that is ahead of the next one by less than this is one of several that have words of the
 * question: of the 300 answers on which these limits were chosen, that was right once and 16 times not.
 */
const SURE_SCORE = 2.4;
const SURE_SIMILARITY = 0.55;
const SURE_LEAD = 0.2;
/** A name that happens to occur nowhere: letters and digits, such as `E217` and `P2`. */
const CODE_NAME = /(?<![\p{L}\p{N}_])(?=[\p{L}_]*\p{N})(?=[\p{N}_]*\p{L})[\p{L}\p{N}_]{2,}/gu;
/** How many sentences decide whether there is an answer: as many as are quoted. */
const MOST_JUDGED = 3;
/** How near the best sentences come to the question: the largest values among them. */
export type Fit = Pick<ScoredSentence, "coverage" | "similarity">;

/** The passages hold nothing. */
export const NO_FIT: Fit = { coverage: 0, similarity: 0 };
/** The fit of a list that is called what the question asks for. */
export const WHOLE_FIT: Fit = { coverage: 1, similarity: 1 };
/** The fit of an answer that is only partial. */
export const PARTIAL_FIT: Fit = { coverage: LEAST_COVERAGE, similarity: LEAST_WEAK_SIMILARITY };

/** Whether there is an answer: by the words it shares with the question, or by its meaning. */
export function isAnswerable({ coverage, similarity }: Fit): boolean {
  return coverage >= LEAST_COVERAGE || similarity >= LEAST_SIMILARITY;
}

/**
 * How near the best sentences of a ranking come to a question. A question who, when or how many also needs a name, a
 * time or a number.
 */
export function fitOf(question: string, ranked: readonly ScoredSentence[]): Fit {
  const best = ranked.slice(0, MOST_JUDGED);
  const fit = {
    coverage: Math.max(0, ...best.map(({ coverage }) => coverage)),
    similarity: Math.max(
      0,
      ...best.map((one) => Math.max(one.similarity, holdsCodeName(question, one) ? LEAST_WEAK_SIMILARITY : 0)),
    ),
  };
  const kind = kindOfAnswer(
    question,
    best.map(({ sentence }) => labelledText(question, sentence)),
    best.map(({ sentence: { headings, columns = [] } }) => [headings, ...columns].join("\n")).join("\n"),
  );
  const saysTheSame = best.some(
    ({ sentence, similarity, coverage }) =>
      ((similarity >= NEAR_SIMILARITY && coverage >= NEARLY_WHOLE) ||
        (similarity >= LEAST_SIMILARITY && fit.similarity >= SAME_SIMILARITY)) &&
      mayHoldAnswer(question, sentence.text),
  );
  if ((kind === "missing" && !saysTheSame) || (kind === "doubtful" && fit.coverage < SURE_COVERAGE)) return NO_FIT;
  const told = best.map(({ sentence }) => sentence);
  const isDoubtful =
    kind !== "present" || isOneOfMany(ranked) || tellsOfOther(question, ranked) || !tellsOfVersion(question, told);
  return isDoubtful ? { ...fit, coverage: Math.min(fit.coverage, PARTIAL_FIT.coverage) } : fit;
}

/** Whether the best sentence is about another speaker than the named one, or may be about another time than that at which it was said. */
function tellsOfOther(question: string, ranked: readonly ScoredSentence[]): boolean {
  const sentences = ranked.map(({ sentence }) => sentence);
  const [best] = sentences;
  if (best === undefined) return false;
  const isOfOther = createOtherSpeakerTest(question, sentences);
  return isOfOther(best) || (isOnlyDated(question, best) && !mayHoldAnswer(question, best.text));
}

/** Whether the best sentence is hardly better than the next one, and neither is good; unknown without an embedder. */
function isOneOfMany(ranked: readonly ScoredSentence[]): boolean {
  const [best] = ranked;
  if (best === undefined || best.similarity === 0) return false;
  const next = ranked.find(({ sentence }) => sentence.text !== best.sentence.text);
  const isAhead = best.score - (next?.score ?? 0) >= SURE_LEAD;
  return !isAhead && best.score < SURE_SCORE && best.similarity < SURE_SIMILARITY;
}

/** Whether a sentence holds the whole question, and in it a name that means the same wherever it stands. */
function holdsCodeName(question: string, { sentence, coverage }: ScoredSentence): boolean {
  if (coverage < WHOLE_COVERAGE) return false;
  return Array.from(question.matchAll(CODE_NAME), ([name]) => name).some((name) => sentence.text.includes(name));
}

/** What a fit is judged with. */
export interface Judging {
  /** How well the best passage fits. */
  readonly evidence: Evidence;
  /** Whether sentences were compared by meaning too. */
  readonly isEmbedded: boolean;
}

/** Judges how far sentences with this fit answer a question. */
export function judge(fit: Fit, { evidence, isEmbedded }: Judging): "answered" | "partial" | "insufficient" {
  if (evidence === "none" || !isAnswerable(fit)) return "insufficient";
  if (evidence === "weak" && isEmbedded && fit.similarity < LEAST_WEAK_SIMILARITY) return "insufficient";
  const isCovered = fit.coverage >= WHOLE_COVERAGE && fit.similarity >= LEAST_SIMILARITY;
  const isSure = evidence === "weak" ? isCovered : fit.coverage >= SURE_COVERAGE;
  return isSure ? "answered" : "partial";
}
