import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  AssistantAgent,
  createHashingEmbedder,
  createLocalExecutor,
  createScriptedModel,
  defineTool,
  GroupChat,
  MessageHistoryLimiter,
  MessageTokenLimiter,
  openEmbeddedStore,
  RetrieveUserProxyAgent,
  Teachability,
  TextMessageContentName,
  TransformMessages,
  UserProxyAgent,
  type ConversableAgentOptions,
} from "../../src/index.ts";

/** Makes something of options as they come from JSON, or from somebody who has no compiler to ask. */
const made = (Made: new (...options: never[]) => unknown, options: unknown): unknown =>
  Reflect.construct(Made, [options]);
const agents = ["ada", "bo"].map((name) => new AssistantAgent({ name }));
const entry = { model: "gpt-4o-mini", apiKey: "k" };

describe("an option that nothing reads", () => {
  const refused: readonly (readonly [what: string, make: () => unknown, sentence: string])[] = [
    [
      "an agent's, in snake_case",
      () => made(AssistantAgent, { name: "a", system_message: "x" }),
      "AssistantAgent.system_message is not supported: write systemMessage.",
    ],
    [
      "an agent's, in other capitals",
      () => made(UserProxyAgent, { name: "u", humaninputmode: "NEVER" }),
      "UserProxyAgent.humaninputmode is not supported: write humanInputMode.",
    ],
    [
      "another agent's",
      () => made(AssistantAgent, { name: "a", retrieveConfig: {} }),
      "AssistantAgent.retrieveConfig is not supported: known are name,",
    ],
    [
      "the retrieval proxy's",
      () => made(RetrieveUserProxyAgent, { name: "r", retrieve_config: {} }),
      "RetrieveUserProxyAgent.retrieve_config is not supported: write retrieveConfig.",
    ],
    [
      "llmConfig's",
      () => made(AssistantAgent, { name: "a", llmConfig: { temprature: 0, configList: [entry] } }),
      "llmConfig.temprature is not supported: known are configList,",
    ],
    [
      "llmConfig's, which belongs to an entry",
      () => made(AssistantAgent, { name: "a", llmConfig: { model: "gpt-4o", apiKey: "k" } }),
      "llmConfig.model is not supported: put it into an entry of configList",
    ],
    [
      "llmConfig's, under AutoGen's old name",
      () => made(AssistantAgent, { name: "a", llmConfig: { request_timeout: 60, configList: [entry] } }),
      "write timeout",
    ],
    [
      "codeExecutionConfig's",
      () => made(UserProxyAgent, { name: "u", codeExecutionConfig: { work_dir: "x" } }),
      "codeExecutionConfig.work_dir is not supported: write workDir.",
    ],
    ["a group's", () => made(GroupChat, { agents, max_round: 3 }), "write maxRound"],
    [
      "a selecting model's",
      () => made(GroupChat, { agents, selectSpeakerAutoLlmConfig: { config_list: [] } }),
      "selectSpeakerAutoLlmConfig.config_list is not supported: write configList.",
    ],
    ["a history limiter's", () => made(MessageHistoryLimiter, { max_messages: 3 }), "write maxMessages"],
    ["a token limiter's", () => made(MessageTokenLimiter, { max_tokens: 3 }), "write maxTokens"],
    ["a naming transform's", () => made(TextMessageContentName, { format_string: "x" }), "write formatString"],
    ["a list of transforms'", () => made(TransformMessages, { transforms: [], verbose: 1 }), "verbose"],
    ["teachability's", () => made(Teachability, { verbosity: 1 }), "onEvent tells what is recalled"],
    [
      "an executor's",
      () => Reflect.apply(createLocalExecutor, undefined, [{ workDir: "x", timeout: 5 }]),
      "write timeoutSeconds",
    ],
    [
      "retrieveConfig's",
      () => made(RetrieveUserProxyAgent, { name: "r", retrieveConfig: { docs_path: "x" } }),
      "write docsPath",
    ],
  ];
  it.each(refused)("is refused: %s", (_what, make, sentence) => {
    expect(make).toThrow(TypeError);
    expect(make).toThrow(sentence);
  });

  it.each([
    ["codeExecutionConfig", { codeExecutionConfig: true }, "codeExecutionConfig must be false, an executor"],
    ["an executor", { codeExecutionConfig: { executor: "local" } }, "must be an object with a function execute"],
    ["llmConfig", { llmConfig: "gpt-4o" }, "llmConfig of a must be an object with a configList"],
  ])("is told from a value of the wrong kind: %s", (_what, options, sentence) => {
    expect(() => made(AssistantAgent, { name: "a", ...options })).toThrow(sentence);
  });

  it("of a teachable agent without a store is named before the first message", () => {
    expect(() => made(Teachability, { user: "ada" })).toThrow("Memos need a store and an embedder");
  });

  it("of a tool that stands where its names belong is refused", () => {
    const ada = new AssistantAgent({ name: "ada" });
    const lamp = defineTool({ name: "lamp", description: "Lights the lamp.", execute: () => "lit" });
    const naming = { ...lamp, description: "Lights the lamp." };
    expect(() => ada.registerForExecution(naming)).toThrow("registerForExecution()(tool)");
    expect(() => ada.registerForLlm(naming)).toThrow("registerForLlm()(tool)");
  });
});

