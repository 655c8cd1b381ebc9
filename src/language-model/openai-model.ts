import { checkOptions } from "../domain/check-options.ts";
import type { OptionKind } from "../domain/check-options.ts";
import { CitewellError } from "../errors.ts";
import type { LanguageModel } from "./language-model.ts";
import { contextWindowOf } from "./model-prices.ts";
import type { OpenAiModelOptions } from "./openai-call.ts";

/** The address of OpenAI's own endpoint. */
const OPENAI_BASE_URL = "https://api.openai.com/v1";

const KNOWN: Readonly<Record<keyof OpenAiModelOptions, OptionKind>> = {
  model: "name",
  price: "list",
  tokenCounter: "object",
  apiKey: "text",
  baseUrl: "text",
  timeoutMs: "positive",
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
  if (URL.canParse(baseUrl)) {
    checkCredentials(model, new URL(baseUrl));
    return;
  }
  throw new CitewellError(
    "config_invalid",
    `The base URL of model ${model} is not a URL; write it with http:// or https://, such as "http://localhost:11434/v1".`,
  );
}

function checkCredentials(model: string, { username, password }: URL): void {
  try {
    decodeURIComponent(username + password);
  } catch (cause) {
    throw new CitewellError(
      "config_invalid",
      `The user name or password in the base URL of model ${model} holds a "%" that encodes nothing; write it as "%25".`,
      { cause },
    );
  }
}
