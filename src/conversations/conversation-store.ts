import type { ConversationAddition, StoredConversation } from "../domain/conversation.ts";

/** What became of an addition to a conversation. */
export type AdditionOutcome =
  | "kept"
  /** Kept behind another one that was added since the conversation was read. */
  | "overtaken"
  /** The conversation was removed since it was read, and stays so. */
  | "gone";

/** Keeps conversations across processes. */
export interface ConversationStore {
  /** Null when there is none of that id. */
  get(id: string): Promise<StoredConversation | null>;
  /**
   * Waits until nobody else holds the conversation, in whichever process; the function it resolves to gives it back and
   * never rejects. A holder that was killed is not waited for: on the same machine not at all, elsewhere until its last
   * sign of life is too old. Rejects with the signal's reason when it aborts first.
   */
  hold(id: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<() => Promise<void>>;
  /**
   * Adds to a conversation as it was read, or begins it where it has no answers yet; whole or not at all. What others
   * added meanwhile stays.
   */
  add(conversation: StoredConversation, addition: ConversationAddition): Promise<AdditionOutcome>;
  /** False when there is none of that id. An answer under way is not added to it any more. */
  remove(id: string): Promise<boolean>;
}
