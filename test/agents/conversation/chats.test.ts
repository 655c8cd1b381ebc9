import { describe, expect, it } from "vitest";
import { ConversableAgent } from "../../../src/agents/conversable-agent.ts";
import { initiateChats } from "../../../src/agents/conversation/sequential-chats.ts";
import type { SeriesChat } from "../../../src/agents/conversation/sequential-chats.ts";
import type { ChatMessage } from "../../../src/domain/message.ts";
import { createScriptedModel } from "../../../src/language-model/scripted-model.ts";
import { drain } from "../made-up-corpus.ts";
import { speaker } from "../speaker.ts";

const priced = (content: string, costUsd: number | null = 0.5) => ({
  content,
  costUsd,
  usage: { promptTokens: 10, completionTokens: 5 },
});

describe("a reply that was cut off", () => {
  it.each([
    ["length", /scripted was cut off at its token limit .*llmConfig\.maxTokens/],
    ["content_filter", /scripted was cut off by its endpoint's content filter .* in other words/],
  ] as const)("by %s is told once by the result, which says what to do", async (finishReason, expected) => {
    const cut = { content: "It is", finishReason };
    const result = await speaker("user").initiateChat(
      speaker("assistant", { model: createScriptedModel([cut, cut]) }),
      {
        message: "go",
        maxTurns: 2,
      },
    );
    expect(result.chatHistory[1]).toMatchObject({ content: "It is", standing: "partial" });
    expect(result.warnings).toEqual([expect.stringMatching(expected)]);
  });

  it("in an earlier chat is none of the next one's warnings", async () => {
    const model = createScriptedModel([{ content: "It is", finishReason: "length" }, "It is done."]);
    const [user, assistant] = [speaker("user"), speaker("assistant", { model })];
    await user.initiateChat(assistant, { message: "go", maxTurns: 1 });
    const next = await user.initiateChat(assistant, { message: "on", maxTurns: 1, clearHistory: false });
    expect(next.chatHistory).toHaveLength(4);
    expect(next.warnings).toEqual([]);
  });
});

describe("a summary", () => {
  it("is made by the recipient's model, and counted", async () => {
    const model = createScriptedModel([priced("Tea is hot."), priced("They spoke of tea.")]);
    const assistant = speaker("assistant", { model });
    const result = await speaker("user").initiateChat(assistant, {
      message: "tea?",
      maxTurns: 1,
      summaryMethod: "reflectionWithLlm",
      summaryArgs: { summaryPrompt: "Sum up.", summaryRole: "user" },
    });
    expect(result.summary).toBe("They spoke of tea.");
    expect(model.requests[1]?.messages.at(-1)).toMatchObject({ role: "user", content: "Sum up." });
    expect(result.cost.usageIncludingCachedInference.totalCost).toBe(1);
    expect(result.conversation.modelCalls.map(({ purpose = "reply" }) => purpose)).toEqual(["reply", "summary"]);
    expect(assistant.getTotalUsage()?.totalCost).toBe(1);
    expect(assistant.printUsageSummary()).toContain("scripted: $1.000000, 20 + 10 = 30 tokens");
  });

  it("is made with each chat's own arguments", async () => {
    const model = createScriptedModel(["a", "s1", "b", "s2"]);
    const assistant = speaker("assistant", { model });
    const chat = { message: "go", maxTurns: 1, summaryMethod: "reflectionWithLlm" as const };
    await speaker("user").initiateChat(assistant, { ...chat, summaryArgs: { summaryPrompt: "First." } });
    await speaker("user").initiateChat(assistant, chat);
    expect(model.requests[3]?.messages.at(-1)?.content).not.toBe("First.");
  });

  it("that fails costs neither the chat nor a word about it", async () => {
    const model = createScriptedModel(["done", new Error("too long")]);
    const result = await speaker("user").initiateChat(speaker("assistant", { model }), {
      message: "go",
      maxTurns: 1,
      summaryMethod: "reflectionWithLlm",
    });
    expect(result.summary).toBe("");
    expect(result.warnings).toEqual(["The summary could not be made: too long"]);
    expect(result.chatHistory).toHaveLength(2);
  });

  it.each([
    ["a method that there is not", { summaryMethod: "shortest" }, /summaryMethod must be/],
    [
      "arguments that nothing reads",
      { summaryMethod: "reflectionWithLlm", summaryArgs: { summary_prompt: "Sum up." } },
      /summaryArgs.summary_prompt is not supported: write summaryPrompt/,
    ],
    ["a model that there is not", { summaryMethod: "reflectionWithLlm" }, /neither right nor left has one/],
  ])("is refused before the chat for %s", async (_title, options, expected) => {
    const left = speaker("left", "summaryArgs" in options ? { model: createScriptedModel([]) } : {});
    const wrong: { message: string; [key: string]: unknown } = { message: "go", ...options };
    await expect(left.initiateChat(speaker("right"), wrong)).rejects.toThrow(expected);
    expect(left.lastMessage()).toBeNull();
  });

  it("may be a function, or none", async () => {
    const chat = { message: "go", maxTurns: 1 };
    const left = speaker("left");
    const made = await left.initiateChat(speaker("right"), {
      ...chat,
      summaryMethod: (sender, recipient, { summaryArgs }) =>
        `${sender.name}, ${recipient.name}, ${String(summaryArgs["x"])}`,
      summaryArgs: { x: 1 },
    });
    expect(made.summary).toBe("left, right, 1");
    expect((await left.initiateChat(speaker("right"), { ...chat, summaryMethod: null })).summary).toBe("");
  });
});

describe("a first message", () => {
  it("may be made from its context", async () => {
    const chat = {
      message: {
        content: (context: Readonly<Record<string, unknown>>) => `for ${String(context["who"])}`,
        context: { who: "Ann" },
      },
      maxTurns: 1,
    };
    const result = await speaker("left").initiateChat(speaker("right"), chat);
    expect(result.chatHistory[0]?.content).toBe("for Ann");
  });

  it("goes on behind what only the partner was given as said before", async () => {
    const model = createScriptedModel(["next"]);
    const right = speaker("right", {
      model,
      chatMessages: {
        left: [
          { role: "user", content: "from the past" },
          { role: "assistant", content: "past reply" },
        ],
      },
    });
    const result = await speaker("left").initiateChat(right, { message: "now", maxTurns: 1, clearHistory: false });
    const said = result.chatHistory.map(({ role, content }) => [role, content]);
    expect(said).toEqual([
      ["assistant", "from the past"],
      ["user", "past reply"],
      ["assistant", "now"],
      ["user", "next"],
    ]);
    expect(model.requests[0]?.messages.slice(1).map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
  });

  it("keeps its places unless templates are turned on", async () => {
    const message = { content: "Hi {name}, see {code}", context: { name: "Ann" } };
    const off = createScriptedModel(["x"]);
    await speaker("left").initiateChat(speaker("right", { model: off }), { message, maxTurns: 1 });
    expect(off.requests[0]?.messages.at(-1)?.content).toBe("Hi {name}, see {code}");
    const on = createScriptedModel(["x"]);
    const llmConfig = { configList: [], allowFormatStrTemplate: true, context: { code: 1, name: "?" } };
    await speaker("left").initiateChat(speaker("right", { model: on, llmConfig }), { message, maxTurns: 1 });
    expect(on.requests[0]?.messages.at(-1)).toEqual({ role: "user", name: "left", content: "Hi Ann, see 1" });
  });

  it("takes carried texts, objects with content and other objects", async () => {
    const carryover = ["a", { content: 7 }, { b: 1 }, 2];
    const result = await speaker("left").initiateChat(speaker("right"), { message: "go", carryover, maxTurns: 1 });
    expect(result.chatHistory[0]?.content).toBe('go\nContext: \na\n7\n{"b":1}\n2');
  });
});

describe("a summary by a function", () => {
  it("must be a text", async () => {
    const nothing = (): string => JSON.parse("null");
    const chat = speaker("left").initiateChat(speaker("right"), { message: "go", maxTurns: 1, summaryMethod: nothing });
    await expect(chat).rejects.toThrow("The function summaryMethod must return the summary as a text, not null.");
  });
});

describe("single messages", () => {
  it("are kept without a reply until a chat was opened", async () => {
    const left = speaker("left");
    const right = speaker("right");
    expect(await left.send("note", right)).toBeNull();
    expect(right.lastMessage(left)).toMatchObject({ content: "note", role: "user" });
    const result = await left.send("answer me", right, { requestReply: true, maxTurns: 1 });
    expect(result?.chatHistory.map(({ content }) => content)).toEqual(["note", "answer me", "right speaks"]);
    expect(await right.receive("again", left, { requestReply: false })).toBeNull();
  });

  it("without content are refused and leave the history as it was", async () => {
    const left = speaker("left");
    const right = speaker("right");
    const wrong: { content: string } = JSON.parse("{}");
    await expect(left.send(wrong, right)).rejects.toThrow(TypeError);
    await expect(left.receive(wrong, right)).rejects.toThrow(TypeError);
    expect(left.lastMessage()).toBeNull();
  });

  it("get no reply from an agent that was told to stop, and the other side still replies", async () => {
    const left = speaker("left");
    const right = speaker("right");
    await left.initiateChat(right, { message: "go", maxTurns: 1 });
    right.stopReplyAtReceive(left);
    expect(await left.send("hello?", right)).toBeNull();
    const result = await right.send("hello", left, { maxTurns: 1 });
    expect(result?.chatHistory.at(-1)?.content).toBe("left speaks");
  });

  it("get one reply and no more where their sender does not reply", async () => {
    const left = speaker("left");
    const right = speaker("right");
    const asked = await left.send("answer me", right, { requestReply: true });
    expect(asked?.chatHistory.map(({ content }) => content)).toEqual(["answer me", "right speaks"]);
    expect(asked?.outcome).toMatchObject({ reason: "no-reply", detail: "left does not reply to right." });
    expect(await left.send("a note", right)).toBeNull();
    right.stopReplyAtReceive(left);
    expect((await left.send("once more", right, { requestReply: true }))?.summary).toBe("right speaks");
    await left.initiateChat(right, { message: "go", maxTurns: 1 });
    left.stopReplyAtReceive(right);
    const last = await left.send("and at last?", right);
    expect(last?.chatHistory.slice(-2).map(({ content }) => content)).toEqual(["and at last?", "right speaks"]);
  });
});

describe("earlier messages", () => {
  it("are the beginning of a chat that keeps its history", async () => {
    const chatMessages = { right: [{ role: "assistant", content: "from the past" } as const] };
    const left = speaker("left", { chatMessages });
    const result = await left.initiateChat(speaker("right"), { message: "now", clearHistory: false, maxTurns: 1 });
    expect(result.chatHistory.map(({ content }) => content)).toEqual(["from the past", "now", "right speaks"]);
  });

  it("may be those of another agent", async () => {
    const left = speaker("left");
    await left.initiateChat(speaker("right"), { message: "first", maxTurns: 1 });
    const again = speaker("left", { chatMessages: left.chatMessages });
    expect(again.chatMessages).toEqual(left.chatMessages);
    const result = await again.initiateChat(speaker("right"), { message: "now", clearHistory: false, maxTurns: 1 });
    expect(result.chatHistory.map(({ content }) => content)).toEqual(["first", "right speaks", "now", "right speaks"]);
  });

  it("do not count against the automatic replies of a chat that goes on with them", async () => {
    const left = speaker("left", { maxConsecutiveAutoReply: 1 });
    const right = speaker("right");
    await left.initiateChat(right, { message: "first", maxTurns: 2 });
    const result = await left.initiateChat(right, { message: "second", clearHistory: false });
    expect(result.chatHistory.slice(4).map(({ content }) => content)).toEqual([
      "second",
      "right speaks",
      "left speaks",
      "right speaks",
    ]);
  });

  it("are in one chat at a time, and in another one when that has ended or was left", async () => {
    const left = speaker("left");
    const right = speaker("right");
    const first = await left.initiateChat(right, { message: "first", maxTurns: 1 });
    const again = { message: "again", maxTurns: 1, clearHistory: false };
    const running = left.initiateChat(right, again);
    await expect(left.initiateChat(right, again)).rejects.toThrow(
      "The conversation of left and right is in a chat that has not ended: wait for its end",
    );
    expect((await running).chatHistory).toHaveLength(4);
    for await (const { type } of left.streamChat(right, again)) if (type === "message") break;
    const { conversation } = await left.initiateChat(right, again);
    expect(conversation).toBe(first.conversation);
    expect(conversation.messages).toHaveLength(7);
  });

  it("are replied to when no others are given", async () => {
    const left = speaker("left");
    const right = speaker("right");
    await left.send("note", right);
    expect((await right.generateReply({ sender: left }))?.content).toBe("right speaks");
    await expect(right.generateReply({})).rejects.toThrow(TypeError);
  });
});

describe("hooks", () => {
  it("change the last message, all messages, and what is sent", async () => {
    const model = createScriptedModel(["one"]);
    const right = speaker("right", { model });
    right.registerHook("processLastReceivedMessage", (content) => `${content} [expanded]`);
    right.registerHook("processAllMessagesBeforeReply", (messages) => [
      ...messages,
      { role: "user", content: "extra" },
    ]);
    right.registerHook("processMessageBeforeSend", (message, { recipient, silent }) => {
      return `${message.content} to ${recipient.name}${silent ? " silently" : ""}`;
    });
    const result = await speaker("left").initiateChat(right, { message: "go", maxTurns: 1 });
    expect(model.requests[0]?.messages.slice(1).map(({ content }) => content)).toEqual(["go [expanded]", "extra"]);
    expect(result.chatHistory.map(({ content }) => content)).toEqual(["go", "one to left"]);
  });

  it("cannot write into what was said, and get the same messages at every turn", async () => {
    const right = speaker("right", { model: createScriptedModel(["one", "two", "three"]) });
    const seen: (ChatMessage | undefined)[] = [];
    right.registerHook("processAllMessagesBeforeReply", (messages) => {
      seen.push(messages[0]);
      return messages.map((message) => ({ ...message, content: message.content.toUpperCase() }));
    });
    const left = speaker("left");
    const { conversation } = await left.initiateChat(right, { message: "go", maxTurns: 2 });
    expect(conversation.messages.map(({ content }) => content)).toEqual(["go", "one", "left speaks", "two"]);
    expect(seen[1]).toBe(seen[0]);
    const other = speaker("other", { model: createScriptedModel(["one"]) });
    other.registerHook("processAllMessagesBeforeReply", (messages) => {
      for (const message of messages) Object.assign(message, { content: "changed" });
      return messages;
    });
    await expect(left.initiateChat(other, { message: "go", maxTurns: 1 })).rejects.toThrow(
      /read only property 'content'/,
    );
    expect(left.chatMessages.get("other")?.[0]?.content).toBe("go");
  });

  it("are refused twice, or at a point that there is not", () => {
    const hook = (content: string): string => content;
    const agent = speaker("a");
    agent.registerHook("processLastReceivedMessage", hook);
    expect(() => agent.registerHook("processLastReceivedMessage", hook)).toThrow(/already/);
    const elsewhere: "processLastReceivedMessage" = JSON.parse('"elsewhere"');
    expect(() => agent.registerHook(elsewhere, hook)).toThrow(/no hook point/);
  });
});

describe("reply functions", () => {
  const messages = [{ role: "user" as const, content: "?" }];

  it("may replace all others, be replaced, and be left out", async () => {
    const agent = speaker("agent");
    const first = (): string => "first";
    agent.registerReply(null, first, { removeOtherReplyFuncs: true });
    expect((await agent.generateReply({ messages }))?.content).toBe("first");
    agent.replaceReplyFunc(first, () => "second");
    expect((await agent.generateReply({ messages }))?.content).toBe("second");
    expect((await agent.generateReply({ messages, exclude: [first] }))?.content).toBe("second");
    expect(() => agent.replaceReplyFunc(first, first)).toThrow(/no such reply function/);
  });

  it.each([
    ["a pair, as AutoGen's", [true, "text"], "not a list"],
    ["nothing", undefined, "not undefined"],
    ["an object without a text", {}, "not an object"],
  ])("that return %s are told what to return", async (_title, returned, expected) => {
    const agent = speaker("agent");
    Reflect.apply(agent.registerReply.bind(agent), null, [null, () => returned]);
    await expect(agent.generateReply({ messages })).rejects.toThrow(
      `A reply function of agent must return a text, a message, or null to leave the reply to the next function, ${expected}.`,
    );
  });

  it("do not end a chat by a promise", async () => {
    const options = { name: "agent", humanInputMode: "NEVER", isTerminationMsg: async () => false };
    const agent: unknown = Reflect.construct(ConversableAgent, [options]);
    if (!(agent instanceof ConversableAgent)) throw new Error("an agent");
    await expect(agent.generateReply({ messages })).rejects.toThrow(
      "isTerminationMsg of agent must return true or false",
    );
  });

  it("have a config that a reset makes anew", async () => {
    const agent = speaker("agent");
    const counting = { count: 0 };
    agent.registerReply(
      null,
      ({ config }) => {
        if (typeof config !== "object" || config === null || !("count" in config)) return null;
        return String((config.count = Number(config.count) + 1));
      },
      { config: counting },
    );
    expect((await agent.generateReply({ messages }))?.content).toBe("1");
    expect((await agent.generateReply({ messages }))?.content).toBe("2");
    agent.reset();
    expect((await agent.generateReply({ messages }))?.content).toBe("1");
  });

  it("open chats of their own", async () => {
    const expert = speaker("expert", { model: createScriptedModel(["It is 42."]) });
    const right = speaker("right");
    right.registerReply("left", async () => {
      return (await right.initiateChat(expert, { message: "what is it?", maxTurns: 1 })).summary;
    });
    const result = await speaker("left").initiateChat(right, { message: "go", maxTurns: 1 });
    expect(result.summary).toBe("It is 42.");
  });
});

describe("a series of chats", () => {
  const writer = (name: string, text: string) => speaker(name, { defaultAutoReply: text });
  const firstTexts = (results: readonly { chatHistory: readonly { content: string }[] }[]): (string | undefined)[] =>
    results.map(({ chatHistory }) => chatHistory[0]?.content);

  it("carries the summaries over, but those that are left out", async () => {
    const user = speaker("user");
    const results = await user.initiateChats([
      { recipient: writer("one", "first"), message: "a", maxTurns: 1 },
      { recipient: writer("two", "second"), message: "b", maxTurns: 1, carryover: "own" },
      {
        recipient: writer("three", "third"),
        message: "c",
        maxTurns: 1,
        finishedChatIndexesToExcludeFromCarryover: [0],
      },
    ]);
    expect(firstTexts(results)).toEqual(["a", "b\nContext: \nown\nfirst", "c\nContext: \nsecond"]);
  });

  it("runs chats that do not wait for each other at the same time", async () => {
    const waiting: (() => void)[] = [];
    const meeting = (name: string) => {
      const agent = speaker(name);
      agent.registerReply("user", async () => {
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
          if (waiting.length === 2) for (const go of waiting) go();
        });
        return `${name} met`;
      });
      return agent;
    };
    const user = speaker("user");
    const results = await user.initiateChats([
      { chatId: "c", recipient: writer("three", "end"), message: "c", maxTurns: 1, prerequisites: ["a", "b"] },
      { chatId: "a", recipient: meeting("one"), message: "a", maxTurns: 1 },
      { chatId: "b", recipient: meeting("two"), message: "b", maxTurns: 1 },
    ]);
    expect(firstTexts(results)).toEqual(["c\nContext: \none met\ntwo met", "a", "b"]);
  });

  it.each<[string, Partial<SeriesChat>[], RegExp]>([
    [
      "a circle",
      [
        { chatId: 1, prerequisites: [2] },
        { chatId: 2, prerequisites: [1] },
      ],
      /1 waits for 2 waits for 1/,
    ],
    ["a chat that is not there", [{ chatId: 1, prerequisites: [3] }], /waits for chat 3, which is not in the list/],
    ["an id twice", [{ chatId: 1 }, { chatId: 1 }], /Two chats have the chatId 1/],
    ["nothing", [], /the list is empty/],
    ["a later chat's option", [{}, { max_turns: 1 }], /write maxTurns/],
    ["a later chat's summary", [{}, { summaryMethod: "reflectionWithLlm" }], /needs a model/],
    ["places that are no list", [{ finishedChatIndexesToExcludeFromCarryover: JSON.parse("1") }], /list of places/],
    ["a sender that is none", [{ sender: JSON.parse('"user"') }], /The sender of chat 0 must be an agent/],
  ])("refuses %s before the first chat", async (_title, chats, expected) => {
    const user = speaker("user");
    const recipient = speaker("right");
    await expect(user.initiateChats(chats.map((chat) => ({ recipient, message: "go", ...chat })))).rejects.toThrow(
      expected,
    );
    expect(user.lastMessage()).toBeNull();
  });

  it("needs a sender for each chat", async () => {
    await expect(initiateChats([{ recipient: speaker("a"), message: "go" }])).rejects.toThrow(/no sender/);
  });

  it("are opened by the agent itself where their sender is left open", async () => {
    const chat = { recipient: speaker("right"), message: "go", maxTurns: 1, sender: undefined, chatId: undefined };
    const [result] = await speaker("left").initiateChats([chat]);
    expect(result?.chatHistory.map(({ name }) => name)).toEqual(["left", "right"]);
  });
});

