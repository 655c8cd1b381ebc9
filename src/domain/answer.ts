import type { LineRange, Span } from "./document.ts";
import type { Hit, Interpretation } from "./hit.ts";
import type { Usage } from "./usage.ts";

/** How a question ended: answered, answered in part or on weak evidence, or not at all. */
export type AnswerStatus = "answered" | "partial" | "insufficient";

/** Why a model's reply ended early: its token limit, or the endpoint's content filter. */
export type ReplyCut = "length" | "content_filter";

/** A marker `[n]` of an answer, bound to a quoted span that was checked against the stored text. */
export interface Citation extends Pick<
  Hit,
  "source" | "root" | "documentId" | "title" | "heading" | "score" | "metadata"
> {
  readonly marker: number;
  /** Lines of the quoted span. */
  readonly lines: LineRange;
  /** The quoted span in the document's extracted text. */
  readonly span: Span;
  /** Page on which the quote begins, for a paged document. */
  readonly page: number | null;
  readonly quote: string;
  /** True when the quote was found in the stored text; citations that fail the check are dropped. */
  readonly verified: boolean;
}

/** A citation that was taken out of an answer. */
export interface DroppedCitation {
  readonly marker: number;
  readonly reason: string;
}

/** One search made for a question. */
export interface SearchSummary {
  readonly query: string;
  readonly hits: number;
  /** Present where something else was searched than the query alone. */
  readonly interpretation?: Interpretation;
}

/** Whether nothing was asked of the documents, and the answer says what there is to ask: "Hello", "What can you do?" */
export function isIntroduction({ rounds, searches }: Pick<Answer, "rounds" | "searches">): boolean {
  return rounds === 0 && searches.length === 0;
}

/** The search of a refused question that found something to lead to; undefined where the question is not refused. */
export function nearestSearch({ status, searches }: Pick<Answer, "status" | "searches">): SearchSummary | undefined {
  return status === "insufficient" ? searches.find(({ hits }) => hits > 0) : undefined;
}

/** A numbered passage of a context. */
export interface Passage {
  /** The number that `[n]` refers to; it keeps its meaning through all rounds of a question. */
  readonly marker: number;
  readonly hit: Hit;
}

/** The answer object that every entry gives. */
export interface Answer {
  readonly id: string;
  readonly question: string;
  readonly answer: string;
  readonly status: AnswerStatus;
  readonly citations: readonly Citation[];
  readonly droppedCitations: readonly DroppedCitation[];
  /** Requests to the assistant, one context each. */
  readonly rounds: number;
  readonly searches: readonly SearchSummary[];
  readonly model: string;
  readonly usage: Usage;
  /** Null where the model's price is unknown. */
  readonly cost: { readonly usd: number | null };
  readonly timing: { readonly retrieveMs: number; readonly generateMs: number; readonly totalMs: number };
  readonly conversationId: string;
  readonly context: readonly ContextEntry[];
  /** Why the answer ended early; absent if it is complete. */
  readonly cutBy?: ReplyCut;
  /**
   * Warnings in sentences, such as that a reply was cut off, and advice if there is no answer; absent if there are
   * none.
   */
  readonly warnings?: readonly string[];
}

/** One passage of the last context, without its text. */
export type ContextEntry = Pick<Citation, "marker" | "source" | "root" | "documentId" | "lines" | "score">;

/** The events that show the progress of an answer. */
export type AnswerProgress =
  | {
      readonly type: "retrieval";
      readonly query: string;
      readonly hits: readonly Hit[];
      /** Present where something else was searched than the query alone. */
      readonly interpretation?: Interpretation;
    }
  /** The assistant asked for other passages. */
  | { readonly type: "context-update"; readonly round: number; readonly query: string }
  | { readonly type: "delta"; readonly text: string };

/** What happens while a question is answered; the last event is `answer`, or the generator throws. */
export type AnswerEvent = AnswerProgress | { readonly type: "answer"; readonly answer: Answer };
