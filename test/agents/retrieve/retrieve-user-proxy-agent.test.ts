import { describe, expect, it } from "vitest";
import { AssistantAgent } from "../../../src/agents/assistant-agent.ts";
import { createConversation } from "../../../src/agents/conversation.ts";
import { deserializeConversation, serializeConversation } from "../../../src/agents/conversation/store-conversation.ts";
import { ExtractiveAssistant } from "../../../src/agents/extractive/extractive-assistant.ts";
import type { RetrieveConfig } from "../../../src/agents/retrieve/retrieve-config.ts";
import { RetrieveUserProxyAgent } from "../../../src/agents/retrieve/retrieve-user-proxy-agent.ts";
import type {
  RetrieveDocsOptions,
  RetrieveUserProxyAgentOptions,
} from "../../../src/agents/retrieve/retrieve-proxy-options.ts";
import { toSearchResult } from "../../../src/agents/retrieve/search-result.ts";
import type { SearchResult } from "../../../src/domain/hit.ts";
import { createScriptedHumanInput } from "../../../src/human-input/scripted-human-input.ts";
import { createScriptedModel } from "../../../src/language-model/scripted-model.ts";
import type { RetrieveOptions } from "../../../src/retrieval/retrieve.ts";
import { makeHit, makeRetrieval } from "../made-up-corpus.ts";

const ranking = Array.from({ length: 8 }, (_, index) =>
  makeHit(`Fact ${String(index)}${index % 2 === 0 ? " on spark" : ""}.`, { chunkIds: [`f${String(index)}`] }),
);