describe("nested chats", () => {
  it("need a trigger, and no option that nothing reads", () => {
    const agent = speaker("agent");
    const register = (...options: unknown[]): unknown =>
      Reflect.apply(agent.registerNestedChats.bind(agent), null, [[{ recipient: speaker("other") }], ...options]);
    expect(() => register()).toThrow("registerNestedChats(chats, { trigger: assistant })");
    expect(() => register({ trigger: "x", use_async: true })).toThrow("registerNestedChats.use_async is not supported");
  });

  it("make the reply from the last summary, and their calls are counted", async () => {
    const critic = speaker("critic", { model: createScriptedModel([priced("too long")]) });
    const editor = speaker("editor", { model: createScriptedModel([priced("FINAL")]) });
    const writer = speaker("writer");
    writer.registerNestedChats(
      [
        { recipient: critic, maxTurns: 1 },
        { recipient: editor, message: "Mend it.", maxTurns: 1 },
      ],
      { trigger: "user" },
    );
    const chat = speaker("user").streamChat(writer, { message: "a draft", maxTurns: 1 });
    const { events, result } = await drain(chat);
    expect(result.chatHistory.map(({ content }) => content)).toEqual(["a draft", "FINAL"]);
    expect(critic.chatMessages.get("writer")?.[0]?.content).toBe("a draft");
    expect(editor.chatMessages.get("writer")?.[0]?.content).toBe("Mend it.\nContext: \ntoo long");
    expect(result.cost.usageIncludingCachedInference.totalCost).toBe(1);
    expect(events.filter(({ type }) => type === "nested-chat")).toHaveLength(4);
  });

  it("leave out summaries that are excluded, by their place in the list, and empty ones", async () => {
    const judge = speaker("judge");
    const [one, two] = [speaker("one"), speaker("two")];
    const writer = speaker("writer");
    writer.registerNestedChats(
      [
        { recipient: speaker("nobody"), message: () => "" },
        { recipient: one, message: "1", maxTurns: 1 },
        { recipient: two, message: "2", maxTurns: 1, finishedChatIndexesToExcludeFromCarryover: [1] },
        { recipient: speaker("silent"), message: "3", maxTurns: 1, summaryMethod: null },
        { recipient: judge, message: "4", maxTurns: 1, finishedChatIndexesToExcludeFromCarryover: [0, 1] },
      ],
      { trigger: "user" },
    );
    await speaker("user").initiateChat(writer, { message: "go", maxTurns: 1 });
    expect(two.chatMessages.get("writer")?.[0]?.content).toBe("2");
    expect(judge.chatMessages.get("writer")?.[0]?.content).toBe("4\nContext: \ntwo speaks");
    const wrong = { recipient: one, finishedChatIndexesToExcludeFromCarryover: JSON.parse('"0"') };
    expect(() => writer.registerNestedChats([wrong], { trigger: "user" })).toThrow(
      "finishedChatIndexesToExcludeFromCarryover of nested chat 0 must be a list of places",
    );
  });

  it("end the outer chat when none has a message, though the agent could reply by itself", async () => {
    const writer = speaker("writer");
    const seen: string[] = [];
    writer.registerNestedChats(
      [
        {
          recipient: speaker("critic"),
          message: (recipient, messages, sender) => {
            seen.push(recipient.name, sender.name, messages.at(-1)?.content ?? "");
            seen.push(recipient.lastMessage(sender)?.content ?? "", recipient.systemMessage);
            return "";
          },
        },
        { recipient: speaker("editor") },
      ],
      { trigger: "user" },
    );
    const result = await speaker("user").initiateChat(writer, { message: "a draft", maxTurns: 1 });
    expect(result.chatHistory.map(({ content }) => content)).toEqual(["a draft"]);
    expect(result.outcome).toMatchObject({
      reason: "no-reply",
      detail: "writer has nothing to add: none of its nested chats has a message.",
    });
    // AutoGen's functions look up the outer chat by these two.
    expect(seen).toEqual(["writer", "user", "a draft", "a draft", "You are a helpful AI assistant."]);
  });

  it("may be turned into a reply by a function", async () => {
    const writer = speaker("writer");
    writer.registerNestedChats([{ recipient: speaker("critic") }], {
      trigger: "user",
      replyFuncFromNestedChats: (chats, { messages }) =>
        `${String(chats.length)} chats, ${String(messages.length)} messages`,
    });
    const result = await speaker("user").initiateChat(writer, { message: "go", maxTurns: 1 });
    expect(result.summary).toBe("1 chats, 1 messages");
  });
});
