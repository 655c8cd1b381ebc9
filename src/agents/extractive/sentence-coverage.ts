import { analyse } from "../../lexical/analyse.ts";
import { LABELLED } from "./named-entry.ts";
import { beside, type PassageSentence } from "./passage-sentence.ts";
import type { RelatedTerms } from "./related-terms.ts";
import { questionBefore } from "./question-before.ts";
import { isQuestion } from "./says-nothing.ts";

/** What a term counts that stands in the sentence before: often its subject, which a pronoun takes up. */
const PREVIOUS_SHARE = 0.45;
/**
 * What a term counts that stands in the question before, as in a list of frequent questions: its answer need not repeat
 * it.
 */
const ASKED_SHARE = 0.8;
/** What a term counts that stands in the sentence after or in the headings. */
const NEAR_SHARE = 0.3;
/**
 * What a term counts that stands in the headings over an entry such as "Default: 40", which tells of its heading only and
 * has another word of the question, and in the name of a column for a row, with which the row is read out.
 */
const ENTRY_SHARE = 0.9;
/** What a term counts that stands before, after or above a sentence, for {@link Coverage.share}. */
const COVERAGE_SHARE = 0.5;
/** The question's weight in a sentence and around it. */
export interface Coverage {
  /** As it ranks sentences. */
  readonly ranking: number;
  /** As it tells whether there is an answer. */
  readonly share: number;
}

/** What is known of a sentence beside its terms. */
export interface CoverageOptions {
  /** Whether the sentence begins the entry for a name of the question: then its headings speak for it. */
  readonly isNamed: boolean;
  /** Terms that its document holds for all of its sentences, such as its day's. */
  readonly held: ReadonlySet<string>;
}

/** Makes the function that tells how much of a question a sentence covers. */
export function createCoverage({
  terms,
  weights,
  related,
}: {
  /** The terms of each sentence. */
  readonly terms: ReadonlyMap<PassageSentence, ReadonlySet<string>>;
  /** The weight of each term of the question. */
  readonly weights: ReadonlyMap<string, number>;
  /** Reads other forms of the question's words. */
  readonly related: RelatedTerms;
}): (sentence: PassageSentence, options: CoverageOptions) => Coverage {
  const termsOf = (sentence: PassageSentence | undefined): ReadonlySet<string> =>
    (sentence === undefined ? undefined : terms.get(sentence)) ?? new Set();
  return (sentence, { isNamed, held }) => {
    const { text, headings, kind, label, columns: names = [] } = sentence;
    const previous = beside(sentence, -1);
    const [own, before, after] = [termsOf(sentence), termsOf(previous), termsOf(beside(sentence, 1))];
    const above = related.add(new Set(analyse(headings)), headings);
    const answered = termsOf(questionBefore(sentence));
    const beforeShare = previous !== undefined && isQuestion(previous) ? ASKED_SHARE : PREVIOUS_SHARE;
    const columns = new Set(analyse(names.join(" ")));
    // "Language: en" under a heading that holds the question answers something else.
    const hasOwnTerm = [...weights.keys()].some((term) => own.has(term) || columns.has(term));
    const isData = label !== undefined;
    const isEntry = kind !== "code" && (isNamed || isData || (hasOwnTerm && LABELLED.test(text)));
    let ranking = 0;
    let share = 0;
    for (const [term, weight] of weights) {
      const isOwn = own.has(term) || held.has(term);
      const isAbove = above.has(term);
      const isBefore = before.has(term);
      const isNear = isBefore || answered.has(term) || isAbove || after.has(term);
      const inside = isOwn ? 1 : (isEntry && isAbove) || columns.has(term) ? ENTRY_SHARE : null;
      const part = inside === null ? related.shareOf(term, text) : 0;
      ranking +=
        weight *
        (inside ?? Math.max(part, answered.has(term) ? ASKED_SHARE : isBefore ? beforeShare : isNear ? NEAR_SHARE : 0));
      share += weight * (inside ?? Math.max(part, isNear ? COVERAGE_SHARE : 0));
    }
    return { ranking, share };
  };
}
