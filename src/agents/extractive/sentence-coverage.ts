import { analyse } from "../../lexical/analyse.ts";
import { LABELLED } from "./named-entry.ts";
import type { PassageSentence } from "./passage-sentence.ts";
import type { RelatedTerms } from "./related-terms.ts";
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
 * What a term counts that stands in the headings over an entry such as "Default: 40", which tells of its heading only, and
 * in the name of a column for a row, with which the row is read out.
 */
const ENTRY_SHARE = 0.9;
/** What a term counts that stands before, after or above a sentence, for {@link Coverage.share}. */
const COVERAGE_SHARE = 0.5;
/** Questions that no such entry answers: why, and how, unless for an amount. */
const ASKS_TO_EXPLAIN =
  /\b(?:why|how come)\b|^\s*(?:and )?how (?!(?:much|many|long|often|old|big|large|far|fast|high|tall|wide|heavy|late|early|soon)\b)/i;

/** The question's weight in a sentence and around it. */
export interface Coverage {
  /** As it ranks sentences. */
  readonly ranking: number;
  /** As it tells whether there is an answer. */
  readonly share: number;
}

/** What is known of a sentence beside its terms. */
export interface CoverageOptions {
  /**
   * Whether the sentence begins the entry for a name of the question, or the document about a person that it asks about:
   * then its headings speak for it.
   */
  readonly isNamed: boolean;
  /** Terms that its document holds for all of its sentences, such as its day's. */
  readonly held: ReadonlySet<string>;
}

/** Makes the function that tells how much of a question the sentence at an index covers. */
export function createCoverage(
  question: string,
  {
    sentences,
    terms,
    weights,
    related = null,
  }: {
    readonly sentences: readonly PassageSentence[];
    /** The terms of each sentence. */
    readonly terms: readonly ReadonlySet<string>[];
    /** The weight of each term of the question. */
    readonly weights: ReadonlyMap<string, number>;
    /** Reads other forms of the question's words; null in English. */
    readonly related?: RelatedTerms | null;
  },
): (index: number, options: CoverageOptions) => Coverage {
  // An entry counts the words of its headings almost like its own.
  const readsEntries = !ASKS_TO_EXPLAIN.test(question);
  const headingTerms = (own: PassageSentence | undefined): ReadonlySet<string> => {
    const text = own?.headings ?? "";
    const above = new Set(analyse(text));
    return related === null ? above : related.add(above, text);
  };
  return (index, { isNamed, held }) => {
    const own = sentences[index];
    const previous = sentences[index - 1];
    const termsAt = (other: number): ReadonlySet<string> =>
      own !== undefined && sentences[other]?.passage === own.passage ? (terms[other] ?? new Set()) : new Set();
    const [before, after, headings] = [termsAt(index - 1), termsAt(index + 1), headingTerms(own)];
    const beforeShare = previous !== undefined && isQuestion(previous) ? ASKED_SHARE : PREVIOUS_SHARE;
    const isEntry =
      own !== undefined &&
      own.kind !== "code" &&
      (isNamed || (readsEntries && (LABELLED.test(own.text) || own.label !== undefined)));
    const columns = new Set(analyse(own?.columns?.join(" ") ?? ""));
    let ranking = 0;
    let share = 0;
    for (const [term, weight] of weights) {
      const isOwn = terms[index]?.has(term) === true || held.has(term);
      const isAbove = headings.has(term);
      const isBefore = before.has(term);
      const isNear = isBefore || isAbove || after.has(term);
      const inside = isOwn ? 1 : (isEntry && isAbove) || columns.has(term) ? ENTRY_SHARE : null;
      const part = inside === null && own !== undefined ? (related?.shareOf(term, own.text) ?? 0) : 0;
      ranking += weight * (inside ?? Math.max(part, isBefore ? beforeShare : isNear ? NEAR_SHARE : 0));
      share += weight * (inside ?? Math.max(part, isNear ? COVERAGE_SHARE : 0));
    }
    return { ranking, share };
  };
}
