import type { AnswerTask } from "../answering/use-cases.ts";
import type { Span } from "../domain/document.ts";

/** What has to be found for a question. */
export interface EvalReference {
  /** A source, the end of its path, or its file name without ending. */
  readonly source: string;
  /** Where the passage lies in the document's text; null if only its text is given, or the whole document is meant. */
  readonly span: Span | null;
  /** The passage, word for word; null if the whole document is meant. */
  readonly text: string | null;
}

/** One question of an evaluation set. */
export interface EvalQuestion {
  readonly id: string;
  readonly question: string;
  /** What is searched: passages of documents, or files of code for a task. */
  readonly kind: "passages" | "code";
  /** Whether the documents do not hold an answer, so that the right answer is to say so. */
  readonly unanswerable: boolean;
  readonly references: readonly EvalReference[];
  /** The right answers; any one of them will do. */
  readonly answers: readonly string[];
  /** Statements that an answer must make, each in one of its forms. */
  readonly must: readonly (readonly string[])[];
  /** Words that the passages found must hold. */
  readonly facts: readonly string[];
  readonly task?: AnswerTask;
}
