import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import { CitewellError } from "../../src/errors.ts";
import type { LanguageModel, ModelReply } from "../../src/language-model/language-model.ts";
import { createTracedModel } from "../../src/language-model/traced-model.ts";
import { recordSpans } from "../tracing/record-spans.ts";

const REPLY: ModelReply = {
  content: "Yes.",
  toolCalls: [],
  usage: { promptTokens: 7, completionTokens: 2 },
  costUsd: null,
  model: "large",
  finishReason: "stop",
};

function modelOf(stream: LanguageModel["stream"]): LanguageModel {
  return { name: "small", contextWindow: null, stream };
}

describe("createTracedModel", () => {
  it("makes a client span of a call with models, tokens and the reason of its end", async () => {
    const recorded = recordSpans();
    const model = createTracedModel(
      modelOf(async function* () {
        yield "Yes.";
        return REPLY;
      }),
    );
    const pieces = model.stream({ messages: [{ role: "user", content: "secret words" }] });
    expect(await pieces.next()).toEqual({ done: false, value: "Yes." });
    expect(await pieces.next()).toEqual({ done: true, value: REPLY });
    const span = recorded.named("chat small");
    expect(span.kind).toBe(SpanKind.CLIENT);
    expect(span.attributes).toMatchObject({
      "gen_ai.request.model": "small",
      "gen_ai.response.model": "large",
      "gen_ai.usage.input_tokens": 7,
      "gen_ai.response.finish_reasons": ["stop"],
    });
    expect(JSON.stringify(span.attributes)).not.toContain("secret");
  });

  it("passes a failure on and marks the span with its code", async () => {
    const recorded = recordSpans();
    const model = createTracedModel(
      // oxlint-disable-next-line require-yield -- it fails before its first piece
      modelOf(async function* () {
        throw new CitewellError("model_unavailable", "No answer.");
      }),
    );
    await expect(model.stream({ messages: [] }).next()).rejects.toMatchObject({ code: "model_unavailable" });
    expect(recorded.named("chat small").status).toEqual({ code: SpanStatusCode.ERROR, message: "model_unavailable" });
  });

  it("stops the model when the caller stops listening", async () => {
    const recorded = recordSpans();
    let closed = false;
    const model = createTracedModel(
      modelOf(async function* () {
        try {
          yield "Yes";
          yield "!";
          return REPLY;
        } finally {
          closed = true;
        }
      }),
    );
    for await (const _piece of model.stream({ messages: [] })) break;
    expect(closed).toBe(true);
    expect(recorded.spans()).toHaveLength(1);
  });
});
