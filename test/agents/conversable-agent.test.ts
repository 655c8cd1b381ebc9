import { describe, expect, it } from "vitest";
import type { Agent } from "../../src/agents/agent.ts";
import { AssistantAgent } from "../../src/agents/assistant-agent.ts";
import { ConversableAgent } from "../../src/agents/conversable-agent.ts";
import type { ConversableAgentOptions, HumanInputMode } from "../../src/agents/conversable-agent-options.ts";
import { checkTrigger } from "../../src/agents/reply-function.ts";
import { ExtractiveAssistant } from "../../src/agents/extractive/extractive-assistant.ts";
import { UserProxyAgent } from "../../src/agents/user-proxy-agent.ts";
import { createScriptedHumanInput } from "../../src/human-input/scripted-human-input.ts";
import { createScriptedModel } from "../../src/language-model/scripted-model.ts";
import { drain } from "./made-up-corpus.ts";

const speaker = (name: string, options: Partial<ConversableAgentOptions> = {}): ConversableAgent =>
  new ConversableAgent({ name, humanInputMode: "NEVER", defaultAutoReply: `${name} speaks`, ...options });

describe("a chat of two agents", () => {
  it("runs 10,000 turns without growing in depth", async () => {
    const left = speaker("left", { maxConsecutiveAutoReply: 20_000 });
    const right = speaker("right", { maxConsecutiveAutoReply: 20_000 });
    const result = await left.initiateChat(right, { message: "go", maxTurns: 10_000 });
    expect(result.chatHistory).toHaveLength(20_000);
    expect(result.outcome).toMatchObject({ status: "stopped", reason: "max-turns" });
  });

  it("counts a message with its reply as one turn", async () => {
    const result = await speaker("left").initiateChat(speaker("right"), { message: "go", maxTurns: 3 });
    expect(result.chatHistory).toHaveLength(6);
    expect(result.chatHistory.map(({ role }) => role).slice(0, 2)).toEqual(["assistant", "user"]);
    expect(result.chatHistory[1]).toMatchObject({ name: "right", content: "right speaks" });
    expect(result.summary).toBe("right speaks");
  });

  it("stops at the limit of automatic replies, which a new chat begins anew", async () => {
    const left = speaker("left");
    const right = speaker("right", { maxConsecutiveAutoReply: 2 });
    const first = await left.initiateChat(right, { message: "go" });
    expect(first.outcome.reason).toBe("max-consecutive-auto-reply");
    expect(first.chatHistory).toHaveLength(5);
    expect((await left.initiateChat(right, { message: "go" })).chatHistory).toHaveLength(5);
  });

  it("goes on with an earlier chat when its history is kept", async () => {
    const left = speaker("left");
    const right = speaker("right");
    await left.initiateChat(right, { message: "one", maxTurns: 1 });
    const result = await left.initiateChat(right, { message: "two", maxTurns: 1, clearHistory: false });
    expect(result.chatHistory.map(({ content }) => content)).toEqual(["one", "right speaks", "two", "right speaks"]);
    expect(right.chatMessages.get("left")?.map(({ role }) => role)).toEqual(["user", "assistant", "user", "assistant"]);
    right.reset();
    expect(right.lastMessage()).toBeNull();
    expect(left.lastMessage(right)?.content).toBe("right speaks");
    expect(() => left.lastMessage("nobody")).toThrow(TypeError);
  });

  it("ends when an agent has nothing to say, without an empty message", async () => {
    const user = new UserProxyAgent({ name: "user", humanInputMode: "NEVER" });
    const assistant = new AssistantAgent({ name: "assistant", model: createScriptedModel(["An answer."]) });
    const result = await user.initiateChat(assistant, { message: "question" });
    expect(result.chatHistory.map(({ content }) => content)).toEqual(["question", "An answer."]);
    expect(result.outcome.reason).toBe("no-reply");
  });

  it("says what an agent lacks that has nothing to say", async () => {
    const user = new UserProxyAgent({ name: "user", humanInputMode: "NEVER" });
    const forgotten = await user.initiateChat(new AssistantAgent({ name: "assistant" }), { message: "question" });
    expect(forgotten.outcome.detail).toBe(
      "assistant has nothing to add: it has neither a model (llmConfig or model) nor a defaultAutoReply.",
    );
    const { outcome } = await user.initiateChat(new ExtractiveAssistant(), { message: "question" });
    expect(outcome.detail).toContain("pass message: proxy.messageGenerator and problem to initiateChat");
  });

  it("takes TERMINATE out of the summary and sums every model call", async () => {
    const reply = { content: "Done. TERMINATE", usage: { promptTokens: 10, completionTokens: 5 }, costUsd: 0.25 };
    const user = new UserProxyAgent({ name: "user", humanInputMode: "NEVER", defaultAutoReply: "more" });
    const model = createScriptedModel([{ ...reply, content: "Wait." }, reply]);
    const result = await user.initiateChat(new AssistantAgent({ name: "assistant", model }), { message: "question" });
    expect(result.summary).toBe("Done.");
    expect(result.outcome.reason).toBe("termination-message");
    expect(result.usage).toEqual({ promptTokens: 20, completionTokens: 10 });
    expect(result.cost.usageIncludingCachedInference).toEqual({
      totalCost: 0.5,
      models: { scripted: { cost: 0.5, promptTokens: 20, completionTokens: 10, totalTokens: 30 } },
    });
    expect(model.requests[0]?.messages[0]?.role).toBe("system");
  });

  it("leaves names in the summary that only hold the word TERMINATE", async () => {
    const model = createScriptedModel(["[GROUP_TERMINATE] is set, and so is TERMINATED. TERMINATE"]);
    const assistant = new AssistantAgent({ name: "assistant", model });
    const result = await speaker("user").initiateChat(assistant, { message: "?" });
    expect(result.summary).toBe("[GROUP_TERMINATE] is set, and so is TERMINATED.");
  });

  it("gives a null cost when a price is unknown", async () => {
    const model = createScriptedModel([{ content: "Yes. TERMINATE", costUsd: null }]);
    const result = await speaker("user").initiateChat(new AssistantAgent({ name: "assistant", model }), {
      message: "?",
    });
    expect(result.cost.usageIncludingCachedInference.totalCost).toBeNull();
  });

  it("makes the first message with a function that sees the context", async () => {
    const result = await speaker("left").initiateChat(speaker("right"), {
      message: (sender: Agent, recipient: Agent, context) =>
        `${sender.name} asks ${recipient.name}: ${String(context["topic"])}`,
      topic: "tea",
      maxTurns: 1,
    });
    expect(result.chatHistory[0]?.content).toBe("left asks right: tea");
  });

  it("appends a carryover to a text and refuses one that is none", async () => {
    const left = speaker("left");
    const result = await left.initiateChat(speaker("right"), { message: "go", carryover: ["a", "b"], maxTurns: 1 });
    expect(result.chatHistory[0]?.content).toBe("go\nContext: \na\nb");
    const wrong: { message: string; [key: string]: unknown } = { message: "go", carryover: 1 };
    await expect(left.initiateChat(speaker("right"), wrong)).rejects.toThrow(TypeError);
  });

  it("names an aborted chat and passes the reason on", async () => {
    const controller = new AbortController();
    const left = speaker("left");
    const right = speaker("right");
    right.registerReply("left", () => {
      controller.abort(new Error("enough"));
      return "said too late";
    });
    await expect(left.initiateChat(right, { message: "go", signal: controller.signal })).rejects.toThrow("enough");
    expect(left.chatMessages.get("right")?.map(({ content }) => content)).toEqual(["go"]);
  });

  it("streams what a model says", async () => {
    const assistant = new AssistantAgent({ name: "assistant", model: createScriptedModel(["One two three"]) });
    const { events } = await drain(speaker("user").streamChat(assistant, { message: "?", maxTurns: 1 }));
    const text = events.map((event) => (event.type === "delta" ? event.text : "")).join("");
    expect(text).toBe("One two three");
    expect(events.filter(({ type }) => type === "message")).toHaveLength(2);
  });

  it("refuses two agents of one name", async () => {
    await expect(speaker("same").initiateChat(speaker("same"), { message: "go" })).rejects.toThrow(/"same"/);
  });

  it("fails when somebody must be asked and nobody can be", async () => {
    const user = new UserProxyAgent({ name: "user" });
    await expect(user.initiateChat(speaker("right"), { message: "go" })).rejects.toMatchObject({
      code: "not_supported",
    });
  });
});

