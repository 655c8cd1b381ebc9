import { randomUUID } from "node:crypto";
import type { Answer, AnswerEvent } from "../domain/answer.ts";
import { answerBody, citationBody } from "./schemas/answer-schema.ts";
import type { AnsweredQuestion } from "../answering/use-cases.ts";
import type { ChatRequest, ChatRequestMessage } from "./schemas/chat-completion-schema.ts";
import { annotationsOf } from "./citation-annotations.ts";
import type { ServerSentEvent } from "./event-stream.ts";

/** What every part of one completion repeats. */
export interface CompletionHead {
  /** The model id that was asked for. */
  readonly model: string;
  readonly collection: string;
  /** Address of this server, without a slash at its end; the links of citations begin with it. */
  readonly baseUrl: string;
}

/** The text of the last user message; undefined when there is none. */
export function questionOf({ messages }: ChatRequest): string | undefined {
  const last = messages.findLast(({ role }) => role === "user");
  return last === undefined ? undefined : (textOf(last) ?? "");
}

/** The type of a part of the question that is no text, such as `image_url`; undefined where all of it is text. */
export function unreadPartOf({ messages }: ChatRequest): string | undefined {
  const content = messages.findLast(({ role }) => role === "user")?.content;
  return Array.isArray(content) ? content.find(({ type }) => type !== "text")?.type : undefined;
}

/** Earlier user messages with the assistant's messages behind each; one without an answer has an empty one. */
export function historyOf({ messages }: ChatRequest): readonly AnsweredQuestion[] {
  const last = messages.findLastIndex(({ role }) => role === "user");
  const turns: { question: string; answer: string }[] = [];
  for (const message of messages.slice(0, Math.max(0, last))) {
    const text = textOf(message) ?? "";
    const turn = turns.at(-1);
    if (message.role === "user" && text.trim() !== "") turns.push({ question: text, answer: "" });
    if (message.role === "assistant" && turn !== undefined) turn.answer = [turn.answer, text].join("\n").trim();
  }
  return turns;
}

function textOf({ content }: ChatRequestMessage): string | undefined {
  if (content === undefined || content === null || typeof content === "string") return content ?? undefined;
  return content.flatMap(({ type, text }) => (type === "text" && text !== undefined ? [text] : [])).join("\n");
}

/** A whole answer as a chat completion. */
export function completionBody(
  answer: Answer,
  { model, collection, baseUrl }: CompletionHead,
): Record<string, unknown> {
  const { citations } = answer;
  return {
    id: newId(),
    object: "chat.completion",
    created: nowSeconds(),
    model,
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: answer.answer,
          refusal: null,
          annotations: annotationsOf(answer.answer, { citations, collection, baseUrl }),
        },
        logprobs: null,
        finish_reason: answer.cutBy ?? "stop",
      },
    ],
    usage: usageBody(answer),
    citations: citations.map(citationBody),
    citewell: answerBody(answer),
  };
}

/** The events of an answer as chunks of a completion, `[DONE]` last. */
export async function* completionChunks(
  events: AsyncGenerator<AnswerEvent, unknown>,
  { model, collection, baseUrl, includeUsage }: CompletionHead & { readonly includeUsage: boolean },
): AsyncGenerator<ServerSentEvent> {
  const head = { id: newId(), object: "chat.completion.chunk", created: nowSeconds(), model };
  const chunk = (part: Record<string, unknown>): ServerSentEvent => ({
    data: JSON.stringify({ ...head, ...part, ...(includeUsage && !("usage" in part) ? { usage: null } : {}) }),
  });
  const choice = (delta: Record<string, unknown>, finishReason: string | null = null): Record<string, unknown> => ({
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
  });

  let sent: string | null = null;
  for await (const event of events) {
    if (event.type !== "delta" && event.type !== "answer") continue;
    // Not before there is something to say: until then a failure can still be an HTTP status, which clients try again.
    if (sent === null) yield chunk(choice({ role: "assistant", content: "" }));
    sent ??= "";
    if (event.type === "delta") {
      sent += event.text;
      yield chunk(choice({ content: event.text }));
      continue;
    }
    const { answer } = event;
    // The answer may be longer than what was streamed. Where it is another one, `citewell` has it: what was sent cannot be
    // taken back.
    const rest = answer.answer.startsWith(sent) ? answer.answer.slice(sent.length) : "";
    if (rest !== "") yield chunk(choice({ content: rest }));
    const { citations } = answer;
    const annotations = annotationsOf(sent + rest, { citations, collection, baseUrl });
    const whole = { citations: citations.map(citationBody), citewell: answerBody(answer) };
    yield chunk({ ...choice({ annotations }, answer.cutBy ?? "stop"), ...whole });
    if (includeUsage) yield chunk({ choices: [], usage: usageBody(answer) });
  }
  yield { data: "[DONE]" };
}

function usageBody({ usage: { promptTokens, completionTokens } }: Answer): Record<string, number> {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
}

function newId(): string {
  return `chatcmpl-${randomUUID()}`;
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}
