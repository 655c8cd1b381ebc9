import { describe, expect, it } from "vitest";
import { AssistantAgent } from "../../../src/agents/assistant-agent.ts";
import { ConversableAgent } from "../../../src/agents/conversable-agent.ts";
import { shortenWithNote } from "../../../src/agents/transforms/shorten-with-note.ts";
import { MessageHistoryLimiter } from "../../../src/agents/transforms/message-history-limiter.ts";
import { MessageTokenLimiter } from "../../../src/agents/transforms/message-token-limiter.ts";
import { TextMessageContentName } from "../../../src/agents/transforms/text-message-content-name.ts";
import { TransformMessages } from "../../../src/agents/transforms/transform-messages.ts";
import type { ChatMessage } from "../../../src/domain/message.ts";
import { createScriptedModel } from "../../../src/language-model/scripted-model.ts";

const user = (content: string, name?: string): ChatMessage => ({
  role: "user",
  content,
  ...(name === undefined ? {} : { name }),
});
const assistant = (content: string): ChatMessage => ({ role: "assistant", content });
const call = (...ids: readonly string[]): ChatMessage => ({
  role: "assistant",
  content: "",
  toolCalls: ids.map((id) => ({ id, name: "look_up", arguments: "{}" })),
});
const found = (toolCallId: string, content = "found"): ChatMessage => ({ role: "tool", content, toolCallId });
const words = { encoding: "words", count: (text: string) => text.split(/\s+/).filter(Boolean).length };
const contents = (messages: readonly ChatMessage[]): readonly string[] => messages.map(({ content }) => content);

/** Random conversations with tool calls anywhere; the seed makes them the same each time. */
function* conversations(count: number): Generator<readonly ChatMessage[]> {
  let state = 7;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 16) % below;
  };
  for (let made = 0; made < count; made += 1) {
    const messages: ChatMessage[] = [];
    const length = 1 + random(9);
    for (let index = 0; index < length; index += 1) {
      const text = "word ".repeat(1 + random(30)).trim();
      const id = `${String(made)}-${String(index)}`;
      const kind = random(5);
      if (kind === 0) messages.push(user(text));
      else if (kind === 1) messages.push(assistant(text));
      else if (kind === 2) messages.push(call(`${id}a`, `${id}b`), found(`${id}a`, text), found(`${id}b`, text));
      else if (kind === 3) {
        // A person spoke in place of the tool.
        const toolResponses = [{ toolCallId: id, content: "USER INTERRUPTED" }];
        messages.push(call(id), { role: "user", content: text, toolResponses });
      } else {
        const toolResponses = [{ toolCallId: id, content: text }];
        messages.push(call(id), { role: "tool", content: text, toolResponses });
      }
    }
    yield messages;
  }
}

function expectWhole(before: readonly ChatMessage[], after: readonly ChatMessage[]): void {
  const called = after.flatMap(({ toolCalls = [] }) => toolCalls.map(({ id }) => id));
  const answered = after.flatMap(({ toolCallId, toolResponses = [] }) => [
    ...(toolCallId === undefined ? [] : [toolCallId]),
    ...toolResponses.map((response) => response.toolCallId),
  ]);
  expect(answered.toSorted()).toEqual(called.toSorted());
  const newest = before.findLast(({ role }) => role === "user");
  if (newest !== undefined) expect(after.some(({ role }) => role === "user")).toBe(true);
  expect(after.at(-1)?.role).toBe(before.at(-1)?.role);
}

describe("MessageHistoryLimiter", () => {
  const long = [user("1"), assistant("2"), user("3"), assistant("4"), user("5")];

  it("keeps the newest messages, and the first one where asked", () => {
    expect(contents(new MessageHistoryLimiter({ maxMessages: 3 }).applyTransform(long))).toEqual(["3", "4", "5"]);
    const first = new MessageHistoryLimiter({ maxMessages: 3, keepFirstMessage: true });
    expect(contents(first.applyTransform(long))).toEqual(["1", "4", "5"]);
    expect(new MessageHistoryLimiter().applyTransform(long)).toBe(long);
  });

  it("never drops the newest message for the sake of a tool's result", () => {
    const messages = [user("one"), call("a", "b"), found("a"), found("b"), user("two")];
    expect(contents(new MessageHistoryLimiter({ maxMessages: 3 }).applyTransform(messages))).toEqual(["two"]);
    expect(new MessageHistoryLimiter({ maxMessages: 4 }).applyTransform(messages)).toEqual(messages.slice(1));
  });

  it("keeps the user's message in front of a long row of tool calls", () => {
    const messages = [user("old"), user("question"), call("a"), found("a"), call("b"), found("b")];
    expect(new MessageHistoryLimiter({ maxMessages: 3 }).applyTransform(messages)).toEqual([
      user("question"),
      call("b"),
      found("b"),
    ]);
  });

  it("splits no tool call from its result in any conversation", () => {
    for (const messages of conversations(300)) {
      for (let maxMessages = 1; maxMessages <= 6; maxMessages += 1) {
        expectWhole(messages, new MessageHistoryLimiter({ maxMessages }).applyTransform(messages));
      }
    }
  });

  it("says what it removed", () => {
    const limiter = new MessageHistoryLimiter({ maxMessages: 3 });
    expect(limiter.getLogs(long, limiter.applyTransform(long))).toEqual({
      text: "Removed 2 messages. Number of messages reduced from 5 to 3.",
      hadEffect: true,
    });
    expect(limiter.getLogs(long, long)).toEqual({ text: "No messages were removed.", hadEffect: false });
  });

  it("refuses a limit below one", () => {
    expect(() => new MessageHistoryLimiter({ maxMessages: 0 })).toThrow(/maxMessages/);
  });
});

