import type OpenAI from "openai";
import { isJsonObject } from "../domain/json-object.ts";
import type { ToolCall } from "../domain/message.ts";
import type { Usage } from "../domain/usage.ts";
import { CitewellError } from "../errors.ts";
import type { TokenCounter } from "../tokens/token-counter.ts";
import type { ModelReply, ModelRequest } from "./language-model.ts";
import { costOf, priceOf } from "./model-prices.ts";
import { whereOf } from "./translate-model-error.ts";
import type { ModelCall } from "./translate-model-error.ts";

type Completion = OpenAI.Chat.Completions.ChatCompletion;
type CompletionChunk = OpenAI.Chat.Completions.ChatCompletionChunk;

/** What the reading of a reply needs to know of its model. */
export interface ReplyOptions {
  /** The model's name at the endpoint. */
  readonly model: string;
  /** US dollars for 1,000 tokens of prompt and of reply. Default: the list price, where it is known. */
  readonly price?: readonly [prompt: number, completion: number] | undefined;
  /** Counts tokens where the endpoint does not say how many it took; without it four characters are taken as one. */
  readonly tokenCounter?: TokenCounter | undefined;
}

/** A reply that is being received. */
export interface ReplyInMaking {
  content: string;
  toolCalls: Map<number, { id: string; name: string; arguments: string }>;
  usage: Usage | null;
  model: string;
  finishReason: string | null;
  refusal: string;
  readonly request: ModelRequest;
  readonly options: ReplyOptions;
}

/** Makes a reply of which nothing has been received yet. */
export function createReply(request: ModelRequest, options: ReplyOptions): ReplyInMaking {
  return {
    content: "",
    toolCalls: new Map(),
    usage: null,
    model: options.model,
    finishReason: null,
    refusal: "",
    request,
    options,
  };
}

function isCompletion(body: unknown): body is Completion {
  return isJsonObject(body) && Array.isArray(body["choices"]);
}

/** Takes a whole reply, and yields its text. */
export function* readCompletion(body: unknown, reply: ReplyInMaking): Generator<string, void> {
  if (!isCompletion(body)) throw new SyntaxError("The reply is no chat completion.");
  const [choice] = body.choices;
  if (choice === undefined) throw new SyntaxError("The reply has no choices.");
  reply.content = choice.message.content ?? "";
  reply.refusal = choice.message.refusal ?? "";
  for (const [index, toolCall] of (choice.message.tool_calls ?? []).entries()) {
    if (toolCall.type !== "function") continue;
    reply.toolCalls.set(index, { id: toolCall.id, ...toolCall.function });
  }
  reply.finishReason = choice.finish_reason;
  readUsage(body, reply);
  if (reply.content !== "") yield reply.content;
}

/** Adds a piece of a streamed reply; returns its text. */
export function readChunk(chunk: CompletionChunk, reply: ReplyInMaking): string {
  readUsage(chunk, reply);
  const choice = chunk.choices?.[0];
  if (choice === undefined) return "";
  if (choice.finish_reason !== null && choice.finish_reason !== undefined) reply.finishReason = choice.finish_reason;
  const delta = choice.delta ?? {};
  for (const part of delta.tool_calls ?? []) {
    const index = placeOf(part, reply);
    const known = reply.toolCalls.get(index) ?? { id: "", name: "", arguments: "" };
    reply.toolCalls.set(index, {
      id: filled(part.id) ?? known.id,
      name: filled(part.function?.name) ?? known.name,
      arguments: known.arguments + (part.function?.arguments ?? ""),
    });
  }
  reply.refusal += delta.refusal ?? "";
  reply.content += delta.content ?? "";
  return delta.content ?? "";
}

/** Some servers leave the index out: then a further id begins a further call. */
function placeOf({ index, id }: { index?: number | null; id?: string | null }, { toolCalls }: ReplyInMaking): number {
  if (typeof index === "number") return index;
  const last = toolCalls.size - 1;
  const begins = last < 0 || (filled(id) !== undefined && toolCalls.get(last)?.id !== id);
  return begins ? last + 1 : last;
}

/** Later pieces of a call repeat an empty id or name at some servers. */
function filled(text: string | null | undefined): string | undefined {
  return text === null || text === "" ? undefined : text;
}

function readUsage(source: Completion | CompletionChunk, reply: ReplyInMaking): void {
  if (typeof source.model === "string" && source.model !== "") reply.model = source.model;
  const { usage } = source;
  if (usage === null || usage === undefined) return;
  reply.usage = { promptTokens: usage.prompt_tokens ?? 0, completionTokens: usage.completion_tokens ?? 0 };
}

/** Completes a reply; throws if there is nothing in it. */
export function finishReply(reply: ReplyInMaking, call: ModelCall): ModelReply {
  const { options } = reply;
  const toolCalls = withOwnIds([...reply.toolCalls.values()]);
  const finishReason = readFinishReason(reply.finishReason, toolCalls.length > 0);
  if (reply.content === "" && toolCalls.length === 0) throw emptyReply(reply, call);
  const usage = reply.usage ?? estimateUsage(reply);
  const price =
    options.price === undefined
      ? (priceOf(reply.model) ?? priceOf(options.model))
      : { input: options.price[0] * 1_000, output: options.price[1] * 1_000 };
  return {
    content: reply.content,
    toolCalls,
    usage,
    costUsd: costOf(usage, price),
    model: options.model,
    finishReason,
  };
}

/** A result is bound to its call by the id, so a call without an id of its own gets one. */
function withOwnIds(toolCalls: readonly ToolCall[]): readonly ToolCall[] {
  return toolCalls.map((call, place) => {
    const isTaken = toolCalls.findIndex(({ id }) => id === call.id) < place;
    return call.id === "" || isTaken ? { ...call, id: `${call.id || "call"}_${String(place + 1)}` } : call;
  });
}

function emptyReply({ refusal, finishReason }: ReplyInMaking, call: ModelCall): CitewellError {
  const where = whereOf(call);
  if (refusal !== "") return new CitewellError("model_call_failed", `${where} declined to answer: ${refusal}`);
  if (finishReason === "content_filter") {
    return new CitewellError(
      "model_call_failed",
      `The content filter of ${where} kept the reply back; ask in other words.`,
    );
  }
  if (finishReason === "length") {
    return new CitewellError(
      "model_call_failed",
      `${where} spent its whole token limit before the first word of the reply; raise the limit or shorten the context.`,
    );
  }
  return new CitewellError("model_call_failed", `${where} sent an empty reply; ask again or try another model.`, {
    retryable: true,
  });
}

function readFinishReason(reason: string | null, hasToolCalls: boolean): ModelReply["finishReason"] {
  if (reason === "stop" || reason === "length" || reason === "tool_calls" || reason === "content_filter") return reason;
  return hasToolCalls ? "tool_calls" : "other";
}

function estimateUsage({ content, request, options: { tokenCounter } }: ReplyInMaking): Usage {
  const count = (text: string): number => tokenCounter?.count(text) ?? Math.ceil(text.length / 4);
  return {
    promptTokens: request.messages.reduce((sum, message) => sum + count(message.content), 0),
    completionTokens: count(content),
  };
}