describe("an option of a chat", () => {
  const chat = async (options: Record<string, unknown>): Promise<unknown> => {
    const assistant = new AssistantAgent({ name: "assistant", model: createScriptedModel(["Hello."]) });
    const user = new UserProxyAgent({ name: "user", humanInputMode: "NEVER" });
    return user.initiateChat(assistant, options);
  };

  it("is refused when nothing reads it", async () => {
    await expect(chat({ message: "Hi", maxTurn: 1 })).rejects.toThrow("initiateChat.maxTurn is not supported");
    await expect(chat({ message: "Hi", max_turns: 1 })).rejects.toThrow("write maxTurns");
    await expect(chat({ message: "Hi", cache: {} })).rejects.toThrow("set cacheSeed in the agent's llmConfig");
    await expect(chat({ message: "Hi", nResults: 3 })).rejects.toThrow("it goes with message: proxy.messageGenerator");
    await expect(chat({ message: "Hi", problem: "Why?" })).rejects.toThrow("pass message: proxy.messageGenerator");
  });

  it("reaches a message function under any name but another spelling of a known one", async () => {
    const seen: unknown[] = [];
    const message = (_sender: unknown, _recipient: unknown, context: { readonly [key: string]: unknown }): string => {
      seen.push(context["order_number"]);
      return "Hi";
    };
    await chat({ message, order_number: 7, maxTurns: 1 });
    expect(seen).toEqual([7]);
    await expect(chat({ message, n_results: 3 })).rejects.toThrow("write nResults");
    await expect(chat({ message, clear_history: false })).rejects.toThrow("write clearHistory");
  });

  it("that is missing is named: a chat without a message and without a person", async () => {
    await expect(chat({})).rejects.toThrow(
      "initiateChat of user has no message, and nobody can be asked for one: pass message, or give user a humanInput.",
    );
  });
});

describe("settings without an effect", () => {
  const warnings: string[] = [];
  beforeEach(() => {
    warnings.length = 0;
    vi.spyOn(process, "emitWarning").mockImplementation((warning) => void warnings.push(String(warning)));
  });
  afterEach(() => vi.restoreAllMocks());

  const refusal = async (codeExecutionConfig: ConversableAgentOptions["codeExecutionConfig"]): Promise<string> => {
    const user = new UserProxyAgent({ name: "user", humanInputMode: "NEVER", codeExecutionConfig });
    const reply = await user.generateReply({ messages: [{ role: "user", content: "```sh\necho 1\n```" }] });
    return reply?.content ?? "";
  };

  it("of code execution are told by a warning and in the refusal: a folder chooses no executor", async () => {
    const said = await refusal({ workDir: "first-folder", useDocker: false });
    expect(said).toContain("code_execution_refused: codeExecutionConfig.workDir cannot choose an executor");
    expect(said).toContain('pass executor: createLocalExecutor({ workDir: "first-folder" })');
    expect(warnings).toEqual([expect.stringContaining("codeExecutionConfig.workDir cannot choose an executor")]);
  });

  it("of code execution are told beside an executor, and not where createExecutor reads them", async () => {
    const executor = { execute: async () => ({ exitCode: 0, output: "ran" }) };
    expect(await refusal({ executor, useDocker: true })).toContain("ran");
    expect(warnings).toEqual([expect.stringContaining("codeExecutionConfig.useDocker cannot change the executor")]);
    expect(await refusal({ workDir: "x", useDocker: true, createExecutor: () => executor })).toContain("ran");
    expect(warnings).toHaveLength(1);
  });

  it("of a model's entry are told once", () => {
    const make = (): unknown =>
      made(AssistantAgent, { name: "a", llmConfig: { configList: [{ ...entry, max_retries: 3 }] } });
    make();
    make();
    expect(warnings).toEqual(["llmConfig.configList[0].max_retries has no effect."]);
  });

  it("of a prompt are told: one without a place for the passages", () => {
    const make = (customizedPrompt: string): unknown =>
      new RetrieveUserProxyAgent({ name: "r", retrieveConfig: { customizedPrompt } });
    make("Answer {input_question} from {inputContext}.");
    expect(warnings).toEqual([]);
    make("Answer {inputQuestion}.");
    expect(warnings).toEqual([
      expect.stringContaining("no place {inputContext}: the assistant is not told what was found"),
    ]);
  });
});

