import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runToEnd } from "../../src/domain/run-to-end.ts";
import { NO_USAGE } from "../../src/domain/usage.ts";
import type { LanguageModel, ModelReply, ModelRequest } from "../../src/language-model/language-model.ts";
import {
  createCachingModel,
  createFileReplyCache,
  createMemoryReplyCache,
} from "../../src/language-model/reply-cache.ts";
import { createScriptedModel } from "../../src/language-model/scripted-model.ts";

const ask = async (model: LanguageModel, request: Partial<ModelRequest> = {}): Promise<ModelReply> => {
  return runToEnd(model.stream({ messages: [{ role: "user", content: "?" }], ...request }));
};

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "citewell-replies-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("a caching model", () => {
  it("gives the same reply to the same request, also in a later process, and marks it", async () => {
    const script = createScriptedModel([{ content: "one", costUsd: 0.5 }]);
    const first = createCachingModel(script, { cache: createFileReplyCache({ folder }) });
    expect((await ask(first)).cached).toBeUndefined();
    const second = createCachingModel(script, { cache: createFileReplyCache({ folder }) });
    expect(await ask(second)).toMatchObject({ content: "one", costUsd: 0.5, cached: true });
    script.assertDone();
  });

  it.each<[string, Partial<ModelRequest>, object]>([
    ["message", { messages: [{ role: "user", content: "!" }] }, {}],
    ["temperature", { temperature: 1 }, {}],
    ["tool", { tools: [{ name: "t", description: "d", parameters: {} }] }, {}],
    ["seed", {}, { seed: 7 }],
    ["address", {}, { baseUrl: "http://elsewhere/v1" }],
  ])("asks anew for another %s", async (_title, request, options) => {
    const cache = createMemoryReplyCache();
    const script = createScriptedModel(["one", "two"]);
    await ask(createCachingModel(script, { cache }));
    expect((await ask(createCachingModel(script, { cache, ...options }), request)).content).toBe("two");
  });

  it("takes requests as the same whatever the order of their keys", async () => {
    const model = createCachingModel(createScriptedModel(["one"]), { cache: createMemoryReplyCache() });
    await ask(model, { temperature: 0, maxTokens: 5 });
    expect((await ask(model, { maxTokens: 5, temperature: 0 })).cached).toBe(true);
  });

  it("keeps no reply that was cut off or filtered", async () => {
    const script = createScriptedModel([
      { content: "o", finishReason: "length" },
      { content: "o", finishReason: "content_filter" },
      "one",
    ]);
    const model = createCachingModel(script, { cache: createMemoryReplyCache() });
    await ask(model);
    await ask(model);
    expect((await ask(model)).content).toBe("one");
  });

  it("gives a reply that could not be kept, and says so once", async () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    await writeFile(join(folder, "file"), "");
    const cache = createFileReplyCache({ folder: join(folder, "file") });
    const model = createCachingModel(createScriptedModel(["one", "two"]), { cache });
    expect([(await ask(model)).content, (await ask(model)).content]).toEqual(["one", "two"]);
    expect(warn.mock.calls).toEqual([
      [expect.stringMatching(/^Replies of scripted cannot be kept \(E.+asked for again/)],
    ]);
    warn.mockRestore();
  });

  it("writes JSON, takes a broken file for none, and keeps to its size", async () => {
    const cache = createFileReplyCache({ folder, maxBytes: 1_000 });
    const model = createCachingModel(createScriptedModel(["one", "again", "x".repeat(600), "y".repeat(600)]), {
      cache,
    });
    await ask(model);
    const [name = ""] = await readdir(folder);
    expect(JSON.parse(await readFile(join(folder, name), "utf8"))).toMatchObject({
      version: 1,
      reply: { content: "one" },
    });
    await writeFile(join(folder, name), "{");
    expect((await ask(model)).content).toBe("again");
    await ask(model, { seed: 1 });
    await ask(model, { seed: 2 });
    expect(await readdir(folder)).toHaveLength(1);
  });
});

it("looks a full folder over once in a while only, and throws those away that were not used for longest", async () => {
  const reply = { content: "x".repeat(880), toolCalls: [], usage: NO_USAGE, costUsd: 0, model: "m" };
  const cache = createFileReplyCache({ folder, maxBytes: 100_000 });
  const sizes: number[] = [];
  for (let place = 0; place < 250; place += 1) {
    await cache.put(`key-${String(place)}`, { ...reply, finishReason: "stop" });
    // Files of one millisecond have no order.
    await utimes(join(folder, `key-${String(place)}.json`), place, place);
    sizes.push((await readdir(folder)).length);
  }
  expect(Math.max(...sizes)).toBeLessThanOrEqual(100);
  expect(sizes.filter((size, place) => size < (sizes[place - 1] ?? 0)).length).toBeLessThan(40);
  expect(await cache.get("key-0")).toBeNull();
  expect(await cache.get("key-249")).not.toBeNull();
});

it("a reply that cannot be kept leaves nothing behind", async () => {
  await mkdir(join(folder, "key.json"));
  const reply = {
    content: "one",
    toolCalls: [],
    usage: NO_USAGE,
    costUsd: 0,
    model: "m",
    finishReason: "stop",
  } as const;
  await expect(createFileReplyCache({ folder }).put("key", reply)).rejects.toThrow();
  expect(await readdir(folder)).toEqual(["key.json"]);
});
