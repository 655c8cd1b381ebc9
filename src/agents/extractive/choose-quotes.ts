import { definingShare, subjectOf } from "../../retrieval/question/definition.ts";
import { asksForDifference } from "./answer-type.ts";
import { chooseSentences } from "./choose-sentences.ts";
import { isLeaning } from "./leaning-sentence.ts";
import type { PassageSentence } from "./passage-sentence.ts";
import { isBareRow } from "./table-row.ts";
import type { Quoting } from "./quote-code.ts";
import { bringsBlock } from "./quote-sentence.ts";
import type { ScoredSentence } from "./score-sentences.ts";

const MOST_SENTENCES = 3;
/** A further sentence is quoted if its score is lower than the best by at most this much. */
const SCORE_GAP = 0.7;
/**
 * The same if the best one only touches on the question, so that what is further behind has another subject, and if it
 * comes with a list or code, and so is a complete instruction.
 */
const SMALL_GAP = 0.4;
/** The same if the best one is near to the question in meaning, so that it is hardly beside the point. */
const NEAR = 0.55;
const NEAR_GAP = 0.35;
/** A further sentence that is less near in meaning than the best one by more has to be about as good in all. */
const LESS_NEAR = 0.2;
const EQUAL_GAP = 0.2;
/** If the best sentence holds this share of the question, the gap for a third one is smaller. */
const COVERED = 0.8;
const COVERED_GAP = 0.35;
/** How plainly a sentence must define the subject of the question to need no others. */
export const WHOLE_DEFINITION: number = 1;
/** How many sentences are quoted if the passages only touch on the question, and how many blocks of code. */
const FEWER_SENTENCES = 2;
/**
 * A further sentence that holds less than this share of what the best one holds of the question has another subject.
 */
const LEAST_SHARE = 0.4;
/** Sentences of one passage are quoted in the order of the text if their scores differ by less than this. */
const EQUAL_SCORES = 0.05;
/** So few words without a full stop name something and say nothing of it. */
const NAME_ALONE = /^(?:\S+\s+){0,4}\S*[^\s.!?"'”’)*_`]["'”’)*_`]*$/;

/** What quotes are chosen by. */
export interface QuoteChoice {
  readonly question: string;
  readonly quoting: Quoting;
  /** Whether the passages only touch on the question. */
  readonly isPartial: boolean;
}

/**
 * Chooses the best sentence and those that are nearly as good. The best comes first, so that a reader of only the
 * beginning has read the answer; the others follow in the order of the text where they are near each other.
 */
export function chooseQuotes(
  ranked: readonly ScoredSentence[],
  { question, quoting, isPartial }: QuoteChoice,
): readonly PassageSentence[] {
  const [best] = ranked;
  if (best === undefined) return [];
  const { text, kind: bestKind } = best.sentence;
  const subject = subjectOf(question);
  const isDefined = subject !== null && definingShare(text, subject) >= WHOLE_DEFINITION;
  const isWhole = isDefined || bestKind === "code" || bringsBlock(best.sentence, quoting);
  const gap = isPartial || isWhole ? SMALL_GAP : SCORE_GAP;
  const isNameAlone = NAME_ALONE.test(text);
  const isDifference = asksForDifference(question);
  const gapOf = ({ similarity, sentence }: ScoredSentence): number => {
    if (isDifference || isNameAlone || goesOn(best.sentence, sentence)) return gap;
    if (similarity < best.similarity - LESS_NEAR) return EQUAL_GAP;
    return best.similarity >= NEAR && similarity < best.similarity ? Math.min(gap, NEAR_GAP) : gap;
  };
  const near = ranked
    .filter((one) => one.score >= best.score - gapOf(one))
    .filter((one) => one.coverage >= LEAST_SHARE * best.coverage)
    // Code that was not asked for, or a row of names and values, says little by itself. It is quoted only if nothing is
    // better.
    .filter(
      ({ sentence }) =>
        sentence.kind === bestKind || (sentence.kind === "code" ? quoting.wantsCode : !isBareRow(sentence)),
    )
    // Rows have their headings in common: one without a word of the question in it is another thing's.
    .filter((one) => one === best || one.sentence.kind !== "table" || one.hasOwnTerms);
  const limit = isPartial || bestKind === "code" ? FEWER_SENTENCES : MOST_SENTENCES;
  const isNeeded = (one: ScoredSentence): boolean =>
    isDifference || best.coverage < COVERED || one.score >= best.score - COVERED_GAP;
  const chosen = chooseSentences(near, limit).filter((one, index) => index < 2 || isNeeded(one));
  return inReadingOrder(chosen);
}

/** Whether a sentence stands behind another one and begins with "This" or the like, for which it is less near in meaning. */
function goesOn(before: PassageSentence, sentence: PassageSentence): boolean {
  return sentence.passage === before.passage && sentence.position === before.position + 1 && isLeaning(sentence.text);
}

/** Puts two further sentences in the order of the text if they are near each other in score or in the text. */
function inReadingOrder(chosen: readonly ScoredSentence[]): readonly PassageSentence[] {
  const [best, ...others] = chosen;
  const ordered = others.toSorted((left, right) => (mayTrade(left, right) ? place(left) - place(right) : 0));
  return [...(best === undefined ? [] : [best]), ...ordered].map(({ sentence }) => sentence);
}

function mayTrade(left: ScoredSentence, right: ScoredSentence): boolean {
  if (left.sentence.passage !== right.sentence.passage) return false;
  return Math.abs(left.score - right.score) <= EQUAL_SCORES || Math.abs(place(left) - place(right)) === 1;
}

function place({ sentence }: ScoredSentence): number {
  return sentence.position;
}