describe("human input", () => {
  type Row = [HumanInputMode, "TERMINATE" | "plain", typed: string | null, limit: 0 | 100, reply: string | null];
  const auto = "automatic";
  const rows: Row[] = [
    ["ALWAYS", "TERMINATE", "", 100, null],
    ["ALWAYS", "TERMINATE", "", 0, null],
    ["ALWAYS", "TERMINATE", "hi", 100, "hi"],
    ["ALWAYS", "TERMINATE", "hi", 0, "hi"],
    ["ALWAYS", "plain", "", 100, auto],
    ["ALWAYS", "plain", "", 0, ""],
    ["ALWAYS", "plain", "exit", 100, null],
    ["ALWAYS", "TERMINATE", "exit", 0, null],
    ["TERMINATE", "TERMINATE", "", 100, null],
    ["TERMINATE", "TERMINATE", "exit", 100, null],
    ["TERMINATE", "TERMINATE", "hi", 100, "hi"],
    ["TERMINATE", "TERMINATE", "", 0, null],
    ["TERMINATE", "plain", null, 100, auto],
    ["TERMINATE", "plain", "", 0, ""],
    ["TERMINATE", "plain", "exit", 0, null],
    ["TERMINATE", "plain", "hi", 0, "hi"],
    ["NEVER", "TERMINATE", null, 100, null],
    ["NEVER", "plain", null, 100, auto],
    ["NEVER", "plain", null, 0, null],
  ];

  it.each(rows)("%s, %s message, typed %j, limit %i: replies %j", async (mode, message, typed, limit, expected) => {
    const humanInput = createScriptedHumanInput(typed === null ? [] : [typed]);
    const agent = speaker("agent", {
      humanInputMode: mode,
      humanInput,
      maxConsecutiveAutoReply: limit,
      defaultAutoReply: auto,
    });
    const reply = await agent.generateReply({
      messages: [{ role: "user", content: message }],
      sender: speaker("other"),
    });
    expect(reply?.content ?? null).toBe(expected);
    humanInput.assertDone();
  });

  it("goes on automatically after Enter at a limit above 0, and a typed reply resets the count", async () => {
    const humanInput = createScriptedHumanInput(["", "hi", "exit"]);
    const agent = speaker("agent", { humanInputMode: "TERMINATE", humanInput, maxConsecutiveAutoReply: 1 });
    const result = await speaker("other").initiateChat(agent, { message: "go" });
    const said = result.chatHistory.filter(({ name }) => name === "agent").map(({ content }) => content);
    expect(said).toEqual(["agent speaks", "agent speaks", "hi", "agent speaks"]);
    expect(result.outcome.reason).toBe("human-exit");
    expect(result.humanInput).toEqual(["hi", "exit"]);
  });
});

