import { describe, expect, it } from "vitest";
import type { SearchRequest } from "../../src/answering/use-cases.ts";
import type { Answer, AnswerEvent } from "../../src/domain/answer.ts";
import { CitewellError } from "../../src/errors.ts";
import { createAnswerGate } from "../../src/server/answer-gate.ts";
import { createFakeUseCases, createRecordingUseCases, fakeAnswer, HIT } from "./fake-use-cases.ts";
import { createHarness, eventsIn, jsonOf } from "./server-harness.ts";

const question = "How do I install it?";

describe("POST /v1/answers", () => {
  it("gives the answer object with its keys in the published order", async () => {
    const response = await createHarness().post("/v1/answers", { question });
    expect(response.status).toBe(200);
    const text = await response.text();
    expect(JSON.parse(text)).toEqual(fakeAnswer(question));
    const order = ["id", "question", "answer", "status", "citations", "rounds", "searches", "model", "usage", "cost"];
    expect(Object.keys(JSON.parse(text)).slice(0, 13)).toEqual([...order, "timing", "conversationId", "context"]);
  });

  it("hands every setting on", async () => {
    const { useCases, seen } = createRecordingUseCases();
    const harness = createHarness({ useCases });
    const body = { question, collection: "c", task: "code", limit: 7, maxRounds: 2, model: "m", conversationId: "x" };
    const metadata = { team: "docs", year: [2024, 2025], draft: false };
    const filter = { source: ["a/**"], language: "markdown", metadata };
    await harness.post("/v1/answers", { ...body, filter });
    expect(seen[0]).toMatchObject({ ...body, filter });
  });

  it("streams numbered events and ends with the whole answer", async () => {
    const response = await createHarness().post("/v1/answers", { question, stream: true });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const events = eventsIn(await response.text());
    expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
    expect(events[0]).toMatchObject({ event: "retrieval", data: JSON.stringify({ query: question, hits: [HIT] }) });
    const deltas = events.filter(({ event }) => event === "delta").map(({ data }): unknown => JSON.parse(data));
    expect(deltas.length).toBeGreaterThan(3);
    expect(events.at(-1)?.event).toBe("answer");
    expect(JSON.parse(events.at(-1)?.data ?? "")).toEqual(fakeAnswer(question));
  });

  it("ends a stream that fails on the way with a problem object", async () => {
    const harness = createHarness({
      useCases: createFakeUseCases({
        async *answerQuestion(): AsyncGenerator<AnswerEvent, Answer> {
          yield { type: "context-update", round: 2, query: "better" };
          throw new CitewellError("model_call_failed", "The model said no; try another.");
        },
      }),
    });
    const response = await harness.post("/v1/answers", { question, stream: true });
    expect(response.status).toBe(200);
    const events = eventsIn(await response.text());
    expect(events.map(({ event, id }) => [event, id])).toEqual([
      ["context-update", 1],
      ["error", 2],
    ]);
    expect(JSON.parse(events[1]?.data ?? "")).toMatchObject({ code: "model_call_failed", status: 502 });
    const metrics = await (await harness.get("/metrics")).text();
    expect(metrics).toContain('citewell_answers_total{status="failed"} 1');
  });

  it("answers a stream that fails before its first event with an HTTP status", async () => {
    const harness = createHarness({
      useCases: createFakeUseCases({
        // eslint-disable-next-line require-yield
        async *answerQuestion(): AsyncGenerator<AnswerEvent, Answer> {
          throw new CitewellError("collection_missing", "There is no such collection; ingest first.");
        },
      }),
    });
    const response = await harness.post("/v1/answers", { question, stream: true });
    expect(response.status).toBe(404);
    expect(await jsonOf(response)).toMatchObject({ code: "collection_missing" });
    // What the caller got wrong is no failure of the server.
    const metrics = await (await harness.get("/metrics")).text();
    expect(metrics).toContain('citewell_answers_total{status="failed"} 0');
  });

  it("sends comments while nothing happens", async () => {
    const gate = Promise.withResolvers<void>();
    const harness = createHarness({
      heartbeatMs: 5,
      useCases: createFakeUseCases({
        async *answerQuestion(): AsyncGenerator<AnswerEvent, Answer> {
          yield { type: "retrieval", query: question, hits: [] };
          await gate.promise;
          return fakeAnswer(question);
        },
      }),
    });
    const response = await harness.post("/v1/answers", { question, stream: true });
    const decoder = new TextDecoder();
    let text = "";
    for await (const bytes of response.body ?? []) {
      text += decoder.decode(bytes);
      if (text.includes(": still working\n\n")) gate.resolve();
    }
    expect(text).toContain(": still working\n\n");
  });

  it("stops the work when the client closes the stream", async () => {
    const aborted = Promise.withResolvers<unknown>();
    const harness = createHarness({
      useCases: createFakeUseCases({
        async *answerQuestion({ signal }): AsyncGenerator<AnswerEvent, Answer> {
          yield { type: "retrieval", query: question, hits: [] };
          await new Promise((_, reject) => {
            signal?.addEventListener("abort", () => {
              aborted.resolve(signal.reason);
              reject(signal.reason);
            });
          });
          throw new TypeError("unreachable");
        },
      }),
    });
    const response = await harness.post("/v1/answers", { question, stream: true });
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    expect(await aborted.promise).toMatchObject({ name: "AbortError" });
  });

  it.each([
    [{}, "question"],
    [{ question: " \n" }, "question"],
    [{ question, limit: 0 }, "limit"],
    [{ question, limit: 51 }, "limit"],
    [{ question, maxRounds: 21 }, "maxRounds"],
    [{ question, task: "poem" }, "task"],
    [{ question, colection: "x" }, "colection"],
    [{ question, filter: { sauce: "x" } }, "filter.sauce"],
    [{ question, filter: { metadata: { team: null } } }, "filter.metadata"],
  ])("refuses %j and names the key", async (body, path) => {
    const response = await createHarness().post("/v1/answers", body);
    expect(response.status).toBe(400);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    const problem = await jsonOf(response);
    expect(problem).toMatchObject({ code: "usage_invalid", status: 400, errors: [{ path }] });
  });

  it("refuses a question of more than 8,000 characters", async () => {
    const response = await createHarness().post("/v1/answers", { question: "x".repeat(8_001) });
    expect(response.status).toBe(400);
    expect(await jsonOf(response)).toMatchObject({ code: "question_too_long" });
  });

  it("refuses questions beyond the queue with 429 and Retry-After, and goes on when a place is free", async () => {
    const gate = Promise.withResolvers<void>();
    const fakes = createFakeUseCases();
    const harness = createHarness({
      gate: createAnswerGate({ maxConcurrent: 1, maxWaiting: 1 }),
      useCases: {
        ...fakes,
        async *answerQuestion(request): AsyncGenerator<AnswerEvent, Answer> {
          const leave = await request.admit?.(request.signal);
          await gate.promise;
          leave?.();
          return yield* fakes.answerQuestion(request);
        },
      },
    });
    const first = harness.post("/v1/answers", { question });
    const second = harness.post("/v1/answers", { question });
    const third = await harness.post("/v1/answers", { question });
    expect(third.status).toBe(429);
    expect(third.headers.get("retry-after")).toBe("5");
    expect(await jsonOf(third)).toMatchObject({ code: "rate_limited" });
    gate.resolve();
    expect([(await first).status, (await second).status]).toEqual([200, 200]);
  });
});

