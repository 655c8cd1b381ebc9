import { describe, expect, it } from "vitest";
import { runToEnd } from "../../src/domain/run-to-end.ts";
import { CitewellError } from "../../src/errors.ts";
import { createFailoverModel } from "../../src/language-model/failover-model.ts";
import type { FailoverModelOptions } from "../../src/language-model/failover-model.ts";
import type { LanguageModel, ModelAttempt, ModelReply } from "../../src/language-model/language-model.ts";
import { openLanguageModel } from "../../src/language-model/open-language-model.ts";
import { createMemoryReplyCache } from "../../src/language-model/reply-cache.ts";
import { createScriptedModel } from "../../src/language-model/scripted-model.ts";
import { completion, failure, openEndpoint, stream } from "./endpoint-stand-in.ts";

const busy = (retryAfterSeconds?: number): CitewellError =>
  new CitewellError("model_unavailable", "It is busy.", { retryable: true, retryAfterSeconds });
const refused = (): CitewellError =>
  new CitewellError("model_call_failed", "The key is refused.", {
    cause: Object.assign(new Error("401"), { status: 401 }),
  });

async function ask(model: LanguageModel, signal?: AbortSignal): Promise<ModelReply> {
  return runToEnd(model.stream({ messages: [{ role: "user", content: "?" }], signal }));
}

function failover(models: readonly LanguageModel[], options: FailoverModelOptions = {}) {
  const waits: number[] = [];
  const attempts: ModelAttempt[] = [];
  const model = createFailoverModel(models, {
    wait: async (milliseconds) => void waits.push(milliseconds),
    onAttempt: (attempt) => attempts.push(attempt),
    ...options,
  });
  return { model, waits, attempts };
}

describe("createFailoverModel", () => {
  it("moves on at once and records every attempt", async () => {
    const first = createScriptedModel([busy()], { name: "first" });
    const second = createScriptedModel(["Yes"], { name: "second" });
    const { model, waits, attempts } = failover([first, second]);
    const reply = await ask(model);
    expect(reply).toMatchObject({ content: "Yes", model: "second" });
    expect(reply.attempts?.map(({ model: name, error }) => [name, error])).toEqual([
      ["first", "It is busy."],
      ["second", null],
    ]);
    expect(attempts).toEqual(reply.attempts);
    expect(waits).toEqual([]);
  });

  it("waits longer before each further walk, and as long as the endpoint asks", async () => {
    const only = createScriptedModel([busy(), busy(9), "Yes"]);
    const { model, waits } = failover([only], { backoffMs: 100 });
    await ask(model);
    expect(waits[0]).toBeGreaterThanOrEqual(100);
    expect(waits[0]).toBeLessThanOrEqual(125);
    expect(waits[1]).toBe(9_000);
  });

  it("gives up when every walk failed, and names what failed", async () => {
    const first = createScriptedModel([busy(), busy()], { name: "first" });
    const second = createScriptedModel([busy(), busy()], { name: "second" });
    const { model } = failover([first, second], { passes: 2 });
    await expect(ask(model)).rejects.toMatchObject({
      code: "model_unavailable",
      retryable: true,
      message: expect.stringMatching(/4 attempts\. first: It is busy\. second: It is busy\./),
    });
  });

  it("does not wait longer than permitted", async () => {
    const { model, waits } = failover([createScriptedModel([busy(600)])], { maxBackoffMs: 1_000 });
    await expect(ask(model)).rejects.toMatchObject({ code: "model_unavailable", retryAfterSeconds: 600 });
    expect(waits).toEqual([]);
  });

  it("moves on from a refused key and does not come back to it", async () => {
    const first = createScriptedModel([refused()], { name: "first" });
    const second = createScriptedModel([busy(), "Yes"], { name: "second" });
    const { model, attempts } = failover([first, second]);
    expect((await ask(model)).model).toBe("second");
    expect(attempts.map(({ model: name }) => name)).toEqual(["first", "second", "second"]);
    first.assertDone();
  });

  it.each([
    new CitewellError("model_call_failed", "Bad request."),
    new CitewellError("model_unknown", "No such model."),
    new RangeError("a mistake in the program"),
  ])("fails at once for %s", async (error) => {
    const second = createScriptedModel([]);
    await expect(ask(failover([createScriptedModel([error]), second]).model)).rejects.toBe(error);
    second.assertDone();
  });

  it("does not begin a reply anew whose first words were seen", async () => {
    const broken: LanguageModel = {
      name: "broken",
      contextWindow: null,
      async *stream() {
        yield "Hel";
        throw busy();
      },
    };
    const second = createScriptedModel([]);
    await expect(ask(failover([broken, second]).model)).rejects.toMatchObject({ message: "It is busy." });
  });

  it("passes an abort on as it is", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(ask(failover([createScriptedModel([])]).model, signal)).rejects.toThrow("enough");
  });
});

