import { SpanKind } from "@opentelemetry/api";
import { inGeneratorSpan } from "../tracing/in-span.ts";
import type { LanguageModel } from "./language-model.ts";

/**
 * Makes one OpenTelemetry span of each call, with the attributes of the conventions for generative AI: model, tokens,
 * why it ended. No texts.
 */
export function createTracedModel(model: LanguageModel): LanguageModel {
  return {
    name: model.name,
    contextWindow: model.contextWindow,
    stream: (request) =>
      inGeneratorSpan(model.stream(request), {
        name: `chat ${model.name}`,
        kind: SpanKind.CLIENT,
        attributes: { "gen_ai.operation.name": "chat", "gen_ai.request.model": model.name },
        describe: ({ model: answered, usage, finishReason, costUsd, cached }) => ({
          "gen_ai.response.model": answered,
          "gen_ai.response.finish_reasons": [finishReason],
          "gen_ai.usage.input_tokens": usage.promptTokens,
          "gen_ai.usage.output_tokens": usage.completionTokens,
          "citewell.cached": cached === true,
          ...(costUsd === null ? {} : { "citewell.cost_usd": costUsd }),
        }),
      }),
  };
}
