import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import {
  AssistantAgent,
  serializeConversation,
  createJsonlLog,
  createScriptedHumanInput,
  initiateChats,
  createFailoverModel,
  createFileReplyCache,
  createOpenAiModel,
  fromLangChainTool,
  fromMcpTool,
  gatherUsageSummary,
  parseConfigList,
  registerFunction,
  SocietyOfMindAgent,
  GroupChatManager,
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
  type GroupChatOptions,
} from "../../src/index.ts";
import { checkTuneOptions } from "../../src/agents/tuning/tune-options.ts";

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
      "llmConfig.temprature is not supported: write temperature.",
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
    [
      "a group's, given to its manager",
      () => made(GroupChatManager, { groupchat: new GroupChat({ agents }), max_round: 3 }),
      "GroupChatManager.max_round is not supported: give it to GroupChat.",
    ],
    [
      "a society's",
      () => made(SocietyOfMindAgent, { name: "s", chat_manager: {} }),
      "SocietyOfMindAgent.chat_manager is not supported: write chatManager.",
    ],
    ["a history limiter's", () => made(MessageHistoryLimiter, { max_messages: 3 }), "write maxMessages"],
    ["a token limiter's", () => made(MessageTokenLimiter, { max_tokens: 3 }), "write maxTokens"],
    ["a naming transform's flag", () => made(TextMessageContentName, { excludeFilter: "no" }), "must be true or false"],
    ["a naming transform's", () => made(TextMessageContentName, { format_string: "x" }), "write formatString"],
    [
      "a list of transforms'",
      () => made(TransformMessages, { transforms: [], verbose: 1 }),
      "pass onEffect: (log, agent)",
    ],
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
    const absent = { nResults: undefined, searchString: undefined, task: undefined, maxRounds: undefined };
    const ended = chat({ message: "Hi", problem: undefined, maxTurns: 1, ...absent });
    await expect(ended).resolves.toMatchObject({ outcome: { reason: "max-turns" } });
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

  it("of an agent is not one of a chat", async () => {
    await expect(chat({ message: "Hi", isTerminationMsg: () => true })).rejects.toThrow(
      "initiateChat.isTerminationMsg is not supported: give it to an agent.",
    );
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
    const result = await ada.initiateChat(new GroupChatManager({ groupchat: group }), { message: "Begin." });
    expect(result.chatHistory.map(({ name }) => name)).toEqual(["ada", "bo", "ada"]);
    expect(result.outcome.detail).toBe("The group's limit of 3 turns (maxRound) was met.");
  });
});

