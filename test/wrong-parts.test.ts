import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAnswerQuestion, type AnswerQuestionParts } from "../src/answering/answer-question.ts";
import {
  AssistantAgent,
  compose,
  createHashingEmbedder,
  createIngestCorpus,
  createJsonlLog,
  createRetriever,
  createScriptedModel,
  createSubmitDocuments,
  openEmbeddedStore,
  openEmbedder,
  openQdrantStore,
  resumeChat,
  runRetrieveChat,
  runToEnd,
  UserProxyAgent,
  watchRun,
  type VectorStore,
} from "../src/index.ts";

/** Calls a function with what the compiler would refuse, as a program in JavaScript may. */
const called = async (call: (...args: never[]) => unknown, ...args: readonly unknown[]): Promise<unknown> =>
  Reflect.apply(call, undefined, args);

/** Parts of an answering that must not be asked for anything. */
function nothing(): AnswerQuestionParts {
  const refuse = (): never => {
    throw new Error("a part was asked");
  };
  return new Proxy<AnswerQuestionParts>(Object.create(null), { get: refuse });
}

describe("a part that somebody hands over", () => {
  const embedder = createHashingEmbedder({ dimensions: 8 });
  let store: VectorStore;

  beforeEach(async () => {
    store = await openEmbeddedStore({ file: ":memory:" });
  });

  afterEach(() => store.close());

  it.each([
    ["nothing", undefined, "openEmbeddedStore takes an object with options, not undefined."],
    ["a path alone", "notes.db", 'openEmbeddedStore takes an object with options, not "notes.db".'],
    ["no file", {}, 'openEmbeddedStore.file must be a path, such as "notes.db", or ":memory:", not undefined.'],
    ["a path under another name", { path: "notes.db" }, "openEmbeddedStore.path is not supported: write file."],
  ])("is refused by openEmbeddedStore: %s", async (_what, options, sentence) => {
    await expect(called(openEmbeddedStore, options)).rejects.toThrow(sentence);
  });

  it.each([
    ["nothing", undefined, "openEmbedder takes an object with options, not undefined."],
    ["a folder in snake_case", { cache_folder: "x" }, "openEmbedder.cache_folder is not supported: write cacheFolder."],
    ["no folder for a model of the hub", { model: "owner/model" }, "openEmbedder.cacheFolder must be a text"],
  ])("is refused by openEmbedder: %s", async (_what, options, sentence) => {
    await expect(called(openEmbedder, options)).rejects.toThrow(sentence);
  });

  it.each([
    ["nothing", undefined, "openQdrantStore takes an object with options, not undefined."],
    ["a host", { host: "localhost" }, 'openQdrantStore.host is not supported: write url: "http://host:6333".'],
  ])("is refused by openQdrantStore: %s", async (_what, options, sentence) => {
    await expect(called(openQdrantStore, options)).rejects.toThrow(sentence);
  });

  it("is refused by an ingestion before anything is read", async () => {
    for (const create of [createIngestCorpus, createSubmitDocuments]) {
      await expect(called(create)).rejects.toThrow(`${create.name} takes an object with options, not undefined.`);
      await expect(called(create, {})).rejects.toThrow(`${create.name}.store must be a store, such as await open`);
      const texts = (): number[][] => [[1, 0]];
      await expect(called(create, { store, embedder: texts })).rejects.toThrow(
        `${create.name}.embedder must be an embedder, such as await openEmbedder({ cacheFolder: ".citewell/models" }) or await createFunctionEmbedder(embeddingFunction), not a function.`,
      );
      const opening = openEmbeddedStore({ file: ":memory:" });
      await expect(called(create, { store: opening, embedder })).rejects.toThrow("not a promise: await it first.");
      await (await opening).close();
    }
  });

  it.each([
    [undefined, "documents must be a list, not undefined."],
    [[{ name: "a.md", content: "A" }], "documents[0].name is not supported: write source."],
    [[{ source: "a.md", text: "A" }], "documents[0].text is not supported: write content."],
    [[{ source: "a.md" }], "documents[0].content must be a text or bytes, not undefined."],
  ])("is refused as documents: %j", async (documents, sentence) => {
    const submit = createSubmitDocuments({ store, embedder });
    await expect(called(runToEnd, await called(submit, { documents }))).rejects.toThrow(sentence);
  });

  it("is refused by a retriever", async () => {
    const parts = { store, embedder, collection: "notes", chunkTokens: 150 };
    const wrong: readonly (readonly [unknown, string])[] = [
      [{ ...parts, store: 5 }, "createRetriever.store must be a store, such as"],
      [{ ...parts, collection: undefined }, "createRetriever.collection must be a text that is not empty"],
      [{ ...parts, chunkTokens: undefined }, "createRetriever.chunkTokens must be a whole number from 1"],
      [{ ...parts, limit: 3 }, "createRetriever.limit is not supported: give it to each search"],
    ];
    for (const [options, sentence] of wrong) await expect(called(createRetriever, options)).rejects.toThrow(sentence);
  });

  it.each([
    [{ n_results: 1 }, "retrieve.n_results is not supported: write limit."],
    [{ topK: 1 }, "retrieve.topK is not supported: write limit."],
    [{ limit: 0 }, "retrieve.limit must be a whole number from 1, not 0."],
    [{ mode: "vector" }, 'retrieve.mode must be "hybrid", "dense" or "lexical", not "vector".'],
    [{ filter: { sources: "guide/**" } }, "retrieve.filter.sources is not supported: write source"],
  ])("is refused by a search, rather than without effect: %j", async (options, sentence) => {
    const retrieve = createRetriever({ store, embedder, collection: "notes", chunkTokens: 150 });
    await expect(called(retrieve, "lease", options)).rejects.toThrow(sentence);
  });
});

