import { checkOptions } from "../domain/check-options.ts";
import type { OptionKind } from "../domain/check-options.ts";
import { CitewellError } from "../errors.ts";
import type { LanguageModel } from "./language-model.ts";
import { contextWindowOf } from "./model-prices.ts";
import type { ReplyOptions } from "./openai-reply.ts";

/** The address of OpenAI's own endpoint. */
export const OPENAI_BASE_URL = "https://api.openai.com/v1";

/** Options of {@link createOpenAiModel}. */
export interface OpenAiModelOptions extends ReplyOptions {
  /** Key of the endpoint; without one no `Authorization` header is sent, as local servers like it. */
  readonly apiKey?: string;
  /** Address in front of `/chat/completions`. @default "https://api.openai.com/v1" */
  readonly baseUrl?: string;
  /**
   * Milliseconds for a whole reply.
   * @default 120_000
   */
  readonly timeoutMs?: number;
  /** Tokens of prompt and reply together. Default: what is known of the model, else null. */
  readonly contextWindow?: number | null;
  /**
   * Whether to ask for a stream; an endpoint that refuses one is asked again without.
   * @default true
   */
  readonly stream?: boolean;
  /** Further headers, such as those a gateway wants. @default none */
  readonly headers?: Readonly<Record<string, string>>;
}

const KNOWN: Readonly<Record<keyof OpenAiModelOptions, OptionKind>> = {
  model: "name",
  price: "list",
  tokenCounter: "object",
  apiKey: "text",
  baseUrl: "text",
  timeoutMs: "seconds",
  contextWindow: true,
  stream: "flag",
  headers: "object",
};

const INSTEAD: Readonly<Record<string, string>> = {
  timeout: "write timeoutMs, in milliseconds",
  timeoutSeconds: "write timeoutMs, in milliseconds",
};

/**
 * A model behind any endpoint that speaks OpenAI's chat completions. It asks once: see `createFailoverModel`. The client is
 * loaded with the first request.
 */
export function createOpenAiModel(options: OpenAiModelOptions): LanguageModel {
  checkOptions(options, { owner: "createOpenAiModel", known: KNOWN, instead: INSTEAD });
  const { model, baseUrl = OPENAI_BASE_URL, timeoutMs = 120_000 } = options;
  checkEndpoint(model, baseUrl);
  let calling: Promise<LanguageModel["stream"]> | undefined;
  return {
    name: model,
    contextWindow: options.contextWindow === undefined ? contextWindowOf(model) : options.contextWindow,
    async *stream(request) {
      request.signal?.throwIfAborted();
      calling ??= import("./openai-call.ts").then((call) => call.createOpenAiCall({ ...options, baseUrl, timeoutMs }));
      const call = await calling;
      return yield* call(request);
    },
  };
}

function checkEndpoint(model: string, baseUrl: string): void {
  if (model === undefined) throw new TypeError('createOpenAiModel needs the model\'s name: { model: "gpt-4o" }.');
  if (URL.canParse(baseUrl)) return;
  throw new CitewellError(
    "config_invalid",
    `The base URL of model ${model} is not a URL; write it with http:// or https://, such as "http://localhost:11434/v1".`,
  );
}