describe("an argument of the wrong kind", () => {
  const user = new UserProxyAgent({ name: "user", humanInputMode: "NEVER" });
  const tool = defineTool({ name: "now", description: "Tells the time.", execute: () => "noon" });
  const modelled = new AssistantAgent({ name: "modelled", model: createScriptedModel([]) });
  const agent = (options: object) => (): unknown => made(AssistantAgent, { name: "a", ...options });
  const llm = (options: object) => agent({ llmConfig: { configList: [entry], ...options } });
  const retrieval = (config: unknown) => (): unknown =>
    made(RetrieveUserProxyAgent, { name: "r", retrieveConfig: config });
  const called = (run: (...values: never[]) => unknown, ...values: unknown[]): unknown =>
    Reflect.apply(run, undefined, values);

  const lead = (others: object = {}): GroupChatManager => {
    const options: GroupChatOptions = { agents };
    Object.assign(options, others);
    return new GroupChatManager({ groupchat: new GroupChat(options) });
  };

  const led = lead();
  const resume = led.resume.bind(led);

  const refused: readonly (readonly [what: string, make: () => unknown, sentence: string])[] = [
    ["no options", () => made(AssistantAgent, null), "An agent takes an object with options"],
    ["no name", () => made(AssistantAgent, {}), "An agent's name must be 1 to 64 letters"],
    ["a name that is a number", () => made(UserProxyAgent, { name: 3 }), "An agent's name must be 1 to 64 letters"],
    ["a system message", agent({ systemMessage: 3 }), "AssistantAgent.systemMessage must be a text, not 3."],
    ["a test for the end", agent({ isTerminationMsg: "DONE" }), 'isTerminationMsg must be a function, not "DONE".'],
    ["a person", agent({ humanInput: {} }), "humanInput must be an object with a function ask"],
    [
      "a model's name as model",
      agent({ model: "gpt-4o" }),
      'such as createOpenAiModel({ model: "gpt-4o" }), not "gpt-4o".',
    ],
    ["an object as model", agent({ model: {} }), "model must be a language model"],
    [
      "a model and a list",
      agent({ model: createScriptedModel([]), llmConfig: { configList: [entry] } }),
      "Give either model or llmConfig.configList",
    ],
    ["a function of a map", agent({ functionMap: { now: 3 } }), "A tool must be a function, or made by defineTool"],
    ["a temperature", llm({ temperature: "hot" }), 'llmConfig.temperature must be a number, not "hot".'],
    ["a time limit", llm({ timeout: -1 }), "llmConfig.timeout must be a number above 0, not -1."],
    ["a seed", llm({ cacheSeed: "a" }), 'llmConfig.cacheSeed must be a whole number, or null, not "a".'],
    ["stop texts", llm({ stop: "END" }), 'llmConfig.stop must be a list, not "END".'],
    [
      "a format",
      llm({ responseFormat: {} }),
      'llmConfig.responseFormat must be "text", "json" or a schema, such as { schema: z.toJSONSchema(Reply) }, not an object.',
    ],
    [
      "a loud selection",
      () => made(GroupChat, { agents, select_speaker_auto_verbose: true }),
      "GroupChat.select_speaker_auto_verbose is not supported: leave it out; streamChat yields each choice",
    ],
    [
      "a style of tools",
      () => called(modelled.registerForLlm.bind(modelled), { description: "d", apiStyle: "function" }),
      "registerForLlm.apiStyle is not supported: leave it out; every tool is sent as a tool.",
    ],
    ["no list of models", () => called(createFailoverModel, modelled), "createFailoverModel takes a list of models"],
    [
      "an unknown option of stand-ins",
      () => called(createFailoverModel, [createScriptedModel([])], { retries: 3 }),
      "createFailoverModel.retries is not supported: known are passes,",
    ],
    ["no group options", () => made(GroupChat, null), "GroupChat takes an object with options, not null."],
    ["names as members", () => made(GroupChat, { agents: ["a", "b"] }), "A member of a group must be an agent"],
    ["a manager without a group", () => made(GroupChatManager, {}), "groupchat must be a GroupChat"],
    [
      "a society without a manager",
      () => made(SocietyOfMindAgent, { name: "s" }),
      "needs the GroupChatManager of its team",
    ],
    ["a limit in words", () => made(MessageTokenLimiter, { maxTokens: "9" }), 'from 1, or null, not "9".'],
    ["an empty transform", () => made(TransformMessages, { transforms: [{}] }), "A transform must be an object with"],
    ["retrieval options", retrieval("docs"), 'retrieveConfig takes an object with options, not "docs".'],
    ["no path", retrieval({ docsPath: [] }), "retrieveConfig.docsPath must be a path, glob or URL, a list of one"],
    ["an empty path", retrieval({ docsPath: "" }), "retrieveConfig.docsPath must be a path"],
    ["a size in words", retrieval({ chunkTokenSize: "99" }), 'chunkTokenSize must be a whole number from 1, not "99".'],
    ["a flag in words", retrieval({ getOrCreate: "yes" }), 'getOrCreate must be true or false, not "yes".'],
    ["a number as store", retrieval({ vectorDb: 5 }), "retrieveConfig.vectorDb must be"],
    ["a number as prompt", retrieval({ customizedPrompt: 5 }), "customizedPrompt must be a text, or null, not 5."],
    [
      "an id of a nested chat",
      () => called(user.registerNestedChats.bind(user), [{ recipient: modelled, chatId: 1 }], { trigger: modelled }),
      "only the chats of initiateChats have one; nested chats are held one after the other.",
    ],
    [
      "nested chats that wait",
      () =>
        called(user.registerNestedChats.bind(user), [{ recipient: modelled }], { trigger: modelled, use_async: true }),
      "registerNestedChats.use_async is not supported: leave it out; every chat is asynchronous.",
    ],
    [
      "what ends a chat, when a group is resumed",
      () => called(resume, [], { remove_termination_string: "TERMINATE" }),
      "resume.remove_termination_string is not supported: write removeTerminationString.",
    ],
    [
      "what ends a chat, as a text",
      () => called(resume, [], "TERMINATE"),
      'resume takes an object with options, not "TERMINATE".',
    ],
    [
      "a reply function of AutoGen's form",
      () => called(user.registerReply.bind(user), "user", (_recipient: unknown, messages: unknown) => messages),
      "A reply function gets one object: write ({ recipient, messages, sender, config }) => … in place of its 2 arguments.",
    ],
    [
      "a hook of AutoGen's form",
      () =>
        called(
          user.registerHook.bind(user),
          "processMessageBeforeSend",
          (_sender: unknown, message: unknown, _recipient: unknown) => message,
        ),
      "gets two arguments, what it may change and an object with the rest",
    ],
    [
      "a tool with its arguments apart",
      agent({ functionMap: { add: (a: number, b: number, c: number) => a + b + c } }),
      "Function add takes 3 arguments; a tool gets them as one object",
    ],
    [
      "agents as keys of an object",
      () =>
        lead({
          allowedOrDisallowedSpeakerTransitions: { "[object Object]": agents },
          speakerTransitionsType: "allowed",
        }),
      "an object as a key, which JavaScript makes a text: use names, or a Map of agents.",
    ],
    ["an unknown tool option", () => called(defineTool, { name: "x", run: 1 }), "defineTool.run is not supported"],
    ["a tool without a function", () => called(defineTool, { name: "x" }), "Tool x needs a function execute"],
    [
      "the properties of a schema without the schema",
      () => called(defineTool, { name: "x", execute: () => 1, parameters: { city: { type: "string" } } }),
      'parameters of tool x must be the schema of an object, such as z.object({ city: z.string() }) or { type: "object", properties }, not a schema without a type.',
    ],
    [
      "the schema of a text",
      () => called(defineTool, { name: "x", execute: () => 1, parameters: z.string() }),
      'not the type "string".',
    ],
    [
      "a list of properties",
      () => called(defineTool, { name: "x", execute: () => 1, parameters: { type: "object", properties: [] } }),
      "parameters.properties of tool x must be an object, not a list.",
    ],
    [
      "a schema that JSON Schema cannot say",
      () => called(defineTool, { name: "x", execute: () => 1, parameters: z.object({ on: z.date() }) }),
      "parameters of tool x have no JSON Schema (Date cannot be represented",
    ],
    ["no MCP client", () => called(fromMcpTool, { name: "x", inputSchema: {} }), "fromMcpTool(tool, { client })"],
    ["no tool of LangChain", () => called(fromLangChainTool, { name: "x" }), "with a function invoke, not an object."],
    ["an object in place of JSON", () => called(parseConfigList, [entry]), "for parseConfigList must be a text"],
    [
      "a list of models that is still being read",
      agent({ llmConfig: { configList: Promise.resolve([entry]) } }),
      "llmConfig.configList is a promise: pass the entries of (await readConfigList(…)).",
    ],
    [
      "a function without a name",
      () => called(registerFunction, () => 1, { caller: modelled, executor: user, description: "d" }),
      'not ""; a function without a name needs one: { name }.',
    ],
    [
      "the agents of a tool in a row",
      () => called(registerFunction, tool, modelled, user),
      "registerFunction takes the two agents by name: registerFunction(tool, { caller, executor }).",
    ],
    [
      "a name in place of names",
      () => called(modelled.registerForLlm.bind(modelled), "calc"),
      'registerForLlm takes an object with options, not "calc".',
    ],
    [
      "one agent in place of a list",
      () => called(gatherUsageSummary, user),
      "gatherUsageSummary takes a list of agents",
    ],
    [
      "a filter that narrows nothing",
      retrieval({ filter: { sources: "guide/**" } }),
      "retrieveConfig.filter.sources is not supported: write source",
    ],
    [
      "a number as filter",
      retrieval({ filter: { source: 5 } }),
      "filter.source must be a text or a list of texts, not 5.",
    ],
    ["a schema", () => called(defineTool, { name: "x", execute: () => 1, parameters: 5 }), "must be a schema such as"],
    [
      "no tool",
      () => called(registerFunction, null, { caller: modelled, executor: user }),
      "A tool must be a function",
    ],
    [
      "no executor",
      () => called(registerFunction, tool, { caller: user }),
      "registerFunction.executor must be an agent",
    ],
    [
      "nested chats without a trigger",
      () => called(user.registerNestedChats.bind(user), [{ recipient: user }], {}),
      "needs a trigger",
    ],
    [
      "a model's option",
      () => called(createOpenAiModel, { model: "m", apikey: "k" }),
      "createOpenAiModel.apikey is not supported: write apiKey.",
    ],
    ["a model without a name", () => called(createOpenAiModel, {}), "createOpenAiModel needs the model's name"],
    ["no folder", () => called(createFileReplyCache, {}), "createFileReplyCache needs a folder"],
    ["a search for nothing", () => called(checkTuneOptions, {}), "tune needs space."],
    [
      "an unknown part of a space",
      () => called(checkTuneOptions, { space: { model: [] }, data: [1], metric: () => 1, budget: { calls: 1 } }),
      "space.model is not supported: write models.",
    ],
    [
      "an unknown part of a budget",
      () => called(checkTuneOptions, { space: {}, data: [1], metric: () => 1, budget: { dollars: 1 } }),
      "budget.dollars is not supported",
    ],
    ["an unknown option of a search", () => called(checkTuneOptions, { trials: 3 }), "tune.trials is not supported"],
    ["a log without a file", () => called(createJsonlLog, {}), "createJsonlLog needs a file"],
    ["no conversation", () => called(serializeConversation, null), "serializeConversation takes the conversation"],
    ["messages of no group", () => lead().resume("[5]"), "objects with name and content: 0 Invalid input"],
    ["no script", () => called(createScriptedModel, null), "createScriptedModel takes a list of steps"],
  ];

  it.each(refused)("is refused: %s", (_what, make, sentence) => {
    expect(make).toThrow(TypeError);
    expect(make).toThrow(sentence);
  });

  const chats: readonly (readonly [what: string, args: readonly unknown[], sentence: string])[] = [
    ["no recipient", [null, { message: "x" }], "The recipient of a chat must be an agent"],
    ["an object as recipient", [{}, { message: "x" }], "The recipient of a chat must be an agent"],
    ["a text as options", [agents[0], "hello"], 'initiateChat takes an object with options, not "hello".'],
    ["verbose", [agents[0], { message: "x", verbose: true }], "initiateChat.verbose is not supported: leave it out"],
    ["a text as signal", [agents[0], { message: "x", signal: "stop" }], "initiateChat.signal must be an AbortSignal"],
    [
      "a number of results in words",
      [agents[0], { message: () => "x", nResults: "5" }],
      "nResults must be a whole number",
    ],
  ];

  it.each(chats)("is refused by a chat and disturbs none before: %s", async (_what, args, sentence) => {
    const partner = new AssistantAgent({ name: "ada", model: createScriptedModel(["hi TERMINATE"]) });
    await user.initiateChat(partner, { message: "earlier" });
    const refusal: Promise<unknown> = Reflect.apply(user.initiateChat.bind(user), undefined, args);
    await expect(refusal).rejects.toThrow(TypeError);
    await expect(refusal).rejects.toThrow(sentence);
    expect(user.lastMessage(partner)?.content).toBe("hi TERMINATE");
  });

  it("is refused as a message, in a list of chats, and where a hook gives nothing back", async () => {
    const chat: unknown = Reflect.apply(user.initiateChat.bind(user), undefined, [agents[0], { message: 5 }]);
    await expect(chat).rejects.toThrow("A message must be a text, or an object with a text");
    const series = (list: unknown): unknown => Reflect.apply(initiateChats, undefined, [list]);
    await expect(series("x")).rejects.toThrow("initiateChats takes a list of chats");
    await expect(series([null])).rejects.toThrow("The recipient of chat 0 must be an agent");
    const odd = { sender: user, recipient: agents[0], message: "x", chat_id: "a" };
    await expect(series([odd])).rejects.toThrow("initiateChat.chat_id is not supported: write chatId.");
    await expect(user.initiateChat(lead({ speakerSelectionMethod: () => 5 }), { message: "x" })).rejects.toThrow(
      "The selection function chose 5, which is not in the group",
    );
    const partner = new AssistantAgent({ name: "ada", model: createScriptedModel(["hi"]) });
    const nothing = (): undefined => undefined;
    Reflect.apply(partner.registerHook.bind(partner), undefined, ["processLastReceivedMessage", nothing]);
    await expect(user.initiateChat(partner, { message: "x" })).rejects.toThrow(
      "A hook of processLastReceivedMessage must return a text, not undefined",
    );
  });
});