describe("the service", () => {
  it("is composed of settings that were loaded", async () => {
    await expect(called(compose, {})).rejects.toThrow("compose takes the settings that loadConfig reads");
  });

  it("refuses a request with what nothing reads", async () => {
    const answerQuestion = createAnswerQuestion(nothing());
    const ask = async (request: unknown): Promise<unknown> => called(runToEnd, await called(answerQuestion, request));
    await expect(ask({ query: "lease" })).rejects.toThrow("answerQuestion.query is not supported: write question.");
    await expect(ask({})).rejects.toThrow("question must be a text, not undefined.");
    await expect(ask({ question: "lease", top_k: 3 })).rejects.toThrow("answerQuestion.top_k is not supported");
    await expect(ask({ question: "lease", filter: { nope: "x" } })).rejects.toThrow("answerQuestion.filter.nope");
  });
});

describe("a run that somebody hands over", () => {
  const user = new UserProxyAgent({ name: "user", humanInputMode: "NEVER" });
  const assistant = (): AssistantAgent =>
    new AssistantAgent({ name: "assistant", model: createScriptedModel(["Hello TERMINATE"]) });

  it("is a generator, not the promise of a result", async () => {
    const ended = user.initiateChat(assistant(), { message: "x" });
    await expect(called(runToEnd, ended)).rejects.toThrow(
      "The argument of runToEnd must be a generator of events, such as user.streamChat(assistant, { message }), not a promise: await it first.",
    );
    const watched = watchRun(user.streamChat(assistant(), { message: "x" }), { watchers: [] });
    expect(await runToEnd(watched)).toMatchObject({ summary: "Hello" });
  });

  it("is watched by watchers, not by the log that has one", async () => {
    const log = createJsonlLog({ path: "runs.jsonl" });
    const watch = async (options: unknown): Promise<unknown> => {
      const watched = await called(watchRun, user.streamChat(assistant(), { message: "x" }), options);
      return called(runToEnd, watched);
    };
    await expect(watch(undefined)).rejects.toThrow("watchRun takes an object with options, not undefined.");
    await expect(watch({ watchers: [log] })).rejects.toThrow("of a log it is log.watcher.");
  });

  it("asks a question with all that it needs", async () => {
    const ask = async (options: unknown): Promise<unknown> => called(runToEnd, await called(runRetrieveChat, options));
    await expect(ask(undefined)).rejects.toThrow("The argument of runRetrieveChat must be an object, not undefined.");
    await expect(ask({})).rejects.toThrow("runRetrieveChat.proxy must be a RetrieveUserProxyAgent, not undefined.");
  });

  it("is resumed from a conversation and with its agents", async () => {
    const { conversation } = await user.initiateChat(assistant(), { message: "x" });
    const resume = async (...args: readonly unknown[]): Promise<unknown> =>
      called(runToEnd, await called(resumeChat, ...args));
    await expect(resume("{}", { agents: [] })).rejects.toThrow("of a stored text deserializeConversation(text)");
    await expect(resume(conversation, {})).rejects.toThrow("{ agents: [user, assistant] }");
  });
});
