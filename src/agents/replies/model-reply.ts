import type { ChatMessage } from "../../domain/message.ts";
import { showValue } from "../../domain/check-options.ts";
import { leaveAtAbort } from "../../domain/leave-at-abort.ts";
import { passOn } from "../../domain/pass-on.ts";
import type { LanguageModel, ModelReply, ModelRequest } from "../../language-model/language-model.ts";
import type { ReplyEvent } from "../agent.ts";
import type { ModelCallRecord } from "../conversation.ts";

/** Who calls a model and what for. */
export interface ModelCallOptions {
  readonly model: LanguageModel;
  /** Name of the agent that calls. */
  readonly agent: string;
  readonly purpose: NonNullable<ModelCallRecord["purpose"]>;
}

/** Calls a model; yields its text as it comes, and returns the message with the record of the call. */
export async function* callModel(
  request: ModelRequest,
  { model, agent, purpose }: ModelCallOptions,
): AsyncGenerator<ReplyEvent, { readonly message: ChatMessage; readonly modelCall: ModelCallRecord }> {
  const start = performance.now();
  const stream = leaveAtAbort(openStream(request, { model, agent }), request.signal);
  const reply = checkReply(yield* passOn(stream, (text) => [{ type: "delta" as const, text }]), { model, agent });
  const milliseconds = performance.now() - start;
  const { content, usage, costUsd, finishReason, toolCalls, cached, attempts = [] } = reply;
  const cutBy = finishReason === "length" || finishReason === "content_filter" ? finishReason : null;
  const message: ChatMessage = {
    role: "assistant",
    content,
    usage,
    model: reply.model,
    ...(toolCalls.length === 0 ? {} : { toolCalls }),
    // A reply that was cut off may lack what matters most.
    ...(cutBy === null ? {} : { standing: "partial" as const, cutBy }),
  };
  const modelCall: ModelCallRecord = {
    agent,
    model: reply.model,
    usage,
    costUsd,
    ...(purpose === "reply" ? {} : { purpose }),
    ...(cached === true ? { cached } : {}),
    ...(attempts.length > 1 ? { attempts } : {}),
    ...(cutBy === null ? {} : { cutBy }),
  };
  yield { type: "model-call", call: modelCall, milliseconds };
  return { message, modelCall };
}

type Caller = Pick<ModelCallOptions, "model" | "agent">;

function openStream(request: ModelRequest, { model, agent }: Caller): ReturnType<LanguageModel["stream"]> {
  const events = model.stream(request);
  if (typeof events?.next === "function" && typeof events.return === "function") return events;
  throw new TypeError(
    `stream of the model of ${agent} must be an async generator (async *stream), which ${MODEL_ADVICE}`,
  );
}

/** A model of somebody's own may leave out what chats count by. */
function checkReply(reply: ModelReply, { model, agent }: Caller): ModelReply {
  const lacks = Object.entries(REPLY_PARTS).filter(([, isRight]) => !isRight(reply ?? {}));
  if (lacks.length === 0) return reply;
  const names = lacks.map(([name]) => name).join(", ");
  const got = typeof reply === "object" && reply !== null ? `a reply without a right ${names}` : showValue(reply);
  throw new TypeError(
    `The model ${showValue(model.name)} of ${agent} gave ${got} at its end: its stream ${MODEL_ADVICE}`,
  );
}

const MODEL_ADVICE =
  'yields the text and returns the whole, such as { content: "Hello", toolCalls: [], usage: { promptTokens: 9, completionTokens: 1 }, costUsd: null, model: "my-model", finishReason: "stop" }.';

const REPLY_PARTS: Readonly<Record<string, (reply: Partial<ModelReply>) => boolean>> = {
  content: ({ content }) => typeof content === "string",
  toolCalls: ({ toolCalls }) => Array.isArray(toolCalls),
  usage: ({ usage }) => Number.isFinite(usage?.promptTokens) && Number.isFinite(usage?.completionTokens),
  costUsd: ({ costUsd }) => costUsd === null || Number.isFinite(costUsd),
  model: ({ model }) => typeof model === "string",
};
