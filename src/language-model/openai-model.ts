import OpenAI from "openai";
import type { ToolCall } from "../domain/message.ts";
import type { Usage } from "../domain/usage.ts";
import { CitewellError } from "../errors.ts";
import type { TokenCounter } from "../tokens/token-counter.ts";
import type { LanguageModel, ModelReply, ModelRequest } from "./language-model.ts";
import { contextWindowOf, costOf, priceOf } from "./model-prices.ts";
import { adaptTo, NO_QUIRKS, toRequestBody } from "./openai-request.ts";
import type { Quirks } from "./openai-request.ts";
import { publicAddress, timedOut, translateModelError } from "./translate-model-error.ts";
import type { ModelCall } from "./translate-model-error.ts";

/** The address of OpenAI's own endpoint. */
export const OPENAI_BASE_URL = "https://api.openai.com/v1";

/** Options of {@link createOpenAiModel}. */
export interface OpenAiModelOptions {
  /** The model's name at the endpoint. */
  readonly model: string;
  /** Key of the endpoint; without one no `Authorization` header is sent, as local servers like it. */
  readonly apiKey?: string;
  /** Address in front of `/chat/completions`. @default "https://api.openai.com/v1" */
  readonly baseUrl?: string;
  /**
   * Milliseconds for a whole reply.
   * @default 120_000
   */
  readonly timeoutMs?: number;
  /** US dollars for 1,000 tokens of prompt and of reply. Default: the list price, where it is known. */
  readonly price?: readonly [prompt: number, completion: number];
  /** Tokens of prompt and reply together. Default: what is known of the model, else null. */
  readonly contextWindow?: number | null;
  /**
   * Whether to ask for a stream; an endpoint that refuses one is asked again without.
   * @default true
   */
  readonly stream?: boolean;
  /** Further headers, such as those a gateway wants. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Counts tokens where the endpoint does not say how many it took; without it four characters are taken as one. */
  readonly tokenCounter?: TokenCounter;
}

type Completion = OpenAI.Chat.Completions.ChatCompletion;
type CompletionChunk = OpenAI.Chat.Completions.ChatCompletionChunk;

/** A model behind any endpoint that speaks OpenAI's chat completions. It asks once: see `createFailoverModel`. */
export function createOpenAiModel(options: OpenAiModelOptions): LanguageModel {
  const { model, apiKey, baseUrl = OPENAI_BASE_URL, timeoutMs = 120_000 } = options;
  checkOptions({ ...options, baseUrl, timeoutMs });
  const client = createClient({ ...options, baseUrl, timeoutMs });
  const call: ModelCall = { model, baseUrl, apiKey, timeoutMs };
  // What the endpoint has refused is remembered, so that only the first request pays for it.
  let quirks: Quirks = { ...NO_QUIRKS, noStream: options.stream === false };

  return {
    name: model,
    contextWindow: options.contextWindow === undefined ? contextWindowOf(model) : options.contextWindow,
    async *stream(request) {
      request.signal?.throwIfAborted();
      const timeout = AbortSignal.timeout(timeoutMs);
      const signal = request.signal === undefined ? timeout : AbortSignal.any([request.signal, timeout]);
      for (;;) {
        try {
          const reply = createReply(request, options);
          yield* send(client, { request, quirks, signal, reply });
          // The client ends an aborted stream as if it were complete.
          request.signal?.throwIfAborted();
          if (timeout.aborted) throw timedOut(call);
          return finish(reply, call);
        } catch (error) {
          request.signal?.throwIfAborted();
          if (timeout.aborted) throw timedOut(call);
          const adapted = adaptTo(error, { quirks, request });
          if (adapted === null) throw translateModelError(error, call);
          quirks = adapted;
        }
      }
    },
  };
}

function checkOptions({ model, baseUrl, timeoutMs }: { model: string; baseUrl: string; timeoutMs: number }): void {
  if (model.trim() === "") throw new TypeError("model must be a model's name, not empty.");
  if (!(timeoutMs > 0)) throw new TypeError(`timeoutMs must be above 0, not ${String(timeoutMs)}.`);
  if (URL.canParse(baseUrl)) return;
  throw new CitewellError(
    "config_invalid",
    `The base URL of model ${model} is not a URL; write it with http:// or https://, such as "http://localhost:11434/v1".`,
  );
}

