import { randomUUID } from "node:crypto";
import type { ConversationStore } from "../conversations/conversation-store.ts";
import { DEFAULT_COLLECTION } from "../domain/collection.ts";
import type { ConversationAddition, StoredConversation } from "../domain/conversation.ts";
import { CitewellError, isCitewellError } from "../errors.ts";
import type { TurnQueue } from "./turn-queue.ts";
import type { AnswerRequest } from "./use-cases.ts";

/** A question's turn in its conversation. */
export interface TakenTurn {
  /** The conversation with all answers before this one. */
  readonly earlier: StoredConversation;
  /** Lets the next question begin; never rejects. */
  readonly end: () => Promise<void>;
}

/**
 * Waits for a question's turn in its conversation, first in this process, then among all that share the conversations, and
 * only then for room to work.
 *
 * @throws CitewellError `conversation_missing`, `usage_invalid` for another collection than the conversation's, and
 * `rate_limited` when too many wait.
 */
export async function takeTurn(
  request: AnswerRequest,
  { turns, conversations }: { readonly turns: TurnQueue; readonly conversations: ConversationStore },
): Promise<TakenTurn> {
  const { conversationId: id, signal, admit } = request;
  const held: (() => void | Promise<void>)[] = [];
  const end = async (): Promise<void> => {
    for (const giveBack of held.toReversed()) await giveBack();
  };
  try {
    held.push(await turns.begin(id, signal));
    if (id !== undefined) held.push(await hold(id, { conversations, signal }));
    const earlier = await conversationOf(request, conversations);
    if (admit !== undefined) held.push(await admit(signal));
    return { earlier, end };
  } catch (error) {
    await end();
    throw error;
  }
}

async function hold(
  id: string,
  { conversations, signal }: { readonly conversations: ConversationStore; readonly signal: AbortSignal | undefined },
): Promise<() => Promise<void>> {
  try {
    return await conversations.hold(id, { signal });
  } catch (error) {
    if (!isStoreFailure(error)) throw error;
    // A full disk must not cost an answer. What comes of it, an answer that is not kept or was overtaken, is told then.
    return async () => {};
  }
}

async function conversationOf(request: AnswerRequest, conversations: ConversationStore): Promise<StoredConversation> {
  const { conversationId: id, collection } = request;
  if (id === undefined) {
    const now = new Date().toISOString();
    const times = { createdAt: now, updatedAt: now };
    return { id: randomUUID(), collection: collection ?? DEFAULT_COLLECTION, ...times, messages: [], answers: [] };
  }
  const stored = await conversations.get(id);
  if (stored === null) {
    throw new CitewellError(
      "conversation_missing",
      `There is no conversation ${id}. Leave conversationId out to begin a new one.`,
    );
  }
  if (collection !== undefined && collection !== stored.collection) {
    throw new CitewellError(
      "usage_invalid",
      `The conversation ${id} is about the collection "${stored.collection}", not "${collection}". Begin a new one for another collection.`,
    );
  }
  return stored;
}

/** Keeps what a question added, and gives back sentences on what came in its way: none of it may cost the answer. */
export async function keepTurn(
  earlier: StoredConversation,
  addition: ConversationAddition,
  conversations: ConversationStore,
): Promise<readonly string[]> {
  try {
    switch (await conversations.add(earlier, addition)) {
      case "kept":
        return [];
      case "overtaken":
        return ["Another question was answered in this conversation meanwhile; this answer does not know of it."];
      case "gone":
        return [
          "The conversation was removed meanwhile, so this answer is not kept; ask without conversationId to begin a new one.",
        ];
    }
  } catch (error) {
    if (!isStoreFailure(error)) throw error;
    return [`${error.message} Follow-up questions will not know this answer.`];
  }
}

function isStoreFailure(error: unknown): error is CitewellError {
  return isCitewellError(error, "store_full") || isCitewellError(error, "store_failed");
}
