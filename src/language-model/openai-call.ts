import OpenAI from "openai";
import { anySignal } from "../domain/any-signal.ts";
import { countOf } from "../domain/count-of.ts";
import { endpointAccess } from "../domain/endpoint-access.ts";
import { LONGEST_TIMER_MS } from "../domain/longest-timer.ts";
import type { LanguageModel, ModelRequest } from "./language-model.ts";
import { refusedPart, toRequestBody, type Quirk } from "./openai-request.ts";
import {
  createReply,
  finishReply,
  readChunk,
  readCompletion,
  type ReplyInMaking,
  type ReplyOptions,
} from "./openai-reply.ts";
import { timedOut, tooLong, translateModelError } from "./translate-model-error.ts";
import type { ModelCall } from "./translate-model-error.ts";

/** Options of `createOpenAiModel`. */
export interface OpenAiModelOptions extends ReplyOptions {
  /** Key of the endpoint; without one no `Authorization` header is sent, as local servers like it. */
  readonly apiKey?: string | undefined;
  /** Address in front of `/chat/completions`. @default "https://api.openai.com/v1" */
  readonly baseUrl?: string | undefined;
  /** Milliseconds for a whole reply. @default 120_000 */
  readonly timeoutMs?: number | undefined;
  /** Tokens of prompt and reply together. Default: what is known of the model, else null. */
  readonly contextWindow?: number | null | undefined;
  /** Whether to ask for a stream; an endpoint that refuses one is asked again without. @default true */
  readonly stream?: boolean | undefined;
  /** Further headers, such as those a gateway wants. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Options of a model with nothing left open. */
type CallOptions = OpenAiModelOptions & { readonly baseUrl: string; readonly timeoutMs: number };

/** Longest reply in characters: several times what the largest models write, so that an endless one does not fill the memory. */
const MAX_REPLY_LENGTH = 2_000_000;
/** Most bytes that it may take with its frames: a stream sends up to 400 for each token. */
const MAX_REPLY_BYTES = 100_000_000;

/** Makes the function that asks an endpoint: the `stream` of a model. */
export function createOpenAiCall(options: CallOptions): LanguageModel["stream"] {
  const { model, apiKey, baseUrl, timeoutMs } = options;
  const timeLimit = Math.min(Math.ceil(timeoutMs), LONGEST_TIMER_MS);
  const call: ModelCall = { model, baseUrl, apiKey, timeoutMs };
  const access = endpointAccess(baseUrl, options);
  const client = new OpenAI({ ...access, timeout: timeLimit, maxRetries: 0, fetch: createLimitedFetch(call) });
  // What the endpoint has refused is remembered, so that only the first request pays for it.
  let quirks: ReadonlySet<Quirk> = new Set<Quirk>(options.stream === false ? ["stream"] : []);

  return async function* stream(request) {
    request.signal?.throwIfAborted();
    const timeout = AbortSignal.timeout(timeLimit);
    const signal = anySignal(request.signal, timeout);
    for (;;) {
      const reply = createReply(request, options);
      // Another request may find something out while this one is on its way.
      const leftOut = quirks;
      try {
        for await (const text of send(client, { request, quirks: leftOut, signal, reply })) {
          if (lengthOf(reply) > MAX_REPLY_LENGTH) throw tooLong(call, countOf(MAX_REPLY_LENGTH, "character"));
          if (text !== "") yield text;
        }
        // The client ends an aborted stream as if it were complete, so the signal is checked here.
        request.signal?.throwIfAborted();
        if (timeout.aborted) throw timedOut(call);
        return finishReply(reply, call);
      } catch (error) {
        request.signal?.throwIfAborted();
        if (timeout.aborted) throw timedOut(call);
        const refused = refusedPart(error, { quirks: leftOut, request });
        if (refused === null) throw translateModelError(error, { ...call, begun: hasBegun(reply) });
        quirks = new Set([...quirks, refused]);
      }
    }
  };
}

interface Sending {
  readonly request: ModelRequest;
  readonly quirks: ReadonlySet<Quirk>;
  readonly signal: AbortSignal;
  readonly reply: ReplyInMaking;
}

async function* send(client: OpenAI, { request, quirks, signal, reply }: Sending): AsyncGenerator<string, void> {
  const params = toRequestBody(request, { model: reply.options.model, quirks });
  if (quirks.has("stream")) {
    return yield* readCompletion(await client.chat.completions.create({ ...params, stream: false }, { signal }), reply);
  }
  const streamOptions = quirks.has("streamOptions") ? {} : { stream_options: { include_usage: true } };
  const { data, response } = await client.chat.completions
    .create({ ...params, ...streamOptions, stream: true }, { signal })
    .withResponse();
  const mediaType = response.headers.get("content-type") ?? "";
  // Some servers ignore `stream` and answer in one piece.
  if (/\bjson\b/i.test(mediaType)) return yield* readCompletion(await response.json(), reply);
  if (/\bhtml\b/i.test(mediaType)) throw new SyntaxError("The reply is a web page.");
  for await (const chunk of data) {
    // Also where it brings no text, so that whoever reads sees how the reply grows.
    yield readChunk(chunk, reply);
  }
  // A connection that a server or proxy closes regularly looks like the end of the reply. A complete text comes with
  // its finish reason, or with its usage. For tool calls some servers send neither, but their JSON shows whether it is
  // complete.
  if (reply.content !== "" && reply.toolCalls.size === 0 && reply.finishReason === null && reply.usage === null) {
    throw new Error("the connection was closed in the middle");
  }
}

function lengthOf({ content, refusal, toolCalls }: ReplyInMaking): number {
  const args = [...toolCalls.values()].reduce((sum, call) => sum + call.name.length + call.arguments.length, 0);
  return content.length + refusal.length + args;
}

/** A `fetch` whose replies fail where they become too large. */
function createLimitedFetch(call: ModelCall): typeof fetch {
  return async (...request) => {
    const response = await fetch(...request);
    if (response.body === null) return response;
    let bytes = 0;
    const limit = new TransformStream<Uint8Array, Uint8Array>({
      transform(piece, controller) {
        bytes += piece.length;
        if (bytes > MAX_REPLY_BYTES) controller.error(tooLong(call, countOf(MAX_REPLY_BYTES, "byte")));
        else controller.enqueue(piece);
      },
    });
    return new Response(response.body.pipeThrough(limit), response);
  };
}

function hasBegun({ content, toolCalls }: ReplyInMaking): boolean {
  return content !== "" || toolCalls.size > 0;
}
