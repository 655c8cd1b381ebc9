import { SpanKind } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import { traceUseCases } from "../../src/answering/trace-use-cases.ts";
import { recordSpans } from "../tracing/record-spans.ts";
import { createFakeUseCases } from "./fake-use-cases.ts";
import { createHarness } from "./server-harness.ts";

describe("traces of requests", () => {
  it("hang below the caller's span, and the use case below the request", async () => {
    const recorded = recordSpans();
    const harness = createHarness({ useCases: traceUseCases(createFakeUseCases()) });
    const traceId = "0af7651916cd43dd8448eb211c80319c";
    const reply = await harness.post(
      "/v1/search",
      { query: "install" },
      { traceparent: `00-${traceId}-b7ad6b7169203331-01` },
    );
    expect(reply.status).toBe(200);
    const request = recorded.named("POST /v1/search");
    expect(request.kind).toBe(SpanKind.SERVER);
    expect(request.spanContext().traceId).toBe(traceId);
    expect(request.attributes).toMatchObject({ "http.route": "/v1/search", "http.response.status_code": 200 });
    expect(recorded.named("search").parentSpanContext?.spanId).toBe(request.spanContext().spanId);
  });

  it("keep a streamed answer in the request's trace", async () => {
    const recorded = recordSpans();
    const harness = createHarness({ useCases: traceUseCases(createFakeUseCases()) });
    const reply = await harness.post("/v1/answers", { question: "How do I install it?", stream: true });
    expect(await reply.text()).toContain("event: answer");
    const request = recorded.named("POST /v1/answers");
    expect(recorded.named("answer").spanContext().traceId).toBe(request.spanContext().traceId);
  });

  it("leave out what machines poll", async () => {
    const recorded = recordSpans();
    await createHarness().get("/healthz");
    expect(recorded.spans()).toEqual([]);
  });
});