describe("conversations", () => {
  it("shows a stored exchange", async () => {
    const response = await createHarness().get("/v1/conversations/known");
    expect(await jsonOf(response)).toMatchObject({ id: "known", messages: [{ role: "user", content: "Hello" }] });
  });

  it("goes on with a conversation in its own collection", async () => {
    const { useCases, seen } = createRecordingUseCases();
    const harness = createHarness({ useCases });
    const response = await harness.post("/v1/conversations/known/messages", { content: "And then?" });
    expect(response.status).toBe(200);
    expect(seen[0]).toMatchObject({ question: "And then?", collection: "handbook", conversationId: "known" });
  });

  it("answers 404 for an unknown one", async () => {
    const harness = createHarness();
    expect(await jsonOf(await harness.get("/v1/conversations/nope"))).toMatchObject({ code: "conversation_missing" });
    const reply = await harness.post("/v1/conversations/nope/messages", { content: "Hello" });
    expect(reply.status).toBe(404);
    const removal = await harness.send("/v1/conversations/nope", { method: "DELETE" });
    expect(await jsonOf(removal)).toMatchObject({ code: "conversation_missing", status: 404 });
  });

  it("removes one", async () => {
    const response = await createHarness().send("/v1/conversations/known", { method: "DELETE" });
    expect(response.status).toBe(204);
    expect(await response.text()).toBe("");
  });
});

describe("POST /v1/search", () => {
  it("gives hits with their scores", async () => {
    const response = await createHarness().post("/v1/search", { query: "install", mode: "lexical" });
    expect(response.status).toBe(200);
    expect(await jsonOf(response)).toMatchObject({ query: "install", mode: "lexical", hits: [HIT] });
  });

  it("gives where further pages begin in a hit", async () => {
    const hit = { ...HIT, page: 2, pageStarts: [{ page: 3, start: 70 }] };
    const searchCorpus = async (request: SearchRequest) => ({
      ...(await createFakeUseCases().searchCorpus(request)),
      hits: [hit],
    });
    const response = await createHarness({ useCases: { ...createFakeUseCases(), searchCorpus } }).post("/v1/search", {
      query: "install",
    });
    expect(await jsonOf(response)).toMatchObject({ hits: [hit] });
    const plain = await createHarness().post("/v1/search", { query: "install" });
    expect(await jsonOf(plain)).not.toHaveProperty("hits.0.pageStarts");
  });

  it("says that a collection is missing", async () => {
    const response = await createHarness().post("/v1/search", { query: "install", collection: "missing" });
    expect(response.status).toBe(404);
    expect(await jsonOf(response)).toMatchObject({ code: "collection_missing" });
  });

  it("refuses an empty query and too many spans", async () => {
    const harness = createHarness();
    expect((await harness.post("/v1/search", { query: "" })).status).toBe(400);
    expect((await harness.post("/v1/search", { query: "x", limit: 101 })).status).toBe(400);
  });
});
