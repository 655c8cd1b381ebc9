import { describe, expect, it } from "vitest";
import type { Answer, AnswerEvent } from "../../src/domain/answer.ts";
import { CitewellError } from "../../src/errors.ts";
import { annotationsOf } from "../../src/server/citation-annotations.ts";
import { createFakeUseCases, createRecordingUseCases, DOCUMENT, fakeAnswer, HIT } from "./fake-use-cases.ts";
import { asList, asObject, createHarness, jsonOf, type JsonObject } from "./server-harness.ts";

const question = "How do I install it?";
const messages = [
  { role: "system", content: "Be brief." },
  { role: "user", content: "Ignored" },
  { role: "assistant", content: "Yes?" },
  { role: "user", content: [{ type: "text", text: question }] },
];
const answer = fakeAnswer(question);
const marker = answer.answer.indexOf("[1]");
const annotation = {
  type: "url_citation",
  url_citation: {
    url: `http://localhost/#/documents/${DOCUMENT.id}?span=${HIT.span.start}-${HIT.span.end}&collection=default`,
    title: "Installation",
    start_index: marker,
    end_index: marker + 3,
  },
};

describe("POST /v1/chat/completions", () => {
  it("answers the last user message in OpenAI's shape, with annotations and citations", async () => {
    const { useCases, seen } = createRecordingUseCases();
    const harness = createHarness({ useCases });
    const response = await harness.post("/v1/chat/completions", {
      model: "citewell/default",
      messages,
      temperature: 0,
      response_format: { type: "text" },
      tool_choice: "auto",
      function_call: "auto",
      modalities: ["text"],
      tools: [{ type: "function", function: { name: "look" } }],
    });
    expect(response.status).toBe(200);
    const body = await jsonOf(response);
    expect(seen[0]).toMatchObject({ question, collection: "default" });
    expect(body).toMatchObject({
      object: "chat.completion",
      model: "citewell/default",
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: answer.answer, annotations: [annotation] },
          finish_reason: "stop",
        },
      ],
      usage: { prompt_tokens: 120, completion_tokens: 12, total_tokens: 132 },
      citations: [{ marker: 1, source: "guide/install.md" }],
    });
  });

  it.each(["length", "content_filter"] as const)(
    "tells as its reason to end what cut the answer off: %s",
    async (cutBy) => {
      const cut: Answer = { ...answer, status: "partial", cutBy };
      const useCases = createFakeUseCases({
        async *answerQuestion(): AsyncGenerator<AnswerEvent, Answer> {
          yield { type: "answer", answer: cut };
          return cut;
        },
      });
      const harness = createHarness({ useCases });
      const whole = await jsonOf(await harness.post("/v1/chat/completions", { model: "default", messages }));
      expect(whole).toMatchObject({ choices: [{ finish_reason: cutBy }], citewell: { cutBy } });
      const streamed = await harness.post("/v1/chat/completions", { model: "default", messages, stream: true });
      expect(await streamed.text()).toContain(`"finish_reason":"${cutBy}"`);
    },
  );

  it("streams chunks that end with [DONE]", async () => {
    const response = await createHarness().post("/v1/chat/completions", {
      model: "default",
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const lines = (await response.text()).split("\n\n").filter((line) => line !== "");
    expect(lines.every((line) => line.startsWith("data: "))).toBe(true);
    expect(lines.at(-1)).toBe("data: [DONE]");
    const chunks = lines.slice(0, -1).map((line): JsonObject => asObject(JSON.parse(line.slice(6))));
    const choices = chunks.flatMap((chunk) => asList(chunk["choices"]).map(asObject));
    const deltas = choices.map((choice) => asObject(choice["delta"]));
    expect(deltas[0]).toEqual({ role: "assistant", content: "" });
    expect(deltas.map(({ content }) => (typeof content === "string" ? content : "")).join("")).toBe(answer.answer);
    expect(deltas.at(-1)).toEqual({ annotations: [annotation] });
    expect(choices.at(-1)).toMatchObject({ finish_reason: "stop" });
    expect(new Set(chunks.map((chunk) => chunk["id"])).size).toBe(1);
    expect(chunks.at(-2)).toMatchObject({ citations: [{ marker: 1 }], citewell: { answer: answer.answer } });
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 132 } });
  });

  it("answers an unknown model with OpenAI's error", async () => {
    const response = await createHarness().post("/v1/chat/completions", { model: "gpt-4o", messages });
    expect(response.status).toBe(404);
    expect(await jsonOf(response)).toMatchObject({
      error: { type: "invalid_request_error", param: "model", code: "model_not_found" },
    });
  });

  it.each([
    [{ model: "default" }, "messages"],
    [{ model: "default", messages: [] }, "messages"],
    [{ model: "default", messages: [{ role: "system", content: "x" }] }, "messages"],
    [{ model: "default", messages, n: 2 }, "n"],
    [{ model: "default", messages, response_format: { type: "json_object" } }, "response_format"],
    [{ model: "default", messages, tool_choice: "required" }, "tool_choice"],
    [{ model: "default", messages, function_call: { name: "f" } }, "function_call"],
    [{ model: "default", messages, modalities: ["text", "audio"] }, "modalities"],
    [{ model: "default", messages, tool_choice: { type: "function", function: { name: "f" } } }, "tool_choice"],
    [
      { model: "default", messages: [{ role: "user", content: [{ type: "text", text: "?" }, { type: "image_url" }] }] },
      "messages",
    ],
  ])("refuses %j with OpenAI's error", async (body, param) => {
    const response = await createHarness().post("/v1/chat/completions", body);
    expect(response.status).toBe(400);
    expect(response.headers.get("content-type")).toContain("application/json");
    expect(await jsonOf(response)).toMatchObject({ error: { type: "invalid_request_error", param } });
  });

  it("gives a failure before the first word a status, which clients try again", async () => {
    const useCases = createFakeUseCases({
      async *answerQuestion(): AsyncGenerator<AnswerEvent, Answer> {
        yield { type: "retrieval", query: "x", hits: [] };
        throw new CitewellError("model_unavailable", "The model is away.");
      },
    });
    const response = await createHarness({ useCases }).post("/v1/chat/completions", {
      model: "default",
      messages,
      stream: true,
    });
    expect(response.status).toBe(503);
    expect(await jsonOf(response)).toMatchObject({ error: { type: "server_error", code: "model_unavailable" } });
  });

  it.each(["/v1/responses", "/v1/completions", "/v1/threads/1/runs"])(
    "sends a client that takes %s to the chat completions",
    async (path) => {
      const reply = await createHarness().post(path, { model: "default", input: "x" });
      expect(reply.status).toBe(404);
      expect(await reply.text()).toContain("have the client use POST /v1/chat/completions");
    },
  );

  it("asks for the key and tells of failures in OpenAI's shape", async () => {
    const locked = await createHarness({ apiKeys: ["k"] }).get("/v1/models");
    expect(locked.status).toBe(401);
    expect(await jsonOf(locked)).toMatchObject({ error: { code: "invalid_api_key" } });
    const harness = createHarness({
      useCases: createFakeUseCases({
        async *answerQuestion(): AsyncGenerator<AnswerEvent, Answer> {
          yield { type: "delta", text: "Run" };
          throw new CitewellError("model_call_failed", "The model said no.");
        },
      }),
    });
    const response = await harness.post("/v1/chat/completions", { model: "default", messages, stream: true });
    const last = (await response.text()).trim().split("\n\n").at(-1) ?? "";
    expect(JSON.parse(last.slice(6))).toMatchObject({ error: { type: "server_error", code: "model_call_failed" } });
  });
});

