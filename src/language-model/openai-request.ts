import { APIError } from "openai";
import type OpenAI from "openai";
import type { ChatMessage } from "../domain/message.ts";
import { errorMessage } from "../errors.ts";
import type { ModelRequest, ModelSettings, ToolDescription } from "./language-model.ts";

const QUIRKS = ["streamOptions", "stream", "maxTokens", "temperature", "seed", "responseFormat"] as const;

/** Something that an endpoint has been found to refuse. */
export type Quirk = (typeof QUIRKS)[number];

/** The words of the errors for what some endpoints refuse, and whether a request has it. The first that fits is left out. */
const REFUSED: Readonly<Record<Quirk, readonly [words: RegExp, isIn: (request: ModelRequest) => boolean]>> = {
  streamOptions: [/stream_options|include_usage/i, () => true],
  stream: [/\bstream(?:ing)?\b/i, () => true],
  /** They want `max_completion_tokens` in place of it. */
  maxTokens: [/max_completion_tokens/i, ({ maxTokens }) => maxTokens !== undefined],
  temperature: [/\btemperature\b/i, ({ temperature }) => temperature !== undefined],
  seed: [/\bseed\b/i, ({ seed }) => seed !== undefined],
  responseFormat: [/response_format/i, ({ responseFormat }) => responseFormat === "json"],
};

type RequestBody = Omit<OpenAI.Chat.Completions.ChatCompletionCreateParams, "stream" | "stream_options">;

/** The body of a chat completion, without what the endpoint is known to refuse. */
export function toRequestBody(
  request: ModelRequest,
  { model, quirks }: { model: string; quirks: ReadonlySet<Quirk> },
): RequestBody {
  const { messages, tools, temperature, topP, maxTokens, seed, stop, responseFormat } = request;
  const { presencePenalty, frequencyPenalty } = request;
  const names = new Set(messages.flatMap(({ role, name }) => (role === "user" && name !== undefined ? [name] : [])));
  return {
    model,
    // A name tells speakers of one role apart. Some endpoints refuse it, so it is sent only if there are several.
    messages: messages.map((message) => toMessage(message, names.size > 1)),
    ...(tools === undefined || tools.length === 0 ? {} : { tools: tools.map(toTool) }),
    ...(temperature === undefined || quirks.has("temperature") ? {} : { temperature }),
    ...(maxTokens === undefined
      ? {}
      : quirks.has("maxTokens")
        ? { max_completion_tokens: maxTokens }
        : { max_tokens: maxTokens }),
    ...(topP === undefined ? {} : { top_p: topP }),
    ...(presencePenalty === undefined ? {} : { presence_penalty: presencePenalty }),
    ...(frequencyPenalty === undefined ? {} : { frequency_penalty: frequencyPenalty }),
    ...(seed === undefined || quirks.has("seed") ? {} : { seed }),
    ...(stop === undefined || stop.length === 0 ? {} : { stop: [...stop] }),
    ...(responseFormat === "json" && quirks.has("responseFormat") ? {} : toFormat(responseFormat)),
  };
}

function toFormat(format: ModelSettings["responseFormat"]): Pick<RequestBody, "response_format"> {
  if (format === undefined || format === "text") return {};
  if (format === "json") return { response_format: { type: "json_object" } };
  const { name = "reply", description, schema, strict = true } = format;
  const described = description === undefined ? {} : { description };
  return {
    response_format: { type: "json_schema", json_schema: { name, ...described, schema: { ...schema }, strict } },
  };
}

/** What an endpoint refused that can be left out when it is asked again; null where there is nothing. */
export function refusedPart(
  error: unknown,
  { quirks, request }: { quirks: ReadonlySet<Quirk>; request: ModelRequest },
): Quirk | null {
  if (!(error instanceof APIError) || ![400, 404, 405, 415, 422, 501].includes(error.status ?? 0)) return null;
  const said = `${error.param ?? ""} ${errorMessage(error)}`;
  const refused = QUIRKS.find((name) => {
    const [words, isIn] = REFUSED[name];
    const isLeftOut = quirks.has(name) || (name === "streamOptions" && quirks.has("stream"));
    return !isLeftOut && isIn(request) && words.test(said);
  });
  return refused ?? null;
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
