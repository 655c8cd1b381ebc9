import type { ChatMessage } from "../domain/message.ts";
import { createConversation } from "./conversation.ts";
import type { Conversation } from "./conversation.ts";

/** The latest conversation of an agent with each partner, and whom it replies to. A chat itself does not need it. */
export interface Dialogues {
  /** With one partner, or of all the latest. */
  latest(partner?: string): Conversation | null;
  all(): readonly (readonly [partner: string, conversation: Conversation])[];
  keep(partner: string, conversation: Conversation): void;
  /** Keeps a conversation that begins now: the partner is replied to. */
  begin(partner: string, conversation: Conversation): void;
  /** Forgets one, or all. */
  forget(partner?: string): void;
  /** Null for a partner with whom no chat was opened. */
  replying(partner: string): boolean | null;
  /** Stops replying to one, or to all so far. */
  stopReplying(partner?: string): void;
  /** Forgets who is replied to and who is not. */
  replyToAll(): void;
}

/** Messages by partner, as `chatMessages` of another agent has them or as an object; what the agent itself said is `assistant`. */
export type EarlierMessages =
  | ReadonlyMap<string, readonly ChatMessage[]>
  | Readonly<Record<string, readonly ChatMessage[]>>;

/** The conversations of an agent, beginning with what was said before. */
export function createDialogues(owner: string, chatMessages: EarlierMessages = {}): Dialogues {
  const conversations = new Map<string, Conversation>();
  const replying = new Map<string, boolean>();
  let lastPartner: string | null = null;
  const dialogues: Dialogues = {
    latest(partner) {
      const name = partner ?? lastPartner;
      return name === null ? null : (conversations.get(name) ?? null);
    },
    all: () => [...conversations],
    keep(partner, conversation) {
      conversations.set(partner, conversation);
      lastPartner = partner;
    },
    begin(partner, conversation) {
      dialogues.keep(partner, conversation);
      replying.set(partner, true);
    },
    forget(partner) {
      if (partner === undefined) conversations.clear();
      else conversations.delete(partner);
      if (partner === undefined || partner === lastPartner) lastPartner = null;
    },
    replying: (partner) => replying.get(partner) ?? null,
    stopReplying(partner) {
      if (partner !== undefined) replying.set(partner, false);
      else for (const name of replying.keys()) replying.set(name, false);
    },
    replyToAll: () => replying.clear(),
  };
  const earlier: Iterable<readonly [string, readonly ChatMessage[]]> =
    chatMessages instanceof Map ? chatMessages : Object.entries(chatMessages);
  for (const [partner, messages] of earlier) {
    const conversation = createConversation([owner, partner]);
    for (const message of messages) {
      conversation.messages.push({ ...message, name: message.role === "assistant" ? owner : partner });
    }
    dialogues.keep(partner, conversation);
  }
  return dialogues;
}
