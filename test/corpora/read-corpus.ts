import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Folder of the handbook's corpus. */
export const HANDBOOK: string = fileURLToPath(new URL("../../corpora/handbook", import.meta.url));

/** A page of a corpus. */
export interface CorpusPage {
  /** Name of the file. */
  readonly source: string;
  readonly text: string;
}

/** One line of a file of questions. */
export interface CorpusQuestion {
  readonly id: string;
  readonly question: string;
  readonly unanswerable?: boolean;
  readonly references: readonly { readonly source: string; readonly text: string }[];
}

/** The Markdown pages of a corpus, by name. */
export function readPages(corpus: string): readonly CorpusPage[] {
  const folder = join(corpus, "documents");
  return readdirSync(folder)
    .filter((name) => name.endsWith(".md"))
    .toSorted()
    .map((source) => ({ source, text: readFileSync(join(folder, source), "utf8") }));
}

/** The text of one page; fails for a page that is not there. */
export function readPage(corpus: string, source: string): string {
  return readFileSync(join(corpus, "documents", source), "utf8");
}

/** The questions of a corpus; fails on a line that is not JSON or lacks a key. */
export function readQuestions(corpus: string): readonly CorpusQuestion[] {
  const lines = readFileSync(join(corpus, "questions.jsonl"), "utf8").trimEnd().split("\n");
  return lines.map((line, index) => {
    const value: unknown = JSON.parse(line);
    if (isQuestion(value)) return value;
    throw new TypeError(`Line ${String(index + 1)} of the questions lacks id, question or references: ${line}`);
  });
}

function isQuestion(value: unknown): value is CorpusQuestion {
  if (typeof value !== "object" || value === null) return false;
  if (!("id" in value) || !("question" in value) || !("references" in value)) return false;
  const { id, question, references } = value;
  return (
    typeof id === "string" &&
    typeof question === "string" &&
    Array.isArray(references) &&
    references.every((reference: unknown) => isReference(reference))
  );
}

function isReference(value: unknown): boolean {
  if (typeof value !== "object" || value === null || !("source" in value) || !("text" in value)) return false;
  return typeof value.source === "string" && typeof value.text === "string";
}
