import type { Answer } from "./answer.ts";
import type { ChatMessage } from "./message.ts";

/** A stored exchange between the agents. */
export interface StoredConversation {
  readonly id: string;
  readonly collection: string;
  /** ISO 8601 times. */
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Every message of every round, with who said it. */
  readonly messages: readonly ChatMessage[];
  /** The answers given so far, oldest first. */
  readonly answers: readonly Answer[];
}

/** What a question adds to its conversation. */
export interface ConversationAddition {
  /** ISO 8601 time. */
  readonly at: string;
  readonly messages: readonly ChatMessage[];
  readonly answer: Answer;
}

/** A question of a conversation with what it led to: all that the search for the next question needs of it. */
export interface ConversationTurn {
  readonly question: string;
  /** A sentence of the answer that says what it was about; null where there was no answer. */
  readonly answer: string | null;
}
