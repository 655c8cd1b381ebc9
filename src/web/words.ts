import type { AnswerStatus } from "../domain/answer.ts";

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
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** A duration for people. */
export function durationWords(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** A count with its noun. */
export function countWords(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}