describe("RetrieveUserProxyAgent", () => {
  it("asks through messageGenerator, passed as a value", async () => {
    const { retrieve } = makeRetrieval(ranking);
    const proxy = new RetrieveUserProxyAgent({
      name: "ragproxyagent",
      humanInputMode: "NEVER",
      maxConsecutiveAutoReply: 10,
      retrieveConfig: { task: "code", docsPath: ["a.md"], chunkTokenSize: 2000, model: "gpt-4o", getOrCreate: true },
      retrieve,
      codeExecutionConfig: false,
    });
    const model = createScriptedModel(["UPDATE CONTEXT", "Use it [4]."]);
    const assistant = new AssistantAgent({ name: "assistant", model });
    assistant.reset();
    const { messageGenerator } = proxy;
    const result = await proxy.initiateChat(assistant, { message: messageGenerator, problem: "How?", nResults: 3 });
    expect(result.summary).toBe("Use it [4].");
    expect(result.chatHistory).toHaveLength(4);
    expect(result.retrieval).toMatchObject({ status: "answered", rounds: 2, answer: "Use it [4]." });
    expect(result.humanInput).toEqual([]);
    model.assertDone();
  });

  it("makes the same prompt of the same question and passages, so that a kept reply fits it, and else another fence", async () => {
    const promptOf = async (problem: string, passages = ranking): Promise<string> => {
      const model = createScriptedModel(["Yes [1]."]);
      const { retrieve } = makeRetrieval(passages);
      const proxy = new RetrieveUserProxyAgent({ name: "proxy", humanInputMode: "NEVER", retrieve });
      const assistant = new AssistantAgent({ name: "assistant", model });
      await proxy.initiateChat(assistant, { message: proxy.messageGenerator, problem, nResults: 3 });
      return model.requests[0]?.messages.at(-1)?.content ?? "";
    };
    const prompts = [await promptOf("How?"), await promptOf("How?"), await promptOf("Why?")];
    prompts.push(await promptOf("How?", ranking.slice(1)));
    const fences = prompts.map((prompt) => /<<([\da-f]{16}) passage/.exec(prompt)?.[1]);
    expect(prompts[1]).toBe(prompts[0]);
    expect(new Set(fences).size).toBe(3);
  });

  it("searches for code tasks in their own way, where there is one, and tells a subclass the task", async () => {
    const [plain, code] = [makeRetrieval(ranking), makeRetrieval(ranking)];
    const tasks: unknown[] = [];
    class WatchedProxy extends RetrieveUserProxyAgent {
      protected override async retrieveDocs(query: string, options?: RetrieveDocsOptions): Promise<SearchResult> {
        tasks.push(options?.task);
        return super.retrieveDocs(query, options);
      }
    }
    const ask = async (task: "qa" | "code", parts: Partial<RetrieveUserProxyAgentOptions>): Promise<void> => {
      const proxy = new WatchedProxy({ name: "proxy", humanInputMode: "NEVER", retrieveConfig: { task }, ...parts });
      const model = createScriptedModel(["UPDATE CONTEXT", "Yes [1]."]);
      const assistant = new AssistantAgent({ name: "assistant", model });
      await proxy.initiateChat(assistant, { message: proxy.messageGenerator, problem: "How?", nResults: 3 });
    };
    const both = { retrieve: plain.retrieve, retrieveCode: code.retrieve };
    await ask("code", both);
    expect([plain.calls.length, code.calls.length]).toEqual([0, 2]);
    expect(code.calls[0]?.options).not.toHaveProperty("task");
    await ask("qa", both);
    await ask("code", { retrieve: plain.retrieve });
    await ask("code", { openRetrieval: async () => ({ ...both, close: async () => undefined }) });
    expect([plain.calls.length, code.calls.length]).toEqual([4, 4]);
    expect(tasks).toEqual(["code", "code", "qa", "qa", "code", "code", "code", "code"]);
  });

  it("opens its collection once, on the first question, and again after a failure", async () => {
    const opened: RetrieveConfig[] = [];
    let closed = 0;
    const { retrieve } = makeRetrieval(ranking);
    const retrieveConfig: RetrieveConfig = { docsPath: "docs" };
    const proxy = new RetrieveUserProxyAgent({
      name: "proxy",
      humanInputMode: "NEVER",
      retrieveConfig,
      async openRetrieval(config) {
        opened.push(config);
        if (opened.length === 1) throw new Error("not yet");
        return { retrieve, close: async () => void (closed += 1) };
      },
    });
    const ask = async (): Promise<string> => {
      const assistant = new AssistantAgent({ name: "assistant", model: createScriptedModel(["Yes [1]."]) });
      return (await proxy.initiateChat(assistant, { message: proxy.messageGenerator, problem: "Q?" })).summary;
    };
    expect(opened).toHaveLength(0);
    await expect(ask()).rejects.toThrow("not yet");
    expect(await Promise.all([ask(), ask()])).toEqual(["Yes [1].", "Yes [1]."]);
    expect(opened).toEqual([retrieveConfig, retrieveConfig]);
    await proxy.close();
    expect(closed).toBe(1);
  });

  it("ends a chat that is aborted while the collection is opened, and the opening when nobody else waits", async () => {
    const signals: AbortSignal[] = [];
    const { retrieve } = makeRetrieval(ranking);
    const finish = Promise.withResolvers<{ retrieve: typeof retrieve; close: () => Promise<void> }>();
    const proxy = new RetrieveUserProxyAgent({
      name: "proxy",
      humanInputMode: "NEVER",
      async openRetrieval(_config, { signal } = {}) {
        if (signal !== undefined) signals.push(signal);
        return finish.promise;
      },
    });
    const ask = (controller: AbortController): Promise<unknown> => {
      const assistant = new AssistantAgent({ name: "assistant", model: createScriptedModel(["Yes [1]."]) });
      const { signal } = controller;
      return proxy.initiateChat(assistant, { message: proxy.messageGenerator, problem: "Q?", signal });
    };
    const [first, second, third] = [new AbortController(), new AbortController(), new AbortController()];
    const asked = [ask(first), ask(second)].map(async (chat) => chat.catch((error: unknown) => error));
    await expect.poll(() => signals).toHaveLength(1);
    first.abort("the first leaves");
    expect(await asked[0]).toBe("the first leaves");
    expect(signals[0]?.aborted).toBe(false);
    second.abort("the second leaves");
    expect(await asked[1]).toBe("the second leaves");
    expect(signals[0]?.aborted).toBe(true);
    finish.resolve({ retrieve, close: async () => undefined });
    expect(await ask(third)).toMatchObject({ summary: "Yes [1]." });
    expect(signals).toHaveLength(2);
    await proxy.close();
  });

  it("ends a chat whose deadline comes while the collection is opened, with that as the reason", async () => {
    const proxy = new RetrieveUserProxyAgent({
      name: "proxy",
      humanInputMode: "NEVER",
      openRetrieval: async (_config, { signal } = {}) =>
        new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
    });
    const assistant = new AssistantAgent({ name: "assistant", model: createScriptedModel([]) });
    const deadline = new Date(Date.now() + 20);
    const result = await proxy.initiateChat(assistant, { message: proxy.messageGenerator, problem: "Q?", deadline });
    expect(result.outcome).toMatchObject({ status: "stopped", reason: "deadline" });
    expect(result.chatHistory).toEqual([]);
  });

  it("breaks off what is still being opened when it is closed", async () => {
    const proxy = new RetrieveUserProxyAgent({
      name: "proxy",
      humanInputMode: "NEVER",
      openRetrieval: async (_config, { signal } = {}) =>
        new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
    });
    const opening = proxy.openRetrieval().catch((error: unknown) => error);
    await proxy.close();
    expect(await opening).toMatchObject({ name: "AbortError", message: "The search of proxy was closed." });
  });

  it.each([Number.NaN, -1, "3", Promise.resolve(3)])("refuses %s as a number of tokens", async (tokens) => {
    const { retrieve } = makeRetrieval(ranking);
    const retrieveConfig: RetrieveConfig = {};
    Object.assign(retrieveConfig, { customTokenCountFunction: () => tokens });
    const proxy = new RetrieveUserProxyAgent({ name: "proxy", humanInputMode: "NEVER", retrieve, retrieveConfig });
    const assistant = new AssistantAgent({ name: "assistant", model: createScriptedModel(["Yes [1]."]) });
    const chat = proxy.initiateChat(assistant, { message: proxy.messageGenerator, problem: "Q?" });
    await expect(chat).rejects.toThrow("customTokenCountFunction must be a number from 0, not");
  });

  it("says what it searched for when nothing fits, without asking the model", async () => {
    const { retrieve } = makeRetrieval([]);
    const proxy = new RetrieveUserProxyAgent({ name: "proxy", humanInputMode: "NEVER", retrieve });
    const assistant = new AssistantAgent({ name: "assistant", model: createScriptedModel([]) });
    const result = await proxy.initiateChat(assistant, { message: proxy.messageGenerator, problem: "Q?" });
    expect(result.summary).toContain("Searched for “Q?” (0 passages).");
    expect(result.retrieval?.status).toBe("insufficient");
    expect(result.outcome).toMatchObject({ status: "completed", reason: "no-evidence" });
  });

  it("keeps to passages that hold the search string", async () => {
    const { retrieve } = makeRetrieval(ranking);
    const proxy = new RetrieveUserProxyAgent({ name: "proxy", humanInputMode: "NEVER", retrieve });
    const assistant = new AssistantAgent({ name: "assistant", model: createScriptedModel(["Yes [1]."]) });
    const result = await proxy.initiateChat(assistant, {
      message: proxy.messageGenerator,
      problem: "Q?",
      nResults: 4,
      searchString: "spark",
    });
    expect(result.retrieval?.passages.map(({ hit }) => hit.text)).toEqual(["Fact 0 on spark.", "Fact 2 on spark."]);
  });

  it("looks down the ranking in growing pages for a rare search string", async () => {
    const rare = Array.from({ length: 400 }, (_, index) =>
      makeHit(index === 350 ? "The rare word." : `Fact ${String(index)}.`, { chunkIds: [`r${String(index)}`] }),
    );
    const { retrieve } = makeRetrieval(rare);
    const proxy = new RetrieveUserProxyAgent({ name: "proxy", humanInputMode: "NEVER", retrieve });
    const assistant = new AssistantAgent({ name: "assistant", model: createScriptedModel(["Yes [1]."]) });
    const message = proxy.messageGenerator;
    const result = await proxy.initiateChat(assistant, { message, problem: "Q?", searchString: "rare" });
    expect(result.retrieval?.passages.map(({ hit }) => hit.text)).toEqual(["The rare word."]);
    expect(result.retrieval?.searches.map(({ hits }) => hits)).toEqual([0, 0, 0, 1]);
  });

  it("drops hits beyond the distance threshold, whatever the store", async () => {
    const near = makeHit("Near.", { scores: { dense: 0.9, lexical: 0, sentence: 0 } });
    const far = makeHit("Far.", { scores: { dense: 0.2, lexical: 0, sentence: 0 } });
    const { retrieve } = makeRetrieval([near, far]);
    const retrieveConfig = { distanceThreshold: 0.5 };
    const proxy = new RetrieveUserProxyAgent({ name: "proxy", humanInputMode: "NEVER", retrieve, retrieveConfig });
    const assistant = new AssistantAgent({ name: "assistant", model: createScriptedModel(["Yes [1]."]) });
    const result = await proxy.initiateChat(assistant, { message: proxy.messageGenerator, problem: "Q?" });
    expect(result.retrieval?.passages.map(({ hit }) => hit.text)).toEqual(["Near."]);
  });

  it("sends the next passages when a person types the words of the request", async () => {
    const { retrieve } = makeRetrieval(ranking);
    const humanInput = createScriptedHumanInput(["update context", ""]);
    const proxy = new RetrieveUserProxyAgent({ name: "proxy", retrieve, humanInput });
    const model = createScriptedModel(["First [1].", "Second [4]."]);
    const assistant = new AssistantAgent({ name: "assistant", model });
    const result = await proxy.initiateChat(assistant, { message: proxy.messageGenerator, problem: "Q?", nResults: 3 });
    expect(result.chatHistory).toHaveLength(4);
    expect(result.chatHistory[2]?.retrieval?.passages.map(({ marker }) => marker)).toEqual([4, 5, 6]);
    expect(result).toMatchObject({ summary: "Second [4].", humanInput: ["update context"] });
    humanInput.assertDone();
  });

  it("takes the word that ends a chat for no part of the answer", async () => {
    const { retrieve } = makeRetrieval(ranking);
    const proxy = new RetrieveUserProxyAgent({ name: "proxy", humanInputMode: "NEVER", retrieve });
    const assistant = new AssistantAgent({ name: "assistant", model: createScriptedModel(["Yes [1].\n\nTERMINATE"]) });
    const result = await proxy.initiateChat(assistant, { message: proxy.messageGenerator, problem: "Q?" });
    expect([result.summary, result.retrieval?.answer]).toEqual(["Yes [1].", "Yes [1]."]);

    const humanInput = createScriptedHumanInput(["thanks", ""]);
    const asking = new RetrieveUserProxyAgent({ name: "proxy", retrieve, humanInput });
    const polite = new AssistantAgent({ name: "assistant", model: createScriptedModel(["Yes [1].", "TERMINATE"]) });
    const thanked = await asking.initiateChat(polite, { message: asking.messageGenerator, problem: "Q?" });
    expect(thanked.retrieval).toMatchObject({ answer: "Yes [1].", status: "answered" });
  });

  it("runs code answers when an executor is given", async () => {
    const { retrieve } = makeRetrieval(ranking);
    const executor = { execute: async () => ({ exitCode: 0, output: "42" }) };
    const proxy = new RetrieveUserProxyAgent({
      name: "proxy",
      humanInputMode: "NEVER",
      retrieve,
      codeExecutionConfig: { executor },
    });
    const model = createScriptedModel(["```python\nprint(42)\n```", "It prints 42 [1]."]);
    const result = await proxy.initiateChat(new AssistantAgent({ name: "assistant", model }), {
      message: proxy.messageGenerator,
      problem: "Q?",
    });
    expect(result.chatHistory[2]?.content).toContain("Code output: 42");
    expect(result.summary).toBe("It prints 42 [1].");
  });

  it("takes a request as the end when updates are off", async () => {
    const { retrieve } = makeRetrieval(ranking);
    const retrieveConfig = { updateContext: false };
    const proxy = new RetrieveUserProxyAgent({ name: "proxy", humanInputMode: "NEVER", retrieve, retrieveConfig });
    const assistant = new AssistantAgent({ name: "assistant", model: createScriptedModel(["UPDATE CONTEXT"]) });
    const result = await proxy.initiateChat(assistant, { message: proxy.messageGenerator, problem: "Q?" });
    expect(result.retrieval?.status).toBe("insufficient");
  });

  it("does not invite a request when updates are off, and wants what is missing to be said", async () => {
    const { retrieve } = makeRetrieval([makeHit("A fact.")]);
    const promptWith = async (updateContext: boolean): Promise<string> => {
      const retrieveConfig = { updateContext };
      const proxy = new RetrieveUserProxyAgent({ name: "proxy", humanInputMode: "NEVER", retrieve, retrieveConfig });
      const assistant = new AssistantAgent({ name: "assistant", model: createScriptedModel(["Yes [1]."]) });
      const result = await proxy.initiateChat(assistant, { message: proxy.messageGenerator, problem: "Why?" });
      return result.chatHistory[0]?.content ?? "";
    };
    expect(await promptWith(true)).toContain("reply with exactly UPDATE CONTEXT");
    const prompt = await promptWith(false);
    expect(prompt).not.toMatch(/update.context/i);
    expect(prompt).toContain("say what is missing");
  });

  it.each(["further passages", "no further passages"])(
    "does not invite a request with %s that a person asks for when updates are off",
    async (kind) => {
      const more = kind === "further passages" ? [makeHit("Another fact.", { chunkIds: ["b"] })] : [];
      const { retrieve } = makeRetrieval([makeHit("A fact.", { chunkIds: ["a"] }), ...more]);
      const humanInput = createScriptedHumanInput(["UPDATE CONTEXT", "exit"]);
      const proxy = new RetrieveUserProxyAgent({
        name: "proxy",
        humanInputMode: "ALWAYS",
        humanInput,
        retrieve,
        retrieveConfig: { updateContext: false, nResults: 1 },
      });
      const assistant = new AssistantAgent({ name: "assistant", model: createScriptedModel(["Yes [1].", "Yes."]) });
      const result = await proxy.initiateChat(assistant, { message: proxy.messageGenerator, problem: "Why?" });
      const prompt = result.chatHistory[2]?.content ?? "";
      expect(prompt).toMatch(kind === "further passages" ? /^Here are further/ : /^There are no further/);
      expect(prompt).not.toMatch(/update.context/i);
    },
  );

  it.each([{ maxRounds: 2 }, { maxTurns: 2 }, { maxRounds: 3, maxTurns: 2 }])(
    "says in the prompt of the last round with %j that there are no other passages",
    async (limits) => {
      const { retrieve } = makeRetrieval(ranking);
      const proxy = new RetrieveUserProxyAgent({ name: "proxy", humanInputMode: "NEVER", retrieve });
      const model = createScriptedModel(["UPDATE CONTEXT", "UPDATE CONTEXT"]);
      const assistant = new AssistantAgent({ name: "assistant", model });
      const question = { message: proxy.messageGenerator, problem: "Why?", nResults: 2, ...limits };
      const result = await proxy.initiateChat(assistant, question);
      const [first, , last] = result.chatHistory;
      expect(first?.content).toContain("When the passages are not enough, reply with exactly UPDATE CONTEXT");
      expect(last?.content).not.toContain("The rules stay the same");
      expect(last?.content).toContain("These are the last ones");
      expect(last?.content).toContain("say what is missing, and reply with exactly UPDATE CONTEXT only where");
      expect(last?.retrieval?.roundsLeft).toBe(0);
      expect(result.retrieval?.status).toBe("insufficient");
      expect(result.summary).toMatch(/^No answer was found within the permitted number of (?:rounds|turns)\./);
    },
  );

  it("does not promise other passages where there is one round only", async () => {
    const { retrieve } = makeRetrieval(ranking);
    const proxy = new RetrieveUserProxyAgent({ name: "proxy", humanInputMode: "NEVER", retrieve, maxRounds: 1 });
    const assistant = new AssistantAgent({ name: "assistant", model: createScriptedModel(["Some [1]."]) });
    const result = await proxy.initiateChat(assistant, { message: proxy.messageGenerator, problem: "Why?" });
    const prompt = result.chatHistory[0]?.content ?? "";
    expect(prompt).toContain("say what is missing; there are no others. Only where they answer nothing, reply with");
    expect(prompt).not.toContain("other search words");
  });

  it("lets an assistant without a model answer at once when updates are off", async () => {
    const { retrieve, calls } = makeRetrieval([makeHit("A boat needs oars.")], { evidence: "weak" });
    const retrieveConfig = { updateContext: false };
    const proxy = new RetrieveUserProxyAgent({ name: "proxy", humanInputMode: "NEVER", retrieve, retrieveConfig });
    const result = await proxy.initiateChat(new ExtractiveAssistant(), {
      message: proxy.messageGenerator,
      problem: "What does a boat need?",
    });
    expect(result.retrieval).toMatchObject({ status: "partial", rounds: 1 });
    expect(result.summary).toContain("A boat needs oars.");
    expect(calls).toHaveLength(1);
  });

  it("fills a template of one's own and leaves other braces alone", async () => {
    const { retrieve } = makeRetrieval([makeHit("A {inputQuestion} fact.")]);
    const retrieveConfig = { customizedPrompt: "{x} Q={input_question} C={inputContext} S={input_sources} {}" };
    const proxy = new RetrieveUserProxyAgent({ name: "proxy", humanInputMode: "NEVER", retrieve, retrieveConfig });
    const assistant = new AssistantAgent({ name: "assistant", model: createScriptedModel(["Yes [1]."]) });
    const result = await proxy.initiateChat(assistant, { message: proxy.messageGenerator, problem: "Why?" });
    const prompt = result.chatHistory[0]?.content ?? "";
    expect(prompt).toMatch(/^\{x\} Q=Why\? C=<</);
    expect(prompt).toContain("A {inputQuestion} fact.");
    expect(prompt).toMatch(/S=guide\.md \{\}$/);
  });

  it.each([
    [{ docs_path: "x" }, /write docsPath/],
    [{ client: {} }, /vectorDb/],
    [{ embedding_model: "x" }, /embeddingFunction/],
    [{ task: "poem" }, /"qa", "code" or "default"/],
    [{ chunkMode: "words" }, /multi_lines/],
    [{ colour: "red" }, /not supported/],
    [{ extra_docs: true }, /added to a collection by default/],
    [{ quantization_config: {} }, /your own client/],
  ])("refuses retrieveConfig %j", (retrieveConfig, message) => {
    expect(() => Reflect.construct(RetrieveUserProxyAgent, [{ name: "proxy", retrieveConfig }])).toThrow(message);
  });

  it("searches by what a subclass puts in the place of retrieveDocs", async () => {
    const { retrieve, calls } = makeRetrieval(ranking);
    class OwnSearch extends RetrieveUserProxyAgent {
      protected override async retrieveDocs(query: string, options?: RetrieveOptions): Promise<SearchResult> {
        return retrieve(`my ${query}`, options);
      }
    }
    const proxy = new OwnSearch({ name: "proxy", humanInputMode: "NEVER" });
    const assistant = new AssistantAgent({ name: "assistant", model: createScriptedModel(["Yes [1]."]) });
    const result = await proxy.initiateChat(assistant, { message: proxy.messageGenerator, problem: "Why?" });
    expect(result.summary).toBe("Yes [1].");
    expect(calls[0]?.query).toBe("my Why?");
  });

  it("searches texts of one's own, shows none twice and ends where there are no others", async () => {
    class Rows extends RetrieveUserProxyAgent {
      protected override async retrieveDocs(query: string, { limit = 5 }: RetrieveDocsOptions = {}) {
        const rows = ["Spark runs in parallel.", "Spark\nneeds Java.", "Roses are red."];
        const found = rows.map((text, row) => ({ source: `row ${String(row)}`, text, line: row + 1 }));
        return toSearchResult(query, found.slice(0, limit));
      }
    }
    const proxy = new Rows({ name: "proxy", humanInputMode: "NEVER", retrieveConfig: { nResults: 2 } });
    const model = createScriptedModel(["UPDATE CONTEXT", "UPDATE CONTEXT", "UPDATE CONTEXT"]);
    const assistant = new AssistantAgent({ name: "assistant", model });
    const result = await proxy.initiateChat(assistant, { message: proxy.messageGenerator, problem: "Why?" });
    const passages = result.retrieval?.passages.map(({ hit }) => [hit.source, hit.lines.start, hit.lines.end]);
    expect(passages).toEqual([
      ["row 0", 1, 1],
      ["row 1", 2, 3],
      ["row 2", 3, 3],
    ]);
    expect(result.outcome.reason).toBe("exhausted");
    model.assertDone();
  });

  it("ends where a search of one's own finds no text that passes, however often it finds the same", async () => {
    class Same extends RetrieveUserProxyAgent {
      protected override async retrieveDocs(query: string, { limit = 5 }: RetrieveDocsOptions = {}) {
        return toSearchResult(
          query,
          Array.from({ length: limit }, (_, row) => ({ source: String(row % 7), text: "x" })),
        );
      }
    }
    const proxy = new Same({ name: "proxy", humanInputMode: "NEVER" });
    const assistant = new AssistantAgent({ name: "assistant", model: createScriptedModel([]) });
    const question = { message: proxy.messageGenerator, problem: "Why?", searchString: "y" };
    expect((await proxy.initiateChat(assistant, question)).outcome.reason).toBe("no-evidence");
  });

  it.each([
    [undefined, "not undefined"],
    [{ ids: [[1]], documents: [["x"]] }, "not an object without hits"],
    [{ hits: [{ text: "x" }] }, "with hits that lack text, source or chunkIds"],
    [{ hits: [] }, "not an object without evidence"],
  ])("says what retrieveDocs must return where it returns %j", async (returned, message) => {
    class Wrong extends RetrieveUserProxyAgent {}
    Reflect.defineProperty(Wrong.prototype, "retrieveDocs", { value: async () => returned });
    const proxy = new Wrong({ name: "proxy", humanInputMode: "NEVER" });
    const assistant = new AssistantAgent({ name: "assistant", model: createScriptedModel([]) });
    const chat = proxy.initiateChat(assistant, { message: proxy.messageGenerator, problem: "Why?" });
    await expect(chat).rejects.toThrow(message);
    await expect(chat).rejects.toThrow("retrieveDocs of proxy must return a search result, such as toSearchResult(");
  });

  it("refuses messageGenerator that is called, or passed to another agent's chat", async () => {
    const proxy = new RetrieveUserProxyAgent({ name: "proxy", humanInputMode: "NEVER" });
    const assistant = new AssistantAgent({ name: "assistant", model: createScriptedModel([]) });
    const { messageGenerator: message } = proxy;
    const chat = assistant.initiateChat(proxy, { message, problem: "Why?" });
    await expect(chat).rejects.toThrow("pass it as it is, proxy.initiateChat(assistant, { message: proxy.messageGen");
    expect(() => Reflect.apply(message, undefined, [])).toThrow(TypeError);
    // As AutoGen's programs make a tool of a proxy.
    expect(() => Reflect.apply(message, undefined, [proxy, null, { problem: "Why?" }])).toThrow(
      "use createRetrieveTool({ retrieve: await proxy.openRetrieval() })",
    );
  });

  it("searches with an answer that lacks the wanted words, without its numbers of passages", async () => {
    const { retrieve, calls } = makeRetrieval(ranking);
    const retrieveConfig = { customizedAnswerPrefix: "the answer is" };
    const proxy = new RetrieveUserProxyAgent({ name: "proxy", humanInputMode: "NEVER", retrieve, retrieveConfig });
    const model = createScriptedModel(["Chi [1] and Wu [2, 3]. Or not.", "The answer is Wu [6]."]);
    const assistant = new AssistantAgent({ name: "assistant", model });
    await proxy.initiateChat(assistant, { message: proxy.messageGenerator, problem: "Who?" });
    expect(calls.map(({ query }) => query)).toEqual(["Who?", "Chi and Wu."]);
  });

  it("goes on with a stored question in another process", async () => {
    const make = () =>
      new RetrieveUserProxyAgent({ name: "proxy", humanInputMode: "NEVER", retrieve: makeRetrieval(ranking).retrieve });
    const model = createScriptedModel(["UPDATE CONTEXT", "Use it [4]."]);
    const assistant = new AssistantAgent({ name: "assistant", model });
    const proxy = make();
    const conversation = createConversation(["proxy", "assistant"]);
    const question = { message: proxy.messageGenerator, problem: "How?", nResults: 3, conversation };
    for await (const event of proxy.streamChat(assistant, question)) {
      if (event.type === "message" && event.sender === "assistant") break;
    }
    const stored = deserializeConversation(serializeConversation(conversation));
    const result = await make().resumeChat(assistant, { conversation: stored });
    expect(result.retrieval).toMatchObject({ answer: "Use it [4].", rounds: 2 });
    expect(result.retrieval?.passages).toHaveLength(6);
    model.assertDone();
  });
});