describe("createFailoverModel with accepts", () => {
  it("goes on to the next model until a reply passes, and counts all", async () => {
    const models = ["no", "yes", "never"].map((content) => createScriptedModel([{ content, costUsd: 0.5 }]));
    const filtering = createFailoverModel(models, { passes: 1, accepts: ({ content }) => content === "yes" });
    expect(await ask(filtering)).toMatchObject({ content: "yes", costUsd: 1 });
    expect(models[2]?.requests).toHaveLength(0);
  });

  it("takes the last reply anyway", async () => {
    const models = ["no", "nor this"].map((content) => createScriptedModel([content]));
    expect((await ask(createFailoverModel(models, { passes: 1, accepts: () => false }))).content).toBe("nor this");
  });

  it("passes over a model that cannot be reached, and takes the last reply there was", async () => {
    const down = new CitewellError("model_unavailable", "It is down.", { retryable: true });
    const first = [createScriptedModel([down]), createScriptedModel(["no"]), createScriptedModel(["yes"])];
    expect(
      await ask(createFailoverModel(first, { passes: 1, accepts: ({ content }) => content === "yes" })),
    ).toMatchObject({
      content: "yes",
      attempts: [{ error: "It is down." }, { error: "Its reply did not pass the filter." }, { error: null }],
    });
    const last = [createScriptedModel(["no"]), createScriptedModel([down])];
    expect((await ask(createFailoverModel(last, { passes: 1, accepts: () => false }))).content).toBe("no");
  });

  it("counts what was paid, and stored replies only where all were stored", async () => {
    const filtered = (...parts: readonly Partial<ModelReply>[]): LanguageModel =>
      createFailoverModel(
        parts.map((part) => createScriptedModel([{ content: "x", ...part }])),
        { passes: 1, accepts: () => false },
      );
    const [paid, kept] = [{ costUsd: 0.5 }, { costUsd: 0.25, cached: true }];
    expect(await ask(filtered(paid, kept))).toMatchObject({ costUsd: 0.5, cached: false });
    expect(await ask(filtered(kept, kept))).toMatchObject({ costUsd: 0.25, cached: true });
  });
});

describe("openLanguageModel", () => {
  it("refuses an empty list, a model that the list does not have, and options that nothing reads", async () => {
    await expect(openLanguageModel([])).rejects.toMatchObject({ code: "config_invalid" });
    await expect(openLanguageModel([{ model: "one" }], { model: "two" })).rejects.toMatchObject({
      code: "model_unknown",
      message: 'There is no model "two" in the list, which has one.',
    });
    const wrong: object = { cache_seed: 3 };
    await expect(openLanguageModel([{ model: "one" }], wrong)).rejects.toThrow("write cacheSeed");
  });

  it("sends each entry's own settings, before those of the request, and keeps their replies apart", async () => {
    await using endpoint = await openEndpoint(completion("Yes"));
    const cache = createMemoryReplyCache();
    const open = (temperature: number): Promise<LanguageModel> =>
      openLanguageModel([{ model: "one", base_url: endpoint.baseUrl, temperature, max_tokens: 9, stop: "END" }], {
        cache,
      });
    const request = { messages: [{ role: "user" as const, content: "?" }], temperature: 0, topP: 0.5 };
    for (const temperature of [0.9, 0.9, 0.2]) await runToEnd((await open(temperature)).stream(request));
    expect(endpoint.requests.map(({ body }) => body["temperature"])).toEqual([0.9, 0.2]);
    expect(endpoint.requests[0]?.body).toMatchObject({ max_tokens: 9, top_p: 0.5, stop: ["END"] });
  });

  it("gets over a 429 and over a server that fails", async () => {
    await using first = await openEndpoint(failure(500, "Broken"));
    await using second = await openEndpoint(failure(429, "Slow down"), stream(["Yes"]));
    const entries = [
      { model: "one", baseUrl: first.baseUrl },
      { model: "two", baseUrl: second.baseUrl },
    ];
    const model = await openLanguageModel(entries, { wait: async () => undefined });
    const reply = await ask(model);
    expect(reply).toMatchObject({ content: "Yes", model: "two" });
    expect(reply.attempts?.map(({ model: name }) => name)).toEqual(["one", "two", "one", "two"]);
  });

  it("asks the named model first", async () => {
    await using endpoint = await openEndpoint(completion("Yes"));
    const entries = ["one", "two"].map((model) => ({ model, baseUrl: endpoint.baseUrl }));
    const model = await openLanguageModel(entries, { model: "two" });
    await ask(model);
    expect(endpoint.requests[0]?.body["model"]).toBe("two");
  });
});
