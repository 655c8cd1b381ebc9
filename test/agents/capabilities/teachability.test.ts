import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AssistantAgent } from "../../../src/agents/assistant-agent.ts";
import type { MemoText } from "../../../src/agents/capabilities/memo.ts";
import { Teachability, type TeachabilityEvent } from "../../../src/agents/capabilities/teachability.ts";
import { readLesson } from "../../../src/agents/capabilities/teaching-prompt.ts";
import { GroupChat } from "../../../src/agents/group/group-chat.ts";
import { GroupChatManager } from "../../../src/agents/group/group-chat-manager.ts";
import { UserProxyAgent } from "../../../src/agents/user-proxy-agent.ts";
import { createHashingEmbedder } from "../../../src/embedding/hashing-embedder.ts";
import { createScriptedModel, type ScriptedStep } from "../../../src/language-model/scripted-model.ts";
import { CitewellError } from "../../../src/errors.ts";
import { createCachingModel, createMemoryReplyCache } from "../../../src/language-model/reply-cache.ts";
import { openEmbeddedStore } from "../../../src/store/embedded/embedded-store.ts";
import type { VectorStore } from "../../../src/store/vector-store.ts";

const embedder = createHashingEmbedder();
let store: VectorStore;

beforeEach(async () => {
  store = await openEmbeddedStore({ file: ":memory:" });
});
afterEach(async () => {
  await store.close();
});

const teach = (user = "ada", options = {}): Teachability => new Teachability({ store, embedder, user, ...options });
const lesson = (add: readonly object[], rest = {}): string => JSON.stringify({ add, correct: [], forget: [], ...rest });

async function chat(
  message: string,
  { steps, teachability }: { steps: readonly ScriptedStep[]; teachability: Teachability },
) {
  const model = createScriptedModel(steps);
  const assistant = new AssistantAgent({ name: "assistant", model });
  teachability.addToAgent(assistant);
  const user = new UserProxyAgent({ name: "user", humanInputMode: "NEVER" });
  const result = await user.initiateChat(assistant, { message });
  model.assertDone();
  return { result, requests: model.requests };
}

const BIRTHDAY: MemoText = {
  kind: "fact",
  input: "When is Ada's birthday?",
  output: "Ada's birthday is on 10 December.",
};

