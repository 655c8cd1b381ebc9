import type { AnswerTask } from "../answering/use-cases.ts";
import type { Span } from "../domain/document.ts";

/** What has to be found for a question. */
export interface EvalReference {
  /** Source, its end, or its name without ending. */
  readonly source: string;
  /** Where the passage lies in the document's text; null where the text alone, or the whole document, is meant. */
  readonly span: Span | null;
  /** The passage, word for word; null where the whole document is meant. */
  readonly text: string | null;
}

/** One question of an evaluation set. */
export interface EvalQuestion {
  readonly id: string;
  readonly question: string;
  /** What is searched: passages of documents, or files of code for a task. */
  readonly kind: "passages" | "code";
  /** Whether the right answer is that the documents do not hold it. */
  readonly unanswerable: boolean;
  readonly references: readonly EvalReference[];
  /** Right answers; any of them is. */
  readonly answers: readonly string[];
  /** What an answer must say: all of the list, each in one of its forms. */
  readonly must: readonly (readonly string[])[];
  /** What the passages found must hold. */
  readonly facts: readonly string[];
  readonly task?: AnswerTask;
}
