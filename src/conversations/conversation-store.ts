import type { StoredConversation } from "../domain/conversation.ts";

/** Keeps conversations across processes. */
export interface ConversationStore {
  /** Null when there is none of that id. */
  get(id: string): Promise<StoredConversation | null>;
  /** Stores or replaces a conversation, whole or not at all. */
  put(conversation: StoredConversation): Promise<void>;
}
