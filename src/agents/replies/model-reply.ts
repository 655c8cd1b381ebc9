import type { ChatMessage } from "../../domain/message.ts";
import { passOn } from "../../domain/pass-on.ts";
import { runToEnd } from "../../domain/run-to-end.ts";
import type { LanguageModel, ModelRequest } from "../../language-model/language-model.ts";
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
  const reply = yield* passOn(model.stream(request), (text) => [{ type: "delta" as const, text }]);
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

/** Calls a model whose text nobody reads as it comes. */
export async function askModel(
  request: ModelRequest,
  options: ModelCallOptions,
): Promise<{ readonly message: ChatMessage; readonly modelCall: ModelCallRecord }> {
  return runToEnd(callModel(request, options));
}
