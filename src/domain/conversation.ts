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
