import type { Passage, SearchSummary } from "../../domain/answer.ts";
import type { Evidence, SearchFilter, SearchMode } from "../../domain/hit.ts";
import type { RetrieveOptions } from "../../retrieval/retrieve.ts";
import type { SkippedPassage } from "../chat-result.ts";
import type { AgentState } from "../conversation.ts";
import type { RetrieveTask } from "./prompts.ts";

/** What a search for the question itself goes by; see `RetrieveOptions`. */
export type QuestionReading = Pick<RetrieveOptions, "interpret" | "conversation" | "rewriting">;

/** A question as it was asked. */
interface AskedQuestion {
  readonly question: string;
  readonly task: RetrieveTask;
  /** Spans a round adds at most. */
  readonly limit: number;
  /** Prompts at most; null for no limit of its own. */
  readonly maxRounds: number | null;
  readonly filter: SearchFilter | null;
  readonly mode: SearchMode | null;
  /** Text that every passage must hold; empty for none. */
  readonly searchString: string;
  /** How the question is read; searches for an assistant's own words are made as they are. */
  readonly reading: QuestionReading;
  /** Number of messages in front of the question's first prompt. */
  readonly firstMessage: number;
}

/** What a retrieval chat keeps between its rounds, in the conversation; plain JSON data. */
export interface RetrieveState extends AskedQuestion {
  /** The question without its misspelt words; null where none was found. */
  corrected: string | null;
  /** The question as it was understood from the conversation; null where it stands alone. */
  standalone: string | null;
  /** The questions in it, where it asks several; else empty. */
  parts: readonly string[];
  passages: Passage[];
  /** Ids of chunks that were shown, or can never be. */
  seen: string[];
  searches: SearchSummary[];
  skipped: SkippedPassage[];
  /** Prompts sent. */
  rounds: number;
  /** The best of all searches. */
  evidence: Evidence;
  /** The ranking has nothing more. */
  exhausted: boolean;
  retrieveMs: number;
}

/** The state before the first round. */
export function createRetrieveState(question: AskedQuestion): RetrieveState {
  return {
    ...question,
    corrected: null,
    standalone: null,
    parts: [],
    passages: [],
    seen: [],
    searches: [],
    skipped: [],
    rounds: 0,
    evidence: "none",
    exhausted: false,
    retrieveMs: 0,
  };
}

const KEY = "retrieval";

/** The state of the question that a conversation is about; null when there is none. */
export function retrieveStateOf(state: AgentState): RetrieveState | null {
  const value = state[KEY];
  return isRetrieveState(value) ? value : null;
}

/** Begins a question in a conversation. */
export function keepRetrieveState(state: AgentState, retrieveState: RetrieveState): void {
  state[KEY] = retrieveState;
}

function isRetrieveState(value: unknown): value is RetrieveState {
  return typeof value === "object" && value !== null && "question" in value && "passages" in value;
}
