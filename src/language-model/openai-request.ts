import { APIError } from "openai";
import type OpenAI from "openai";
import type { ChatMessage } from "../domain/message.ts";
import { errorMessage } from "../errors.ts";
import type { ModelRequest, ToolDescription } from "./language-model.ts";

/** Options that an endpoint has been found to refuse. */
export interface Quirks {
  readonly noStream: boolean;
  readonly noStreamOptions: boolean;
  /** Wants `max_completion_tokens` in place of `max_tokens`. */
  readonly completionTokens: boolean;
  readonly noTemperature: boolean;
  readonly noSeed: boolean;
  readonly noResponseFormat: boolean;
}

/** An endpoint that takes everything. */
export const NO_QUIRKS: Quirks = {
  noStream: false,
  noStreamOptions: false,
  completionTokens: false,
  noTemperature: false,
  noSeed: false,
  noResponseFormat: false,
};

type RequestBody = Omit<OpenAI.Chat.Completions.ChatCompletionCreateParams, "stream" | "stream_options">;

/** The body of a chat completion, without what the endpoint is known to refuse. */
export function toRequestBody(
  request: ModelRequest,
  { model, quirks }: { model: string; quirks: Quirks },
): RequestBody {
  const { messages, tools, temperature, topP, maxTokens, seed, stop, responseFormat } = request;
  const { presencePenalty, frequencyPenalty } = request;
  const names = new Set(messages.flatMap(({ role, name }) => (role === "user" && name !== undefined ? [name] : [])));
  return {
    model,
    // A name tells speakers of one role apart. Some endpoints refuse it, so it is sent only if there are several.
    messages: messages.map((message) => toMessage(message, names.size > 1)),
    ...(tools === undefined || tools.length === 0 ? {} : { tools: tools.map(toTool) }),
    ...(temperature === undefined || quirks.noTemperature ? {} : { temperature }),
    ...(maxTokens === undefined
      ? {}
      : quirks.completionTokens
        ? { max_completion_tokens: maxTokens }
        : { max_tokens: maxTokens }),
    ...(topP === undefined ? {} : { top_p: topP }),
    ...(presencePenalty === undefined ? {} : { presence_penalty: presencePenalty }),
    ...(frequencyPenalty === undefined ? {} : { frequency_penalty: frequencyPenalty }),
    ...(seed === undefined || quirks.noSeed ? {} : { seed }),
    ...(stop === undefined || stop.length === 0 ? {} : { stop: [...stop] }),
    ...(responseFormat !== "json" || quirks.noResponseFormat ? {} : { response_format: { type: "json_object" } }),
  };
}

/** The quirks to ask again with, after an endpoint refused an option that can be left out; null where there is none. */
export function adaptTo(error: unknown, { quirks, request }: { quirks: Quirks; request: ModelRequest }): Quirks | null {
  if (!(error instanceof APIError) || ![400, 404, 405, 415, 422, 501].includes(error.status ?? 0)) return null;
  const words = `${error.param ?? ""} ${errorMessage(error)}`;
  const streaming = !quirks.noStream;
  if (streaming && !quirks.noStreamOptions && /stream_options|include_usage/i.test(words)) {
    return { ...quirks, noStreamOptions: true };
  }
  if (streaming && /\bstream(?:ing)?\b/i.test(words)) return { ...quirks, noStream: true };
  if (request.maxTokens !== undefined && !quirks.completionTokens && /max_completion_tokens/i.test(words)) {
    return { ...quirks, completionTokens: true };
  }
  if (request.temperature !== undefined && !quirks.noTemperature && /\btemperature\b/i.test(words)) {
    return { ...quirks, noTemperature: true };
  }
  if (request.seed !== undefined && !quirks.noSeed && /\bseed\b/i.test(words)) return { ...quirks, noSeed: true };
  if (request.responseFormat === "json" && !quirks.noResponseFormat && /response_format/i.test(words)) {
    return { ...quirks, noResponseFormat: true };
  }
  return null;
}

function toTool({ name, description, parameters }: ToolDescription): OpenAI.Chat.Completions.ChatCompletionTool {
  return { type: "function", function: { name, description, parameters: { ...parameters } } };
}

function toMessage(
  { role, content, name, toolCalls = [], toolCallId }: ChatMessage,
  withNames: boolean,
): OpenAI.Chat.Completions.ChatCompletionMessageParam {
  if (role === "tool") return { role, content, tool_call_id: toolCallId ?? "" };
  if (role === "assistant" && toolCalls.length > 0) {
    return {
      role,
      content: content === "" ? null : content,
      tool_calls: toolCalls.map((call) => ({
        id: call.id,
        type: "function",
        function: { name: call.name, arguments: call.arguments },
      })),
    };
  }
  if (role === "user" && withNames && name !== undefined && /^[\w-]{1,64}$/.test(name)) return { role, content, name };
  return { role, content };
}
