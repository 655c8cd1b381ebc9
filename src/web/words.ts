import type { AnswerStatus, Citation } from "../domain/answer.ts";
import type { LineRange } from "../domain/document.ts";

/** What a status means, in plain words. */
export const STATUS_WORDS: Readonly<Record<AnswerStatus, { readonly label: string; readonly meaning: string }>> = {
  answered: { label: "Answered", meaning: "The documents answer this; every quote was checked." },
  partial: { label: "Partly answered", meaning: "The documents answer only part of this, or the evidence is weak." },
  insufficient: { label: "Not in the documents", meaning: "Nothing fitting was found, so nothing was made up." },
};

/** Questions to begin with, about the product's own handbook. */
export const EXAMPLE_QUESTIONS: readonly string[] = [
  "How do I install citewell?",
  "Which file formats can it read?",
  "What does “insufficient” mean?",
  "How do I use it with Qdrant?",
];

/** A number of bytes for people. */
export function byteWords(bytes: number): string {
  if (bytes < 1_000) return `${bytes}\u00A0B`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)}\u00A0kB`;
  return `${(bytes / 1_000_000).toFixed(1)}\u00A0MB`;
}

/** A duration for people. */
export function durationWords(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** A time as a day, in the reader's way, on one line. */
export function dayOf(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.valueOf())
    ? time
    : date.toLocaleDateString(undefined, { dateStyle: "medium" }).replaceAll(" ", "\u00A0");
}

/** Lines in words. */
export function lineWords({ start, end }: LineRange): string {
  return start === end ? `line ${start}` : `lines ${start}–${end}`;
}

/** Lines in words, with the page where there are pages. */
export function placeWords({ lines, page }: Pick<Citation, "lines" | "page">): string {
  return page === null ? lineWords(lines) : `${lineWords(lines)} · page ${page}`;
}

/** Where a line was broken at the edge of its page: behind some words and a letter or comma, before a small letter. */
const WRAPPED = /(?<=[^\n]{40}[\p{L}\p{N},])\n(?=\p{Ll}[\p{L}'’-]*[ ,.;])/gu;

/** As {@link WRAPPED} within a sentence, where a capital letter begins a name or, in German, a noun. */
const WRAPPED_SENTENCE = /(?<=[^\n]{40}[\p{L}\p{N},])\n(?=[\p{L}\p{N}])/gu;

/**
 * A text without the line breaks of its page, which would stand anywhere in a line of another width. A quote of a paged
 * document (`isSentence`) is one of its sentences, hence no heading with what follows it.
 */
export function withoutWrapping(text: string, { isSentence = false }: { readonly isSentence?: boolean } = {}): string {
  return text.replaceAll(isSentence ? WRAPPED_SENTENCE : WRAPPED, " ");
}
