import { checkNeeded, having } from "../../domain/check-options.ts";
import { checkAgent } from "../check-agent.ts";
import type { ChatMessage } from "../../domain/message.ts";
import { passOn } from "../../domain/pass-on.ts";
import type { Usage } from "../../domain/usage.ts";
import type { Agent, ReplyEvent } from "../agent.ts";
import { sumCostUsd, sumUsage } from "../chat-result.ts";
import type { RetrievalOutcome } from "../chat-result.ts";
import { mayBecomeRequest, readContextRequest } from "./context-request.ts";
import { fitHistory } from "./fit-history.ts";
import { createConversation } from "../conversation.ts";
import type { Conversation, ConversationMessage, ConversationOutcome } from "../conversation.ts";
import { runTwoAgentChat } from "../conversation/two-agent-chat.ts";
import type { ChatEvent } from "../conversation/two-agent-chat.ts";
import type { QuestionOptions } from "./retrieve-proxy-options.ts";
import type { RetrieveUserProxyAgent } from "./retrieve-user-proxy-agent.ts";
import { withoutMarkers } from "./without-markers.ts";

/** Options of {@link runRetrieveChat}. */
export interface RetrieveChatOptions extends QuestionOptions {
  /** Searches and makes the prompts. */
  readonly proxy: RetrieveUserProxyAgent;
  /** Answers from the passages. */
  readonly assistant: Agent;
  /** Prompts to the assistant at most. @default 4 */
  readonly maxRounds?: number | undefined;
  /**
   * Earlier questions (role `user`) and answers (role `assistant`) of the same conversation, oldest first. Those that take
   * more than half of the token budget give way, the oldest first.
   * @default none
   */
  readonly history?: readonly ChatMessage[] | undefined;
}

/** What happens while a question is asked. */
export type RetrieveChatEvent = ReplyEvent;

/** How a question ended. */
export interface RetrieveChatResult extends RetrievalOutcome {
  readonly outcome: ConversationOutcome;
  readonly usage: Usage;
  /** Null where the price is unknown. */
  readonly costUsd: number | null;
  /** The model that answered last; null when none was asked. */
  readonly model: string | null;
  /** Every message of this question, of all rounds; without the history. */
  readonly messages: readonly ConversationMessage[];
  /** The whole conversation as data. */
  readonly conversation: Conversation;
  readonly timing: { readonly retrieveMs: number; readonly generateMs: number };
}

/**
 * Asks an assistant one question over retrieved passages. The text of a reply is passed on as it comes, but for a
 * request for other passages, which is not part of the answer.
 */
export async function* runRetrieveChat(
  options: RetrieveChatOptions,
): AsyncGenerator<RetrieveChatEvent, RetrieveChatResult> {
  checkAsked(options);
  const { proxy, assistant, history = [], maxRounds = 4, ...asked } = options;
  const { question, signal } = asked;
  const start = performance.now();
  signal?.throwIfAborted();
  const conversation = createConversation([proxy.name, assistant.name]);
  const earlier = history.map((message) => asHistory(message, options));
  if (earlier.length > 0) conversation.messages.push(...fitHistory(earlier, await proxy.tokenBudgetFor(assistant)));
  const opening = yield* proxy.askQuestion(conversation, {
    recipient: assistant,
    options: { ...asked, maxRounds },
  });
  let { outcome } = opening;
  if (outcome === null) {
    const { message } = opening;
    const events = runTwoAgentChat({ initiator: proxy, recipient: assistant, conversation, message, signal });
    outcome = yield* withheld(events, options);
  } else {
    const message: ConversationMessage = { role: "user", content: question, name: proxy.name };
    conversation.messages.push(message);
    conversation.outcome = outcome;
    yield { type: "message", message };
  }
  return toResult(conversation, { options, outcome, totalMs: performance.now() - start });
}

/** Throws a `TypeError` for what no question can be asked with. */
function checkAsked(options: RetrieveChatOptions): void {
  checkNeeded("The argument of runRetrieveChat", options, "object");
  checkNeeded("runRetrieveChat.proxy", options.proxy, having("askQuestion", "a RetrieveUserProxyAgent"));
  checkAgent(options.assistant, "runRetrieveChat.assistant");
  checkNeeded("runRetrieveChat.question", options.question, "name");
}

/** Numbers of earlier answers refer to earlier passages: left in, they would be taken for the new ones. */
function asHistory(message: ChatMessage, { proxy, assistant }: RetrieveChatOptions): ConversationMessage {
  const own = message.role !== "assistant";
  const content = own ? message.content : withoutMarkers(message.content);
  return { role: own ? "user" : "assistant", content, name: own ? proxy.name : assistant.name };
}

/** Passes the events on, and holds back what the assistant says until it is clear that it is no request. */
async function* withheld(
  events: AsyncGenerator<ChatEvent, ConversationOutcome>,
  { proxy, assistant }: RetrieveChatOptions,
): AsyncGenerator<RetrieveChatEvent, ConversationOutcome> {
  let held = "";
  let shown = false;
  // Whether an answer lacks the wanted words shows at its end only.
  const holdsAll = (proxy.retrieveConfig.customizedAnswerPrefix ?? "") !== "";
  return yield* passOn(events, function* (event): Generator<RetrieveChatEvent> {
    if (event.type === "delta") {
      if (event.sender !== assistant.name) return;
      held += event.text;
      if (!shown && (holdsAll || mayBecomeRequest(held))) return;
      shown = true;
      yield { type: "delta", text: held };
      held = "";
    } else if (event.type === "message") {
      const isAnswer = readContextRequest(event.message) === null && !proxy.wantsUpdate(event.message);
      if (held !== "" && event.sender === assistant.name && isAnswer) yield { type: "delta", text: held };
      [held, shown] = ["", false];
      yield { type: "message", message: event.message };
    } else {
      const { sender: _sender, ...rest } = event;
      yield rest;
    }
  });
}

function toResult(
  conversation: Conversation,
  { options, outcome, totalMs }: { options: RetrieveChatOptions; outcome: ConversationOutcome; totalMs: number },
): RetrieveChatResult {
  const { proxy } = options;
  const retrieval = proxy.outcomeOf(conversation);
  const state = proxy.stateOf(conversation);
  if (retrieval === null || state === null) {
    throw new Error("A retrieval chat ended without a state; it must be begun by askQuestion.");
  }
  const calls = conversation.modelCalls;
  return {
    ...retrieval,
    outcome,
    usage: sumUsage(calls),
    costUsd: sumCostUsd(calls),
    model: calls.at(-1)?.model ?? null,
    messages: conversation.messages.slice(state.firstMessage),
    conversation,
    timing: { retrieveMs: state.retrieveMs, generateMs: Math.max(0, totalMs - state.retrieveMs) },
  };
}