describe("MessageTokenLimiter", () => {
  // A message takes four tokens beside its words.
  const messages = [user("a b c d e f"), assistant("g h i j k l"), user("m n o p q r")];
  const options = { tokenCounter: words };

  it("cuts every text to the limit of a message", () => {
    const limiter = new MessageTokenLimiter({ ...options, maxTokensPerMessage: 3 });
    expect(contents(limiter.applyTransform(messages))).toEqual(["a b c", "g h i", "m n o"]);
  });

  it("drops the oldest messages and cuts the one at the border", () => {
    const limiter = new MessageTokenLimiter({ ...options, maxTokens: 18 });
    expect(contents(limiter.applyTransform(messages))).toEqual(["g h i j", "m n o p q r"]);
    const exact = new MessageTokenLimiter({ ...options, maxTokens: 20 });
    expect(contents(exact.applyTransform(messages))).toEqual(["g h i j k l", "m n o p q r"]);
  });

  it("changes nothing under minTokens", () => {
    const limiter = new MessageTokenLimiter({ ...options, maxTokensPerMessage: 3, minTokens: 31 });
    expect(limiter.applyTransform(messages)).toBe(messages);
    const met = new MessageTokenLimiter({ ...options, maxTokensPerMessage: 3, minTokens: 30 });
    expect(contents(met.applyTransform(messages))).toEqual(["a b c", "g h i", "m n o"]);
  });

  it("takes the limit from the model's window, less the system message and room for the reply", () => {
    const limiter = new MessageTokenLimiter(options);
    const context = { contextWindow: 35, standingText: "four words of system" };
    expect(contents(limiter.applyTransform(messages, context))).toEqual(["g h i j k l", "m n o p q r"]);
    const known = new MessageTokenLimiter({ ...options, model: "gpt-4" });
    expect(known.applyTransform(messages, context)).toEqual(messages);
  });

  it("asks for a limit where the window is not known", () => {
    const context = { contextWindow: null, standingText: "" };
    expect(() => new MessageTokenLimiter(options).applyTransform(messages, context)).toThrow(
      expect.objectContaining({ code: "config_invalid" }),
    );
    expect(() => new MessageTokenLimiter({ model: "no-such-model" }).applyTransform(messages)).toThrow(/no-such-model/);
  });

  it("leaves filtered messages alone, or transforms only them", () => {
    const named = [user("a b c d", "ada"), user("e f g h", "bob")];
    const filterDict = { name: ["ada"] };
    const excluded = new MessageTokenLimiter({ ...options, maxTokensPerMessage: 2, filterDict });
    expect(contents(excluded.applyTransform(named))).toEqual(["a b c d", "e f"]);
    const only = new MessageTokenLimiter({ ...options, maxTokensPerMessage: 2, filterDict, excludeFilter: false });
    expect(contents(only.applyTransform(named))).toEqual(["a b", "e f g h"]);
  });

  it("cuts a tool's long result rather than the question, and keeps it with its call", () => {
    const long = Array.from({ length: 100 }, (_, index) => `w${String(index)}`).join(" ");
    const before = [user("old"), user("the question asked"), call("a"), found("a", long)];
    const after = new MessageTokenLimiter({ ...options, maxTokens: 50 }).applyTransform(before);
    expectWhole(before, after);
    expect(after[0]).toEqual(user("the question asked"));
    expect(after.at(-1)?.content).toMatch(/^w0 w1 .*\n\[about \d+ tokens left out\]$/);
  });

  it("keeps within the limit and splits no tool call from its result in any conversation", () => {
    const count = (list: readonly ChatMessage[]): number =>
      list.reduce((sum, message) => sum + words.count(message.content) + 4 + (message.toolCalls ?? []).length * 5, 0);
    for (const before of conversations(300)) {
      for (const maxTokens of [1, 20, 60, 150]) {
        const after = new MessageTokenLimiter({ ...options, maxTokens }).applyTransform(before);
        expectWhole(before, after);
        if (maxTokens >= 60) expect(count(after)).toBeLessThanOrEqual(maxTokens);
      }
    }
  });

  it("says how much it cut", () => {
    const limiter = new MessageTokenLimiter({ ...options, maxTokensPerMessage: 3 });
    expect(limiter.getLogs(messages, limiter.applyTransform(messages)).text).toBe(
      "Truncated 9 tokens. Number of tokens reduced from 30 to 21",
    );
    expect(limiter.getLogs(messages, messages)).toEqual({ text: "No tokens were truncated.", hadEffect: false });
  });

  it.each([{ maxTokens: 0 }, { maxTokensPerMessage: -1 }, { maxTokens: 5, minTokens: 6 }])("refuses %j", (wrong) => {
    expect(() => new MessageTokenLimiter(wrong)).toThrow(TypeError);
  });
});

