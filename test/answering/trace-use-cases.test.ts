import { SpanStatusCode, trace } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import { traceIngest, traceUseCases } from "../../src/answering/trace-use-cases.ts";
import { runToEnd } from "../../src/domain/run-to-end.ts";
import type { UseCases } from "../../src/answering/use-cases.ts";
import { CitewellError } from "../../src/errors.ts";
import { createFakeUseCases } from "../server/fake-use-cases.ts";
import { recordSpans } from "../tracing/record-spans.ts";

const QUESTION = "How do I install it?";

describe("traceUseCases", () => {
  it("makes a span of an answer, with what was found, what it cost and no texts", async () => {
    const recorded = recordSpans();
    const answer = await runToEnd(traceUseCases(createFakeUseCases()).answerQuestion({ question: QUESTION }));
    expect(answer.question).toBe(QUESTION);
    const span = recorded.named("answer");
    expect(span.attributes).toMatchObject({
      "citewell.collection": "default",
      "citewell.status": "answered",
      "citewell.citations": 1,
      "gen_ai.usage.input_tokens": 120,
    });
    expect(span.events.map(({ name }) => name)).toContain("retrieval");
    expect(JSON.stringify([span.attributes, span.events])).not.toContain("install");
  });

  it("puts what is done inside a use case below its span", async () => {
    const recorded = recordSpans();
    const useCases = createFakeUseCases();
    const traced = traceUseCases({
      ...useCases,
      async *answerQuestion(request) {
        trace.getTracer("test").startSpan("first step").end();
        const answer = yield* useCases.answerQuestion(request);
        trace.getTracer("test").startSpan("last step").end();
        return answer;
      },
    });
    await runToEnd(traced.answerQuestion({ question: QUESTION }));
    const { spanId } = recorded.named("answer").spanContext();
    expect(recorded.named("first step").parentSpanContext?.spanId).toBe(spanId);
    expect(recorded.named("last step").parentSpanContext?.spanId).toBe(spanId);
  });

  it("ends the span of an answer that nobody waits for, and the answer too", async () => {
    const recorded = recordSpans();
    let closed = false;
    const useCases = createFakeUseCases();
    const traced = traceUseCases({
      ...useCases,
      async *answerQuestion(request) {
        try {
          return yield* useCases.answerQuestion(request);
        } finally {
          closed = true;
        }
      },
    });
    for await (const _event of traced.answerQuestion({ question: QUESTION })) break;
    expect(closed).toBe(true);
    expect(recorded.named("answer").events.map(({ name }) => name)).toContain("abandoned");
  });

  it("counts a search's hits and names a failure by its code, not its sentence", async () => {
    const recorded = recordSpans();
    const useCases = createFakeUseCases();
    await traceUseCases(useCases).searchCorpus({ query: QUESTION });
    expect(recorded.named("search").attributes).toMatchObject({ "citewell.mode": "hybrid", "citewell.hits": 1 });

    const failing = traceUseCases({
      ...useCases,
      findCode: () => Promise.reject(new CitewellError("collection_missing", "There is no collection of secrets.")),
    });
    await expect(failing.findCode({ task: "x" })).rejects.toMatchObject({ code: "collection_missing" });
    const span = recorded.named("find code");
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR, message: "collection_missing" });
    expect(JSON.stringify(span.attributes)).not.toContain("secrets");
  });

  it("takes an ingestion as finished for whoever stops at its report", async () => {
    const recorded = recordSpans();
    const traced = traceUseCases(createFakeUseCases());
    for await (const { type } of traced.submitDocuments({ documents: [{ source: "a.md", content: "text" }] })) {
      if (type === "ingest-end") break;
    }
    expect(recorded.named("submit documents").events).toEqual([]);
  });

  it("sums up an ingestion", async () => {
    const recorded = recordSpans();
    const traced = traceUseCases(createFakeUseCases());
    await runToEnd(traced.submitDocuments({ documents: [{ source: "a.md", content: "text" }] }));
    expect(recorded.named("submit documents").attributes).toMatchObject({
      "citewell.submitted": 1,
      "citewell.documents.added": 1,
    });
  });

  it("makes a span of a submitted page, without its address", async () => {
    const recorded = recordSpans();
    const useCases = createFakeUseCases();
    const pages: UseCases["pages"] = {
      ...useCases.pages,
      submit: ({ url }) => useCases.submitDocuments({ documents: [{ source: url, content: "text" }] }),
    };
    const traced = traceUseCases({ ...useCases, pages });
    await runToEnd(traced.pages.submit({ url: "https://secret.example/", collection: "pages" }));
    const { attributes } = recorded.named("submit page");
    expect(attributes).toMatchObject({ "citewell.collection": "pages", "citewell.documents.added": 1 });
    expect(JSON.stringify(attributes)).not.toContain("secret");
  });
});

describe("traceIngest", () => {
  it("makes a span of each ingestion, as many as watching makes", async () => {
    const recorded = recordSpans();
    const { submitDocuments } = createFakeUseCases();
    const ingest = traceIngest(() => submitDocuments({ documents: [{ source: "a.md", content: "text" }] }));
    await runToEnd(ingest({ collection: "notes", roots: ["/notes"] }));
    await runToEnd(ingest({ collection: "notes", roots: ["/notes"] }));
    expect(recorded.spans().map(({ name }) => name)).toEqual(["ingest", "ingest"]);
    expect(recorded.named("ingest").attributes).toMatchObject({
      "citewell.collection": "notes",
      "citewell.roots": 1,
      "citewell.documents.added": 1,
    });
  });
});