describe("retrieveConfig", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "citewell-options-"));
    await writeFile(join(folder, "lamp.md"), "# Lamp\n\nThe lamp was lit in 1911.\n");
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const ask = async (retrieveConfig: Record<string, unknown>): Promise<unknown> => {
    const assistant = new AssistantAgent({ name: "assistant", model: createScriptedModel(["1911 [1]"]) });
    const hashing = createHashingEmbedder({ dimensions: 64 });
    const proxy = new RetrieveUserProxyAgent({
      name: "proxy",
      humanInputMode: "NEVER",
      retrieveConfig: {
        docsPath: folder,
        embeddingFunction: (texts: readonly string[]) => hashing.embed(texts),
        dbConfig: { dataFolder: folder },
        ...retrieveConfig,
      },
    });
    try {
      return await proxy.initiateChat(assistant, { message: proxy.messageGenerator, problem: "When was it lit?" });
    } finally {
      await proxy.close();
    }
  };

  it.each([
    [
      "AutoGen's own kind of store",
      { vectorDb: { retrieveDocs: 1, insertDocs: 1 } },
      "neither a VectorStore nor a Qdrant",
    ],
    [
      "a client without the store it is for",
      { dbConfig: { client: {} } },
      'client is not supported: set vectorDb: "qdrant"',
    ],
    ["a client that is none", { vectorDb: "qdrant", dbConfig: { client: {} } }, "client must be a QdrantClient"],
    ["a folder beside Qdrant", { vectorDb: "qdrant", dbConfig: { dataFolder: "x" } }, "it is for the embedded store"],
    ["a path", { dbConfig: { path: "x" } }, "dbConfig.path is not supported: write dataFolder"],
    ["a folder that is no text", { dbConfig: { dataFolder: 5 } }, "dataFolder must be a text, not number"],
    ["a model's name as function", { embeddingFunction: "all-MiniLM-L6-v2" }, "embeddingFunction must be a function"],
    ["paths that are no texts", { docsPath: [5] }, "docsPath must be a path"],
    ["endings that are no list", { customTextTypes: "md" }, "customTextTypes must be a list"],
  ])("refuses %s", async (_what, config, sentence) => {
    await expect(ask(config)).rejects.toThrow(sentence);
  });

  it("refuses dbConfig beside a store that is open already", async () => {
    const store = await openEmbeddedStore({ file: ":memory:" });
    await expect(ask({ vectorDb: store })).rejects.toThrow("has no effect beside a store of your own");
    await store.close();
  });

  it("fails when no file could be indexed, rather than answering that nothing was found", async () => {
    await expect(ask({ customTextSplitFunction: (text: string) => [text.toUpperCase()] })).rejects.toMatchObject({
      code: "file_unreadable",
      message: expect.stringContaining("lamp.md: cannot be cut"),
    });
  });

  it.each([
    ["too few vectors", () => [], "one vector for each text; it gave 0 for 1"],
    ["no vectors", () => "x", "a list of vectors; it gave something else (string)"],
    ["texts", () => [["x"]], "lists of finite numbers; it gave [ 'x' ] for a text"],
    [
      "an error",
      () => {
        throw new Error("the key is wrong");
      },
      "The embedding function failed: the key is wrong",
    ],
  ])("says what an embedding function gave: %s", async (_what, embeddingFunction, sentence) => {
    await expect(ask({ embeddingFunction })).rejects.toThrow(sentence);
  });
});

describe("a selection function", () => {
  it("finds the members where AutoGen's finds them", async () => {
    const said = createScriptedModel(["One.", "Two."]);
    const [ada, bo] = ["ada", "bo"].map((name) => new AssistantAgent({ name, model: said }));
    if (ada === undefined || bo === undefined) throw new Error("Two agents are made.");
    const group = new GroupChat({
      agents: [ada, bo],
      maxRound: 3,
      speakerSelectionMethod: (last, groupchat) => groupchat.agents.find(({ name }) => name !== last?.name) ?? null,
    });
    const { GroupChatManager } = await import("../../src/index.ts");
    const result = await ada.initiateChat(new GroupChatManager({ groupchat: group }), { message: "Begin." });
    expect(result.chatHistory.map(({ name }) => name)).toEqual(["ada", "bo", "ada"]);
    expect(result.outcome.detail).toBe("The group's limit of 3 turns (maxRound) was met.");
  });
});
