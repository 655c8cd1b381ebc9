import type { ServerResponse } from "node:http";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { createOpenAiModel } from "../../src/language-model/openai-model.ts";
import type { LanguageModel, ModelReply, ModelRequest } from "../../src/language-model/language-model.ts";
import { completion, failure, json, openEndpoint, silence, stream } from "./endpoint-stand-in.ts";

const KEY = "sk-verysecretkey123456";
const messages = [{ role: "user" as const, content: "Hello?" }];

async function ask(
  model: LanguageModel,
  request: Partial<ModelRequest> = {},
): Promise<{ pieces: string[]; reply: ModelReply }> {
  const pieces: string[] = [];
  const replies = model.stream({ messages, ...request });
  for (;;) {
    const next = await replies.next();
    if (next.done === true) return { pieces, reply: next.value };
    pieces.push(next.value);
  }
}

async function errorOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("It did not fail.");
}

describe("createOpenAiModel", () => {
  it("streams a reply and reads the usage at its end", async () => {
    await using endpoint = await openEndpoint(stream(["Hel", "lo", "."]));
    const model = createOpenAiModel({ model: "m", apiKey: KEY, baseUrl: endpoint.baseUrl, price: [0.001, 0.002] });
    const { pieces, reply } = await ask(model, {
      temperature: 0,
      topP: 0.5,
      maxTokens: 9,
      presencePenalty: 0.1,
      frequencyPenalty: -0.1,
      seed: 1,
      stop: ["x"],
    });
    expect(pieces).toEqual(["Hel", "lo", "."]);
    expect(reply).toMatchObject({
      content: "Hello.",
      usage: { promptTokens: 7, completionTokens: 3 },
      model: "m",
      finishReason: "stop",
    });
    expect(reply.costUsd).toBeCloseTo(0.000013, 12);
    const [request] = endpoint.requests;
    expect(request?.path).toBe("/v1/chat/completions");
    expect(request?.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(request?.body).toMatchObject({
      model: "m",
      messages,
      stream: true,
      temperature: 0,
      top_p: 0.5,
      max_tokens: 9,
      presence_penalty: 0.1,
      frequency_penalty: -0.1,
      seed: 1,
      stop: ["x"],
    });
  });

  it("asks in one piece when told to, and sends no key when there is none", async () => {
    await using endpoint = await openEndpoint(completion("Hello."));
    const { pieces, reply } = await ask(createOpenAiModel({ model: "m", baseUrl: endpoint.baseUrl, stream: false }));
    expect(pieces).toEqual(["Hello."]);
    expect(reply.costUsd).toBeNull();
    expect(endpoint.requests[0]?.headers.authorization).toBeUndefined();
    expect(endpoint.requests[0]?.body["stream"]).toBe(false);
  });

  it("takes a whole completion where a stream was asked for", async () => {
    await using endpoint = await openEndpoint(completion("Hello."));
    expect((await ask(createOpenAiModel({ model: "m", baseUrl: endpoint.baseUrl }))).reply.content).toBe("Hello.");
  });

  it("asks again without stream_options, and remembers that", async () => {
    await using endpoint = await openEndpoint(failure(400, "Unknown field stream_options"), stream(["four"]));
    const model = createOpenAiModel({ model: "m", baseUrl: endpoint.baseUrl });
    const { reply } = await ask(model);
    // Without a count from the endpoint, four characters are a token.
    expect(reply).toMatchObject({ content: "four", usage: { promptTokens: 2, completionTokens: 1 } });
    await ask(model);
    expect(endpoint.requests.map(({ body }) => "stream_options" in body)).toEqual([true, false, false]);
  });

  it("asks again without it for each of several requests that were refused at the same time", async () => {
    const refusal = failure(400, "Unknown field stream_options");
    await using endpoint = await openEndpoint(refusal, refusal, stream(["four"]));
    const model = createOpenAiModel({ model: "m", baseUrl: endpoint.baseUrl });
    const replies = await Promise.all([ask(model), ask(model)]);
    expect(replies.map(({ reply }) => reply.content)).toEqual(["four", "four"]);
  });

  it("asks again without streaming where that is refused", async () => {
    await using endpoint = await openEndpoint(failure(400, "Streaming is not supported"), completion("Hello."));
    expect((await ask(createOpenAiModel({ model: "m", baseUrl: endpoint.baseUrl }))).reply.content).toBe("Hello.");
    expect(endpoint.requests.map(({ body }) => body["stream"])).toEqual([true, false]);
  });

  it("sends max_completion_tokens where max_tokens is refused", async () => {
    await using endpoint = await openEndpoint(failure(400, "Use 'max_completion_tokens' instead"), stream(["Yes"]));
    await ask(createOpenAiModel({ model: "m", baseUrl: endpoint.baseUrl }), { maxTokens: 5 });
    expect(endpoint.requests[1]?.body).toMatchObject({ max_completion_tokens: 5 });
  });

  it("puts the pieces of a tool call together", async () => {
    await using endpoint = await openEndpoint((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const parts = [
        { index: 0, id: "call1", type: "function", function: { name: "search", arguments: '{"q":' } },
        { index: 0, function: { arguments: '"x"}' } },
      ];
      for (const part of parts) {
        const choices = [{ index: 0, delta: { tool_calls: [part] }, finish_reason: null }];
        response.write(`data: ${JSON.stringify({ choices })}\n\n`);
      }
      response.end("data: [DONE]\n\n");
    });
    const { reply } = await ask(createOpenAiModel({ model: "m", baseUrl: endpoint.baseUrl }));
    expect(reply.toolCalls).toEqual([{ id: "call1", name: "search", arguments: '{"q":"x"}' }]);
    expect(reply.finishReason).toBe("tool_calls");
  });

  it("keeps tool calls apart at servers that leave out the index, repeat ids or give none", async () => {
    const played = async (parts: readonly object[]): Promise<ModelReply["toolCalls"]> => {
      await using endpoint = await openEndpoint((response) => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        for (const part of parts) {
          const choices = [{ index: 0, delta: { tool_calls: [part] }, finish_reason: null }];
          response.write(`data: ${JSON.stringify({ choices })}\n\n`);
        }
        response.end("data: [DONE]\n\n");
      });
      return (await ask(createOpenAiModel({ model: "m", baseUrl: endpoint.baseUrl }))).reply.toolCalls;
    };
    const noIndex = [
      { id: "a", function: { name: "one", arguments: "{" } },
      { id: "", function: { name: "", arguments: "}" } },
      { id: "b", function: { name: "two", arguments: "{}" } },
    ];
    expect(await played(noIndex)).toEqual([
      { id: "a", name: "one", arguments: "{}" },
      { id: "b", name: "two", arguments: "{}" },
    ]);
    expect(await played([{ index: 0, function: { name: "one", arguments: "{}" } }])).toEqual([
      { id: "call_1", name: "one", arguments: "{}" },
    ]);
    const sameId = ["1", "2"].map((text, index) => ({ index, id: "a", function: { name: "one", arguments: text } }));
    expect(await played(sameId)).toEqual([
      { id: "a", name: "one", arguments: "1" },
      { id: "a_2", name: "one", arguments: "2" },
    ]);
  });

  it.each([
    [failure(401, `Incorrect API key provided: ${KEY}`), "model_call_failed", false, /refuses the API key/],
    [failure(404, "The model `m` does not exist"), "model_unknown", false, /not known there/],
    [json(400, { error: { message: "no such model", code: "model_not_found" } }), "model_unknown", false, /not known/],
    [failure(400, "Bad request"), "model_call_failed", false, /Bad request/],
    [failure(429, "Slow down", { "retry-after": "7" }), "model_unavailable", true, /Slow down/],
    [failure(500, `Broken with ${KEY}`), "model_unavailable", true, /Broken/],
    [
      completion("", { choices: [{ index: 0, finish_reason: "content_filter", message: { content: "" } }] }),
      "model_call_failed",
      false,
      /content filter/,
    ],
    [json(200, { hello: "world" }), "model_call_failed", false, /not the JSON/],
  ] as const)("translates a failed call %#", async (reply, code, retryable, message) => {
    await using endpoint = await openEndpoint(reply);
    const error = await errorOf(ask(createOpenAiModel({ model: "m", apiKey: KEY, baseUrl: endpoint.baseUrl })));
    expect(error).toMatchObject({ name: "CitewellError", code, retryable, message: expect.stringMatching(message) });
    expect(inspect(error, { depth: 10 })).not.toContain(KEY);
    expect(endpoint.requests).toHaveLength(1);
  });

  it("tells a key that was not given from a wrong one", async () => {
    await using endpoint = await openEndpoint(failure(401, "You didn't provide an API key."));
    const error = await errorOf(ask(createOpenAiModel({ model: "m", baseUrl: endpoint.baseUrl })));
    expect(error.message).toMatch(
      /wants an API key, and none was given \(401 You didn't .*\); set "api_key" of its entry/,
    );
  });

  it.each([
    json(400, { error: { message: "Please reduce the length of the messages.", code: "context_length_exceeded" } }),
    failure(400, "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens."),
    failure(400, "the request exceeds the available context size, try increasing it"),
    failure(413, "prompt is too long: 208310 tokens > 200000 maximum"),
  ])("says what to do about messages that are too long %#", async (reply) => {
    await using endpoint = await openEndpoint(reply);
    const error = await errorOf(ask(createOpenAiModel({ model: "m", baseUrl: endpoint.baseUrl })));
    expect(error).toMatchObject({ code: "model_call_failed", retryable: false });
    expect(error.message).toMatch(/too long for it: ask with fewer passages .* or give an agent a MessageTokenLimiter/);
  });

  it("keeps the time that an endpoint asks to wait", async () => {
    await using endpoint = await openEndpoint(failure(429, "Slow down", { "retry-after": "7" }));
    const model = createOpenAiModel({ model: "m", baseUrl: endpoint.baseUrl });
    expect(await errorOf(ask(model))).toMatchObject({ retryAfterSeconds: 7 });
  });

  it.each([
    ["malformed JSON", '{"choices": [', "application/json"],
    ["a malformed event", "data: {broken\n\n", "text/event-stream"],
    ["a web page", "<html></html>", "text/html"],
  ])("says what is wrong with %s", async (_title, body, mediaType) => {
    await using endpoint = await openEndpoint((response) =>
      response.writeHead(200, { "content-type": mediaType }).end(body),
    );
    const error = await errorOf(ask(createOpenAiModel({ model: "m", baseUrl: endpoint.baseUrl })));
    expect(error).toMatchObject({ code: "model_call_failed", message: expect.stringContaining("base URL") });
  });

  it.each([
    ["cut", (response: ServerResponse): void => void response.destroy()],
    ["closed in order", (response: ServerResponse): void => void response.end()],
  ])("takes no half of a reply whose connection is %s for the whole", async (_title, close) => {
    await using endpoint = await openEndpoint((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write('data: {"choices":[{"index":0,"delta":{"content":"half "}}]}\n\n', () => {
        setTimeout(close, 20, response);
      });
    });
    const error = await errorOf(ask(createOpenAiModel({ model: "m", baseUrl: endpoint.baseUrl })));
    expect(error).toMatchObject({
      code: "model_unavailable",
      message: expect.stringMatching(/broke its reply off .*ask again\.$/),
      retryable: true,
    });
  });

  it("says how long an endpoint asks to wait, or else to try later", async () => {
    await using endpoint = await openEndpoint(failure(429, "slow", { "retry-after": "7" }), failure(503, "busy"));
    const model = createOpenAiModel({ model: "m", baseUrl: endpoint.baseUrl });
    expect((await errorOf(ask(model))).message).toMatch(/\(429 slow\); it asks to wait 7 s\.$/);
    expect((await errorOf(ask(model))).message).toMatch(/\(503 busy\); try again later\.$/);
  });

  it("says that an endpoint cannot be reached, without the password in its address", async () => {
    const endpoint = await openEndpoint(silence);
    const baseUrl = endpoint.baseUrl.replace("http://", "http://user:password@");
    await endpoint[Symbol.asyncDispose]();
    const error = await errorOf(ask(createOpenAiModel({ model: "m", baseUrl })));
    expect(error).toMatchObject({ code: "model_unavailable", retryable: true });
    expect(inspect(error, { depth: 10 })).not.toContain("password");
  });

  it("sends user and password of an address as a header", async () => {
    await using endpoint = await openEndpoint(stream(["Yes"]));
    const baseUrl = endpoint.baseUrl.replace("http://", "http://user:password@");
    await ask(createOpenAiModel({ model: "m", baseUrl }));
    expect(endpoint.requests[0]?.headers.authorization).toBe(`Basic ${btoa("user:password")}`);
  });

  it("gives up at the time limit", async () => {
    await using endpoint = await openEndpoint(silence);
    const model = createOpenAiModel({ model: "m", baseUrl: endpoint.baseUrl, timeoutMs: 50 });
    expect(await errorOf(ask(model))).toMatchObject({
      code: "model_unavailable",
      retryable: true,
      message: expect.stringContaining("within 0.05 s"),
    });
  });

  it("gives up at the time limit in the middle of a stream", async () => {
    await using endpoint = await openEndpoint((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write('data: {"choices":[{"index":0,"delta":{"content":"Hel"}}]}\n\n');
    });
    const model = createOpenAiModel({ model: "m", baseUrl: endpoint.baseUrl, timeoutMs: 200 });
    expect(await errorOf(ask(model))).toMatchObject({ code: "model_unavailable" });
  });

  it.each([
    ["words", { delta: { content: "la ".repeat(100_000) } }, "2,000,000 characters"],
    [
      "a call of a tool",
      { delta: { tool_calls: [{ index: 0, id: "1", function: { name: "f", arguments: "1".repeat(300_000) } }] } },
      "2,000,000 characters",
    ],
    ["pieces without text", { delta: {}, padding: "x".repeat(5_000_000) }, "100,000,000 bytes"],
  ])("cuts off an endless reply of %s", async (_, choice, most) => {
    await using endpoint = await openEndpoint((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const piece = `data: ${JSON.stringify({ choices: [choice] })}\n\n`;
      const send = (): void => {
        while (!response.destroyed && response.write(piece));
      };
      response.on("drain", send);
      send();
    });
    const model = createOpenAiModel({ model: "m", baseUrl: endpoint.baseUrl });
    const error = await errorOf(ask(model));
    expect(error).toMatchObject({ code: "model_call_failed", retryable: false });
    expect(error.message).toContain(`sent more than ${most} and was cut off`);
  });

  it("passes an abort on as it is", async () => {
    await using endpoint = await openEndpoint(silence);
    const controller = new AbortController();
    const reason = new Error("enough");
    const asked = ask(createOpenAiModel({ model: "m", baseUrl: endpoint.baseUrl }), { signal: controller.signal });
    controller.abort(reason);
    await expect(asked).rejects.toBe(reason);
  });

  it("knows the window and the price of well-known models", async () => {
    await using endpoint = await openEndpoint(stream(["Hi"]));
    const model = createOpenAiModel({ model: "gpt-4o-mini-2024-07-18", baseUrl: endpoint.baseUrl });
    expect(model.contextWindow).toBe(128_000);
    expect((await ask(model)).reply.costUsd).toBeCloseTo((7 * 0.15 + 3 * 0.6) / 1e6, 12);
  });

  it.each([5_000_000_000, Number.POSITIVE_INFINITY, 30_000.5])(
    "waits for a reply with a time limit of %d ms",
    async (timeoutMs) => {
      await using endpoint = await openEndpoint(stream(["Hello."]));
      const { reply } = await ask(createOpenAiModel({ model: "m", baseUrl: endpoint.baseUrl, timeoutMs }));
      expect(reply.content).toBe("Hello.");
    },
  );

  it("refuses a password in the base URL that cannot be decoded, without showing it", () => {
    const make = (): unknown => createOpenAiModel({ model: "m", baseUrl: "http://me:50%off@127.0.0.1/v1" });
    expect(make).toThrow(
      expect.objectContaining({ code: "config_invalid", message: expect.stringContaining('"%25"') }),
    );
    expect(make).not.toThrow(/50%off/);
  });

  it("refuses a base URL that is none", () => {
    expect(() => createOpenAiModel({ model: "m", baseUrl: "localhost" })).toThrow(/http:\/\//);
  });
});