describe("GET /v1/models", () => {
  it("lists one model per collection, and shows one", async () => {
    const model = { id: "citewell/default", object: "model", created: 1793610000, owned_by: "citewell" };
    const harness = createHarness();
    expect(await jsonOf(await harness.get("/v1/models"))).toEqual({ object: "list", data: [model] });
    expect(await jsonOf(await harness.get("/v1/models/citewell/default"))).toEqual(model);
    expect((await harness.get("/v1/models/nope")).status).toBe(404);
  });
});

describe("behind a proxy", () => {
  const model = "citewell/default";

  it("links citations to the page's public address, streamed or not", async () => {
    const harness = createHarness({ publicUrl: "https://docs.example/citewell/" });
    for (const stream of [false, true]) {
      const reply = await harness.post("/v1/chat/completions", { model, messages, stream });
      expect(await reply.text()).toContain(`"url":"https://docs.example/citewell/#/documents/${DOCUMENT.id}?`);
    }
  });
});

describe("annotationsOf", () => {
  it("points at every place of a marker and passes over numbers that are no citation", () => {
    const text = "A [1], b [2], c [1].";
    const found = annotationsOf(text, {
      citations: answer.citations,
      collection: "default",
      baseUrl: "http://localhost",
    });
    expect(found.map(({ url_citation: { start_index: start, end_index: end } }) => text.slice(start, end))).toEqual([
      "[1]",
      "[1]",
    ]);
    expect(found.map(({ url_citation: { start_index: start } }) => start)).toEqual([2, 16]);
  });
});