describe("Teachability", () => {
  it("counts a kept reply as one that took nothing, and tells of one that was cut off", async () => {
    const cut = { content: lesson([]), finishReason: "length" as const, costUsd: 0.5 };
    const { result } = await chat("Hello.", { teachability: teach(), steps: [cut, { content: "Hi.", costUsd: 0.25 }] });
    expect(result.warnings).toEqual([expect.stringContaining("was cut off at its token limit")]);

    const scripted = createScriptedModel([{ content: lesson([]), costUsd: 0.5 }]);
    const model = createCachingModel(scripted, { cache: createMemoryReplyCache() });
    const costs: (number | null | undefined)[] = [];
    for (const name of ["first", "second"]) {
      const assistant = new AssistantAgent({ name, model: createScriptedModel([{ content: "Hi.", costUsd: 0.25 }]) });
      teach("ada", { model }).addToAgent(assistant);
      await new UserProxyAgent({ name: "user", humanInputMode: "NEVER" }).initiateChat(assistant, {
        message: "Hello.",
      });
      costs.push(assistant.getActualUsage()?.totalCost, assistant.getTotalUsage()?.totalCost);
    }
    expect(costs).toEqual([0.75, 0.75, 0.25, 0.75]);
  });

  it("tries again to delete the memos first, where the store failed", async () => {
    await teach().remember(BIRTHDAY);
    let failures = 1;
    const failing: VectorStore = {
      ...store,
      describeCollection: async (...args) => {
        if (failures > 0) {
          failures -= 1;
          throw new CitewellError("store_unavailable", "The store is away.");
        }
        return store.describeCollection(...args);
      },
    };
    const memory = new Teachability({ store: failing, embedder, user: "ada", resetDb: true });
    await expect(memory.list()).rejects.toMatchObject({ code: "store_unavailable" });
    expect(await memory.list()).toEqual([]);
  });

  it("learns a fact in one chat and recalls it in another, by a new agent over the same store", async () => {
    const events: TeachabilityEvent[] = [];
    const first = teach("ada", { onEvent: (event: TeachabilityEvent) => void events.push(event) });
    await chat("Ada's birthday is on 10 December.", { teachability: first, steps: [lesson([BIRTHDAY]), "Noted."] });
    expect(events).toMatchObject([{ type: "learned", memo: BIRTHDAY }]);

    const { result, requests } = await chat("When is Ada's birthday?", {
      teachability: teach(),
      steps: [lesson([]), "On 10 December."],
    });
    expect(requests[1]?.messages.at(-1)?.content).toBe(
      "When is Ada's birthday?\n\n# Memories that might help\n- fact: When is Ada's birthday? -> Ada's birthday is on 10 December.\n",
    );
    expect(result.chatHistory[0]?.content).toBe("When is Ada's birthday?");
    expect(requests[0]?.messages.at(-1)?.content).toContain("1: When is Ada's birthday? -> ");
  });

  it("asks the model once a message what it teaches, and counts the call", async () => {
    const usage = { promptTokens: 30, completionTokens: 3 };
    const steps = [
      { content: lesson([]), usage, costUsd: 0.5 },
      { content: "Hello.", usage, costUsd: 0.25 },
    ];
    const { result, requests } = await chat("Hello", { teachability: teach(), steps });
    expect(requests[0]).toMatchObject({ temperature: 0, responseFormat: "json" });
    expect(result.cost.usageIncludingCachedInference.totalCost).toBe(0.75);
    expect(result.usage).toEqual({ promptTokens: 60, completionTokens: 6 });
  });

  it("corrects and forgets what a message contradicts or asks to forget", async () => {
    const teachability = teach();
    const birthday = await teachability.remember({ input: BIRTHDAY.input, output: "In May." });
    await chat("Ada's birthday is in December, not in May.", {
      teachability,
      steps: [lesson([], { correct: [{ id: "1", output: "In December." }] }), "Noted."],
    });
    expect(await teachability.list()).toMatchObject([{ id: birthday.id, output: "In December." }]);
    expect((await teachability.recall("When is Ada's birthday?")).map(({ output }) => output)).toEqual([
      "In December.",
    ]);
    await chat("Forget Ada's birthday.", { teachability, steps: [lesson([], { forget: ["1"] }), "Forgotten."] });
    expect(await teachability.list()).toEqual([]);
  });

  it("keeps the memos of users apart", async () => {
    await teach("ada").remember(BIRTHDAY);
    const [memo] = await teach("ada").list();
    const other = teach("bob");
    expect(await other.list()).toEqual([]);
    expect(await other.recall("When is Ada's birthday?")).toEqual([]);
    expect(await other.forget(memo?.id ?? "")).toBe(false);
    expect(await other.correct(memo?.id ?? "", { output: "Never." })).toBeNull();
    expect(await other.clear()).toBe(0);
    expect(await teach("ada").list()).toHaveLength(1);
  });

  it("lists, corrects and deletes memos by hand", async () => {
    const teachability = teach();
    const tea = await teachability.remember({
      kind: "preference",
      input: "How is tea\nserved?",
      output: "Hot.\nNo milk.",
    });
    await teachability.remember({ kind: "skill", input: "Sorting long lists", output: "Use merge sort." });
    expect(tea).toMatchObject({ kind: "preference", input: "How is tea served?", output: "Hot.\nNo milk." });
    expect(await teachability.correct(tea.id, { output: "With milk." })).toMatchObject({ kind: "preference" });
    expect((await teachability.list()).map(({ output }) => output).toSorted()).toEqual([
      "Use merge sort.",
      "With milk.",
    ]);
    expect(await teachability.forget(tea.id)).toBe(true);
    expect(await teachability.forget(tea.id)).toBe(false);
    expect(await teachability.forget("no id")).toBe(false);
    expect(await teachability.clear()).toBe(1);
    expect(await teachability.list()).toEqual([]);
  });

  it("recalls by relevance, at most so many, within the threshold", async () => {
    const teachability = teach("ada", { maxNumRetrievals: 1 });
    await teachability.remember({ input: "What is the capital of France?", output: "Paris is the capital of France." });
    await teachability.remember({ input: "Which tea does Ada drink?", output: "Ada drinks green tea." });
    const [memo, ...rest] = await teachability.recall("Which tea does Ada like to drink?");
    expect(memo).toMatchObject({ output: "Ada drinks green tea." });
    expect(memo?.distance).toBeLessThan(1.5);
    expect(rest).toEqual([]);
    expect(await teach("ada", { recallThreshold: 0 }).recall("Which tea does Ada drink?")).toEqual([]);
    expect(await teach("ada", { maxNumRetrievals: 0 }).recall("Which tea does Ada drink?")).toEqual([]);
  });

  it("begins anew with resetDb, once", async () => {
    await teach().remember({ input: "old", output: "old" });
    const fresh = teach("ada", { resetDb: true });
    expect(await fresh.list()).toEqual([]);
    await fresh.remember({ input: "new", output: "new" });
    expect(await fresh.list()).toHaveLength(1);
  });

  it("learns nothing from agents with a model, nor of a message that ends the chat", async () => {
    const teachability = teach();
    const model = createScriptedModel(["One.", "Two."]);
    const assistant = new AssistantAgent({ name: "assistant", model });
    teachability.addToAgent(assistant);
    const other = new AssistantAgent({ name: "other", model: createScriptedModel(["TERMINATE"]) });
    await other.initiateChat(assistant, { message: "Hello" });
    expect(model.requests).toHaveLength(1);
    expect(model.requests[0]?.messages[0]?.content).not.toContain("JSON");
  });

  it("says when the model's reply was not as asked for, and answers nevertheless", async () => {
    const events: TeachabilityEvent[] = [];
    const teachability = teach("ada", { onEvent: (event: TeachabilityEvent) => void events.push(event) });
    const { result } = await chat("Hello", { teachability, steps: ["I do not know.", "Hello!"] });
    expect(events).toEqual([{ type: "not-understood", reply: "I do not know." }]);
    expect(result.summary).toBe("Hello!");
  });

  it("learns in a group from people and not from members with a model, whoever leads it", async () => {
    const teachability = teach();
    const model = createScriptedModel([lesson([BIRTHDAY]), "Noted.", "And again."]);
    const assistant = new AssistantAgent({ name: "assistant", model });
    teachability.addToAgent(assistant);
    const colleague = new AssistantAgent({ name: "colleague", model: createScriptedModel(["Ada was born in May."]) });
    const user = new UserProxyAgent({ name: "user", humanInputMode: "NEVER" });
    const order = [assistant, colleague, assistant];
    const groupchat = new GroupChat({
      agents: [user, assistant, colleague],
      speakerSelectionMethod: () => order.shift() ?? null,
    });
    await user.initiateChat(new GroupChatManager({ groupchat }), { message: "Ada's birthday is on 10 December." });
    model.assertDone();
    expect(await teachability.list()).toMatchObject([BIRTHDAY]);
  });

  it("warns of an agent that cannot learn", () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    teach().addToAgent(new UserProxyAgent({ name: "pupil" }));
    expect(warn.mock.calls[0]?.[0]).toContain("pupil has no model, so it learns nothing from messages");
    warn.mockRestore();
  });

  it("refuses memos that another embedding model made", async () => {
    await teach().remember({ input: "a", output: "b" });
    const other = new Teachability({ store, embedder: createHashingEmbedder({ dimensions: 64 }) });
    await expect(other.remember({ input: "a", output: "b" })).rejects.toMatchObject({ code: "collection_mismatch" });
  });

  it.each([{ maxNumRetrievals: -1 }, { recallThreshold: 5 }, { user: " " }])("refuses %j", (options) => {
    expect(() => teach("ada", options)).toThrow(TypeError);
  });
});

describe("readLesson", () => {
  const known = [{ id: "long-id", kind: "fact", input: "a", output: "b", updatedAt: "" }] as const;

  it("reads JSON within other text and leaves out memos that are not known", () => {
    const reply = 'Here: ```json\n{"forget":["1","2","x"],"correct":[{"id":"9","output":"c"}]}\n```';
    expect(readLesson(reply, known)).toEqual({ add: [], correct: [], forget: ["long-id"] });
  });

  it.each(["", "{", "[]", '{"add":[{"input":""}]}'])("does not take %j for a lesson", (reply) => {
    expect(readLesson(reply, known)).toBeNull();
  });
});