function createClient(options: OpenAiModelOptions & { baseUrl: string; timeoutMs: number }): OpenAI {
  const { apiKey, baseUrl, timeoutMs, headers } = options;
  const { address, authorization } = splitCredentials(baseUrl);
  // Everything is given, so that the client reads none of its own environment variables.
  return new OpenAI({
    apiKey: apiKey ?? "none",
    adminAPIKey: null,
    organization: null,
    project: null,
    baseURL: address,
    timeout: timeoutMs,
    maxRetries: 0,
    logLevel: "off",
    defaultHeaders: { ...(apiKey === undefined ? { Authorization: authorization } : {}), ...headers },
  });
}

/** `fetch` refuses an address with user and password; they become a header. */
function splitCredentials(baseUrl: string): { address: string; authorization: string | null } {
  const url = new URL(baseUrl);
  if (url.username === "" && url.password === "") return { address: baseUrl, authorization: null };
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = "";
  url.password = "";
  return { address: url.href, authorization: `Basic ${Buffer.from(credentials).toString("base64")}` };
}

interface ReplyInMaking {
  content: string;
  toolCalls: Map<number, { id: string; name: string; arguments: string }>;
  usage: Usage | null;
  model: string;
  finishReason: string | null;
  refusal: string;
  readonly request: ModelRequest;
  readonly options: OpenAiModelOptions;
}

function createReply(request: ModelRequest, options: OpenAiModelOptions): ReplyInMaking {
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

interface Sending {
  readonly request: ModelRequest;
  readonly quirks: Quirks;
  readonly signal: AbortSignal;
  readonly reply: ReplyInMaking;
}

async function* send(client: OpenAI, { request, quirks, signal, reply }: Sending): AsyncGenerator<string, void> {
  const params = toRequestBody(request, { model: reply.options.model, quirks });
  if (quirks.noStream) {
    readCompletion(await client.chat.completions.create({ ...params, stream: false }, { signal }), reply);
    if (reply.content !== "") yield reply.content;
    return;
  }
  const streamOptions = quirks.noStreamOptions ? {} : { stream_options: { include_usage: true } };
  const { data, response } = await client.chat.completions
    .create({ ...params, ...streamOptions, stream: true }, { signal })
    .withResponse();
  const mediaType = response.headers.get("content-type") ?? "";
  if (/\bjson\b/i.test(mediaType)) {
    // Some servers pass over `stream` and answer in one piece.
    const body: unknown = await response.json();
    if (!isCompletion(body)) throw new SyntaxError("The reply is no chat completion.");
    readCompletion(body, reply);
    if (reply.content !== "") yield reply.content;
    return;
  }
  if (/\bhtml\b/i.test(mediaType)) throw new SyntaxError("The reply is a web page.");
  for await (const chunk of data) {
    const text = readChunk(chunk, reply);
    if (text !== "") yield text;
  }
}

function isCompletion(value: unknown): value is Completion {
  return typeof value === "object" && value !== null && "choices" in value && Array.isArray(value.choices);
}

function readCompletion(completion: Completion, reply: ReplyInMaking): void {
  const choice = completion.choices?.[0];
  if (choice === undefined) throw new SyntaxError("The reply has no choices.");
  reply.content = choice.message.content ?? "";
  reply.refusal = choice.message.refusal ?? "";
  for (const [index, toolCall] of (choice.message.tool_calls ?? []).entries()) {
    if (toolCall.type !== "function") continue;
    reply.toolCalls.set(index, { id: toolCall.id, ...toolCall.function });
  }
  reply.finishReason = choice.finish_reason;
  readUsage(completion, reply);
}

function readChunk(chunk: CompletionChunk, reply: ReplyInMaking): string {
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

function finish(reply: ReplyInMaking, call: ModelCall): ModelReply {
  const { options } = reply;
  // A result is bound to its call by the id, so a call without one gets one.
  const toolCalls: ToolCall[] = [...reply.toolCalls].map(([index, toolCall]) => ({
    ...toolCall,
    id: toolCall.id === "" ? `call_${String(index + 1)}` : toolCall.id,
  }));
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

function emptyReply({ refusal, finishReason }: ReplyInMaking, { model, baseUrl }: ModelCall): CitewellError {
  const where = `${model} at ${publicAddress(baseUrl)}`;
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