describe("reply functions", () => {
  const sender = speaker("sender");
  const ask = async (agent: ConversableAgent): Promise<string | undefined> =>
    (await agent.generateReply({ messages: [{ role: "user", content: "?" }], sender }))?.content;

  it.each([
    ["an agent", sender],
    ["a name", "sender"],
    ["a class", ConversableAgent],
    ["a test", (one: Agent | null) => one?.name.startsWith("s") === true],
    ["a list", ["nobody", sender]],
  ] as const)("fit %s", async (_title, trigger) => {
    const agent = speaker("agent");
    agent.registerReply(trigger, () => "mine");
    expect(await ask(agent)).toBe("mine");
  });

  it.each([
    ["another name", "other"],
    ["another class", AssistantAgent],
    ["a test that fails", () => false],
    ["nobody", null],
  ] as const)("do not fit %s", async (_title, trigger) => {
    const agent = speaker("agent");
    agent.registerReply(trigger, () => "mine");
    expect(await ask(agent)).toBe("agent speaks");
  });

  it("are asked newest first, and null leaves the reply to the next", async () => {
    const agent = speaker("agent");
    agent.registerReply("sender", () => "older");
    agent.registerReply("sender", async () => null);
    expect(await ask(agent)).toBe("older");
  });

  it("refuse a trigger of another type", () => {
    expect(() => checkTrigger(1)).toThrow(TypeError);
  });
});