describe("a model's reply", () => {
  const whole = {
    content: "Hello TERMINATE",
    toolCalls: [],
    usage: { promptTokens: 9, completionTokens: 1 },
    costUsd: null,
    model: "own",
    finishReason: "stop",
  };
  const ask = async (stream: () => unknown): Promise<unknown> => {
    const assistant = made(AssistantAgent, { name: "assistant", model: { name: "own", contextWindow: null, stream } });
    if (!(assistant instanceof AssistantAgent)) throw new Error("No assistant was made.");
    const user = new UserProxyAgent({ name: "user", humanInputMode: "NEVER" });
    return (await user.initiateChat(assistant, { message: "Hello" })).summary;
  };

  it("is taken whole", async () => {
    expect(
      await ask(async function* () {
        yield "Hello TERMINATE";
        return whole;
      }),
    ).toBe("Hello");
  });

  it.each([
    [
      undefined,
      'The model "own" of assistant gave undefined at its end: its stream yields the text and returns the whole',
    ],
    ["Hello", 'The model "own" of assistant gave "Hello" at its end'],
    [{ content: "Hello" }, "a reply without a right toolCalls, usage, costUsd, model at its end"],
    [{ ...whole, usage: { promptTokens: 9 } }, "a reply without a right usage at its end"],
    [{ ...whole, costUsd: "0" }, "a reply without a right costUsd at its end"],
  ])("is refused where chats cannot count by it: %j", async (reply, sentence) => {
    await expect(
      ask(async function* () {
        yield "Hello";
        return reply;
      }),
    ).rejects.toThrow(sentence);
  });

  it("comes from a generator, or the error says so", async () => {
    await expect(ask(async () => whole)).rejects.toThrow("stream of the model of assistant must be an async generator");
  });
});