describe("shortenWithNote", () => {
  it("never cuts a character in two, and counts its own note", () => {
    const count = (text: string): number => Math.ceil(text.length / 3);
    for (let tokens = 0; tokens < 60; tokens += 1) {
      const cut = shortenWithNote("😀".repeat(200), { tokens, count });
      expect(cut.isWellFormed()).toBe(true);
      expect(count(cut)).toBeLessThanOrEqual(tokens);
    }
  });
});

describe("TextMessageContentName", () => {
  const messages = [user("hello", "ada"), assistant("hi"), user("bye", "bob"), found("a")];

  it("puts the name in front or behind, once", () => {
    const start = new TextMessageContentName();
    const named = start.applyTransform(messages);
    expect(contents(named)).toEqual(["ada:\nhello", "hi", "bob:\nbye", "found"]);
    expect(start.applyTransform(named)).toEqual(named);
    const end = new TextMessageContentName({ position: "end", formatString: " -- {name}", deduplicate: false });
    expect(contents(end.applyTransform(messages))).toEqual(["hello -- ada", "hi", "bye -- bob", "found"]);
    expect(start.getLogs(messages, named).text).toBe("2 message(s) changed to incorporate name.");
  });

  it("leaves filtered messages alone", () => {
    const transform = new TextMessageContentName({ filterDict: { name: "ada" } });
    expect(contents(transform.applyTransform(messages))[0]).toBe("hello");
  });

  it("takes a name as it is", () => {
    const [named] = new TextMessageContentName().applyTransform([user("x", "$&")]);
    expect(named?.content).toBe("$&:\nx");
  });

  it("refuses a format without the name's place", () => {
    expect(() => new TextMessageContentName({ formatString: "name" })).toThrow(/\{name\}/);
  });
});

describe("TransformMessages", () => {
  it("changes what the model reads and leaves the conversation as it is", async () => {
    const model = createScriptedModel(["one", "two", "three"], { contextWindow: 1_000 });
    const agent = new AssistantAgent({ name: "assistant", model, systemMessage: "Be brief." });
    const logs: string[] = [];
    const transforms = [new MessageHistoryLimiter({ maxMessages: 2 }), new TextMessageContentName()];
    new TransformMessages({ transforms, onEffect: ({ text }) => void logs.push(text) }).addToAgent(agent);
    const other = new ConversableAgent({ name: "user", humanInputMode: "NEVER", defaultAutoReply: "go on" });
    const result = await other.initiateChat(agent, { message: "begin", maxTurns: 3 });
    expect(model.requests[2]?.messages.map(({ role, content }) => [role, content])).toEqual([
      ["system", "Be brief."],
      ["assistant", "assistant:\ntwo"],
      ["user", "user:\ngo on"],
    ]);
    expect(result.chatHistory.map(({ content }) => content)).toEqual([
      "begin",
      "one",
      "go on",
      "two",
      "go on",
      "three",
    ]);
    expect(logs).toContain("Removed 3 messages. Number of messages reduced from 5 to 2.");
  });

  it("keeps a long chat within the window of the agent's own model", async () => {
    const long = "word ".repeat(200);
    const model = createScriptedModel(
      Array.from({ length: 20 }, () => long),
      { contextWindow: 1_500 },
    );
    const agent = new AssistantAgent({ name: "assistant", model, systemMessage: "Be brief." });
    new TransformMessages({ transforms: [new MessageTokenLimiter({ tokenCounter: words })] }).addToAgent(agent);
    const other = new ConversableAgent({ name: "user", humanInputMode: "NEVER", defaultAutoReply: long });
    await other.initiateChat(agent, { message: "begin", maxTurns: 20 });
    for (const { messages } of model.requests) {
      expect(messages.reduce((sum, { content }) => sum + words.count(content) + 4, 0)).toBeLessThanOrEqual(1_200);
    }
    expect(model.requests[19]?.messages.length).toBeGreaterThan(4);
  });

  it("lets a message that ends the chat end it, whatever hooks add", async () => {
    const agent = new ConversableAgent({ name: "agent", humanInputMode: "NEVER", defaultAutoReply: "more" });
    agent.registerHook("processLastReceivedMessage", (content) => `${content}\n\nwith a note`);
    const other = new ConversableAgent({ name: "user", humanInputMode: "NEVER" });
    const result = await other.initiateChat(agent, { message: "All done. TERMINATE" });
    expect(result.outcome.reason).toBe("termination-message");
  });

  it("refuses what is no list", () => {
    const wrong: { transforms: never } = JSON.parse('{"transforms":1}');
    expect(() => new TransformMessages(wrong)).toThrow(/transforms/);
  });
});