describe("agents", () => {
  it.each([
    [{ name: "bad name!" }],
    [{ name: "a", maxConsecutiveAutoReply: -1 }],
    [{ name: "a", humanInputMode: "SOMETIMES" }],
  ])("refuse %j", (options) => {
    expect(() => Reflect.construct(ConversableAgent, [options])).toThrow(TypeError);
  });

  it("refuse an empty list of models and a model without a name", () => {
    const make = (configList: { model: string }[]) => () =>
      new AssistantAgent({ name: "a", llmConfig: { configList } });
    expect(make([])).toThrow(/configList/);
    expect(make([{ model: "" }])).toThrow(/configList\[0\]\.model/);
  });

  it("describe themselves by their system message unless told otherwise", () => {
    expect(speaker("a", { systemMessage: "Be kind." }).description).toBe("Be kind.");
    expect(speaker("a", { systemMessage: "Be kind.", description: "Kind." }).description).toBe("Kind.");
    // A model that chooses speakers could not tell one assistant from another by what all of them are.
    const planner = { name: "planner", systemMessage: "You make plans." };
    for (const Kind of [AssistantAgent, UserProxyAgent]) {
      expect(new Kind(planner).description).toBe("You make plans.");
      expect(new Kind({ ...planner, description: "Plans." }).description).toBe("Plans.");
    }
    expect(new AssistantAgent({ name: "a" }).description).toBe("Solves tasks with a language model.");
  });

  it.each([
    [{}, "Stands for the person who asks: can answer questions about the task."],
    [{ codeExecutionConfig: {} }, /the task, and runs the code that others write\.$/],
    [{ humanInputMode: "NEVER" as const }, "Stands for the person who asks."],
    [
      { humanInputMode: "NEVER" as const, codeExecutionConfig: {} },
      "Runs the code that others write and reports the result.",
    ],
  ])("that stand for a person say what they can do: %j", (options, description) => {
    expect(new UserProxyAgent({ name: "user", ...options }).description).toMatch(description);
  });

  it("run the code of the other side and report the result", async () => {
    const ran: string[] = [];
    const executor = {
      async execute(blocks: readonly { readonly code: string }[]) {
        ran.push(...blocks.map(({ code }) => code));
        return { exitCode: 0, output: "hello" };
      },
    };
    const agent = speaker("agent", { codeExecutionConfig: executor });
    const reply = await agent.generateReply({ messages: [{ role: "user", content: "```sh\necho hello\n```" }] });
    expect(reply?.content).toBe("exitcode: 0 (execution succeeded)\nCode output: hello");
    expect(ran).toEqual(["echo hello"]);
  });

  it("say that code was not run when no executor was given", async () => {
    const agent = speaker("agent", { codeExecutionConfig: {} });
    const reply = await agent.generateReply({ messages: [{ role: "user", content: "```sh\nls\n```" }] });
    expect(reply?.content).toContain("code_execution_refused");
  });
});
