import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { Tracer } from "@opentelemetry/api";
import { isCitewellError } from "../errors.ts";
import type { LanguageModel } from "./language-model.ts";

/** Options of {@link createTracedModel}. */
export interface TracedModelOptions {
  /**
   * Makes the spans.
   * @default the tracer `citewell` of the registered provider; without one nothing is recorded
   */
  readonly tracer?: Tracer;
}

/**
 * Makes one OpenTelemetry span of each call, with the attributes of the conventions for generative AI: model, tokens,
 * why it ended. No texts.
 */
export function createTracedModel(
  model: LanguageModel,
  { tracer = trace.getTracer("citewell") }: TracedModelOptions = {},
): LanguageModel {
  return {
    name: model.name,
    contextWindow: model.contextWindow,
    async *stream(request) {
      const span = tracer.startSpan(`chat ${model.name}`, {
        kind: SpanKind.CLIENT,
        attributes: { "gen_ai.operation.name": "chat", "gen_ai.request.model": model.name },
      });
      const inside = trace.setSpan(context.active(), span);
      const pieces = model.stream(request);
      try {
        for (;;) {
          const next = await context.with(inside, () => pieces.next());
          if (next.done !== true) {
            yield next.value;
            continue;
          }
          const { model: answered, usage, finishReason, costUsd, cached } = next.value;
          span.setAttributes({
            "gen_ai.response.model": answered,
            "gen_ai.response.finish_reasons": [finishReason],
            "gen_ai.usage.input_tokens": usage.promptTokens,
            "gen_ai.usage.output_tokens": usage.completionTokens,
            "citewell.cached": cached === true,
            ...(costUsd === null ? {} : { "citewell.cost_usd": costUsd }),
          });
          return next.value;
        }
      } catch (error) {
        const kind = isCitewellError(error) ? error.code : "error";
        span.setAttribute("error.type", kind);
        span.setStatus({ code: SpanStatusCode.ERROR, message: kind });
        throw error;
      } finally {
        // Nothing is left to close in a reply that ended.
        await context.with(inside, () => closeEarly(pieces));
        span.end();
      }
    },
  };
}

async function closeEarly(pieces: AsyncGenerator<unknown, unknown>): Promise<void> {
  await pieces.return(undefined);
}
