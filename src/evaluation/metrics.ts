/** A measure of a question, with its name in reports, what it means, and whether more is better. */
export interface Metric {
  readonly name: string;
  readonly about: string;
  readonly isBetterHigh: boolean;
}

/** Every measure, in the order of reports. */
export const METRICS: readonly Metric[] = [
  higher("recallAt1", "references found by the first result"),
  higher("recallAt5", "references found by the first five"),
  higher("recallAt10", "references found by the first ten"),
  higher("mrr", "one over the rank of the first result that finds a reference"),
  higher("ndcgAt10", "discounted gain of the first ten"),
  higher("spanRecall", "characters of the references in the spans of a plain search"),
  higher("spanPrecision", "characters of those spans in the references"),
  higher("precisionOmega", "the same for a perfect search: what the chunking allows"),
  higher("iou", "characters in both over characters in either"),
  higher("factsHeld", "facts in the spans of a plain search"),
  lower("wrongRefusal", "answerable, but the search says that nothing fits"),
  higher("rightRefusal", "unanswerable, and the search says that nothing fits"),
  higher("answerExact", "answers that are one of the right ones"),
  higher("answerF1", "words in common with the right answer"),
  higher("mustHeld", "what an answer must say, said"),
  higher("citationValid", "citations whose quote stands in the document at the place they name"),
  higher("citationSupported", "citations whose quote also holds the numbers and half of the words of the sentence"),
  higher("citationOnReference", "citations that touch a reference"),
  lower("wrongAbstention", "answerable, but the answer says that it is not"),
  higher("rightAbstention", "unanswerable, and the answer says so"),
];

function higher(name: string, about: string): Metric {
  return { name, about, isBetterHigh: true };
}

function lower(name: string, about: string): Metric {
  return { name, about, isBetterHigh: false };
}

/** A share as per cent with one digit. */
export function percent(share: number): string {
  return (share * 100).toFixed(1);
}