describe("a person's reply", () => {
  it("is a text, or the error says so", async () => {
    const user: unknown = made(UserProxyAgent, { name: "user", humanInput: { ask: async () => undefined } });
    if (!(user instanceof UserProxyAgent)) throw new Error("an agent");
    const chat = user.initiateChat(new AssistantAgent({ name: "ada", model: createScriptedModel(["hi"]) }), {
      message: "x",
    });
    await expect(chat).rejects.toThrow(
      "humanInput.ask of user must resolve to the text that was typed, not undefined.",
    );
  });
});

describe("an option that is undefined or null", () => {
  it("leaves the standard form of an assistant and of a user proxy as it is", () => {
    const options = { name: "a", humanInputMode: undefined, systemMessage: undefined };
    expect(made(AssistantAgent, options)).toMatchObject({
      humanInputMode: "NEVER",
      systemMessage: expect.stringContaining("TERMINATE"),
    });
    expect(made(UserProxyAgent, options)).toMatchObject({ humanInputMode: "ALWAYS", systemMessage: "" });
  });

  it("asks a person for a message that is null", async () => {
    const humanInput = createScriptedHumanInput(["from a person"]);
    const person = new UserProxyAgent({ name: "user", humanInputMode: "NEVER", humanInput });
    const partner = new AssistantAgent({ name: "ada", model: createScriptedModel(["hi TERMINATE"]) });
    const result = await person.initiateChat(partner, { message: null });
    expect(result.chatHistory[0]?.content).toBe("from a person");
  });
});
