import { normaliseAnswer } from "./answer-metrics.ts";

/** A sentence of an answer, with the marker behind it. */
export interface CitedStatement {
  readonly marker: number;
  readonly statement: string;
}

const MARKERS = /(?:\s*\[\d+\])+/g;
const LAST_SENTENCE = /(?:^|[.!?]\s+)(?<sentence>(?:(?![.!?]\s+).)+)$/u;
/** A quote must hold this share of a sentence's words to support it. */
const LEAST_WORDS = 0.5;

/** The sentences of an answer that carry `[n]`, once for each marker. */
export function citedStatements(answer: string): readonly CitedStatement[] {
  let start = 0;
  return [...answer.matchAll(MARKERS)].flatMap((match) => {
    const before = answer.slice(start, match.index);
    start = match.index + match[0].length;
    const line = before.trim().split("\n").at(-1)?.trim() ?? "";
    const statement = LAST_SENTENCE.exec(line)?.groups?.["sentence"] ?? line;
    return [...match[0].matchAll(/\d+/g)].map(([marker]) => ({ marker: Number(marker), statement }));
  });
}

/**
 * Whether a quote supports a sentence, as far as words can tell: it holds each number of the sentence and at least half
 * of its words. This is necessary but not sufficient: a negation goes unnoticed.
 */
export function isSupported(statement: string, quote: string): boolean {
  const words = normaliseAnswer(statement).split(" ");
  const known = new Set(normaliseAnswer(quote).split(" "));
  if (words.join("") === "") return false;
  const numbers = words.filter((word) => /\d/.test(word));
  if (!numbers.every((number) => known.has(number))) return false;
  return words.filter((word) => known.has(word)).length >= words.length * LEAST_WORDS;
}
