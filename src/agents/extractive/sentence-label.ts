import type { PassageSentence } from "./passage-sentence.ts";

/** "In which version was it added", "since which release". */
const ASKS_FOR_VERSION = /\b(?:which|what|welche[rmns]?|quelle|qué) (?:versi[oó]n|release)\b/i;
const ASKS_FOR_TIME =
  /^\s*(?:and )?(?:when (?:was|were|did|has|have)|since when|wann|seit wann|quand|depuis quand|cuándo|desde cuándo)\b/i;
const VERSION = /(?<![\w.,-])v?\d+\.\d+(?:\.\d+)*(?![\w,-])/;
const DATE = /\b\d{4}-\d\d(?:-\d\d)?\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\b(?:19|20)\d{2}\b/;
/** A table's row, or a level of data, is no heading that people read. */
const LONGEST_HEADING = 80;

/**
 * What is quoted in front of a sentence because it says nothing without it: the keys above a line of data; and for a
 * question in which version, or when, the heading that tells it where the sentence does not, as in notes about releases.
 */
export function labelOf(question: string, { label, kind, text, headings }: PassageSentence): string | null {
  if (label !== undefined) return label === "" ? null : label;
  const wanted = ASKS_FOR_VERSION.test(question) ? VERSION : ASKS_FOR_TIME.test(question) ? DATE : null;
  if (wanted === null || kind === "code" || wanted.test(text)) return null;
  const [, ...above] = headings.split("\n");
  return above.findLast((heading) => heading.length <= LONGEST_HEADING && wanted.test(heading)) ?? null;
}

/** A sentence as it is understood with its label in front. */
export function labelledText(question: string, sentence: PassageSentence): string {
  const label = labelOf(question, sentence);
  return label === null ? sentence.text : `${label}: ${sentence.text}`;
}
