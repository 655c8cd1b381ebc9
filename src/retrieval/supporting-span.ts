import type { Span } from "../domain/document.ts";
import { analyse } from "../lexical/analyse.ts";
import { hasWords, splitSentences } from "../lexical/sentences.ts";
import { findQuote } from "./find-quote.ts";
import { rowReadOut } from "./row-read-out.ts";

const QUOTED = /"([^"\n]{8,})"|“([^“”\n]{8,})”|«([^«»\n]{8,})»/gu;
/** Quotation marks around fewer words are names and terms, not claims about the wording. */
const QUOTE_WORDS = 3;

/** The span of an explicit quotation; null when it is not there, undefined when the statement quotes nothing. */
export function quotedSpan(words: string, passage: string): Span | null | undefined {
  const quotes = [...words.matchAll(QUOTED)]
    .map((match) => match[1] ?? match[2] ?? match[3] ?? "")
    .filter((quote) => quote.split(/\s+/).length >= QUOTE_WORDS);
  const quote = quotes.at(-1);
  return quote === undefined ? undefined : findQuote(quote, passage);
}

/**
 * The span that supports a statement. In this order: its last two sentences, or the last one, where they stand in the
 * passage word for word; the row of a table that it reads out; the block of code that it introduces; the sentence of
 * the passage that shares most words with the statement, or else with the question.
 */
export function supportingSpan(
  { words, block }: { readonly words: string; readonly block: Span | null },
  passage: string,
  question: string,
): Span {
  const whole = { start: 0, end: passage.length };
  const statement = lastSentences(words, 1);
  const exact =
    findQuote(lastSentences(words, 2), passage) ?? findQuote(statement, passage) ?? findLabelled(words, passage);
  const row = rowReadOut(words, passage);
  // A cell may hold sentences of its own.
  const isWithinRow = row !== null && exact !== null && exact.start >= row.start && exact.end <= row.end;
  if (exact !== null && !isWithinRow) return withFinalMark(exact, passage);
  const sentences = splitSentences(passage);
  return (
    row ??
    block ??
    bestShared(sentences, passage, statement) ??
    bestShared(sentences, passage, question) ??
    sentences[0] ??
    whole
  );
}

/** The marker stands before the final mark of the answer's sentence; the stored sentence includes it. */
function withFinalMark({ start, end }: Span, passage: string): Span {
  const mark = /^[.!?…]+["'”’»)\]]*/u.exec(passage.slice(end));
  return { start, end: end + (mark?.[0].length ?? 0) };
}

function bestShared(sentences: readonly Span[], passage: string, text: string): Span | null {
  const wanted = new Set(analyse(text));
  let best: Span | null = null;
  let most = 0;
  for (const span of sentences) {
    const terms = new Set(analyse(passage.slice(span.start, span.end)));
    const shared = [...terms].filter((term) => wanted.has(term)).length;
    // Among equals the shorter sentence is the better proof.
    const score = shared === 0 ? 0 : shared + 1 / (terms.size + 1);
    if (score > most) [most, best] = [score, span];
  }
  return best;
}

/** "**2.4.0:** " in front of a statement says where it stands, and is no part of what is quoted. */
const LABEL = /^\*\*[^*\n]+:\*\*[ \t]+/;

/** What stands behind a label in the last paragraph: one quotation, however many sentences it has. */
function findLabelled(text: string, passage: string): Span | null {
  const paragraph = text.slice(text.lastIndexOf("\n\n") + 1).trim();
  return LABEL.test(paragraph) ? findQuote(paragraph.replace(LABEL, ""), passage) : null;
}

/** The last sentences of a text, from the beginning of one of them to the end. */
function lastSentences(text: string, count: number): string {
  const sentences = splitSentences(text).filter(({ start, end }) => hasWords(text.slice(start, end)));
  const first = sentences.slice(-count)[0];
  return first === undefined ? text : text.slice(first.start).trimEnd();
}
