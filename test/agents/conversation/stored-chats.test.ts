import { describe, expect, it } from "vitest";
import type { Agent } from "../../../src/agents/agent.ts";
import type { ConversableAgent } from "../../../src/agents/conversable-agent.ts";
import { createConversation } from "../../../src/agents/conversation.ts";
import type { Conversation } from "../../../src/agents/conversation.ts";
import { resumeChat } from "../../../src/agents/conversation/resume-chat.ts";
import { deserializeConversation, serializeConversation } from "../../../src/agents/conversation/store-conversation.ts";
import { runTwoAgentChat } from "../../../src/agents/conversation/two-agent-chat.ts";
import { GroupChat } from "../../../src/agents/group/group-chat.ts";
import { GroupChatManager } from "../../../src/agents/group/group-chat-manager.ts";
import { SocietyOfMindAgent } from "../../../src/agents/society-of-mind-agent.ts";
import { defineTool } from "../../../src/agents/tools/tool.ts";
import { createDeferredHumanInput } from "../../../src/human-input/deferred-human-input.ts";
import { createScriptedHumanInput } from "../../../src/human-input/scripted-human-input.ts";
import { createScriptedModel } from "../../../src/language-model/scripted-model.ts";
import { drain } from "../made-up-corpus.ts";
import { speaker } from "../speaker.ts";

const stored = (conversation: Conversation): Conversation =>
  deserializeConversation(serializeConversation(conversation));
const texts = ({ messages }: Conversation): string[] => messages.map(({ name, content }) => `${name}: ${content}`);
const later = createDeferredHumanInput();
const waiting = (name: string): ConversableAgent => speaker(name, { humanInputMode: "ALWAYS", humanInput: later });

/** A user, and a group that looks to them like one agent. */
function withSociety(
  agents: readonly Agent[],
  maxRound: number,
): { readonly user: ConversableAgent; readonly society: SocietyOfMindAgent } {
  const groupchat = new GroupChat({ agents, speakerSelectionMethod: "round_robin", maxRound });
  const chatManager = new GroupChatManager({ groupchat });
  return { user: speaker("user"), society: new SocietyOfMindAgent({ name: "society", chatManager }) };
}

describe("a stored chat", () => {
  it("is the same again", () => {
    const conversation = createConversation(["a", "b"]);
    conversation.messages.push({ role: "user", name: "a", content: "hello" });
    expect(stored(conversation)).toEqual(conversation);
  });

  it.each([
    ["no JSON", "{", /not correct JSON/],
    ["something else", '{"version":1,"conversation":{}}', /no stored conversation/],
    ["a later version", '{"version":9,"conversation":{}}', /version 9/],
  ])("is refused with %s", (_title, text, expected) => {
    expect(() => deserializeConversation(text)).toThrow(expected);
  });

  it("goes on after any message, in other agents of the same names, to the same end", async () => {
    const talk = (): [Agent, Agent] => [speaker("left"), speaker("right", { maxConsecutiveAutoReply: 3 })];
    const whole = createConversation(["left", "right"]);
    const [left, right] = talk();
    const snapshots: string[] = [];
    const chat = runTwoAgentChat({
      initiator: left,
      recipient: right,
      conversation: whole,
      message: { role: "user", content: "go" },
      maxTurns: 5,
    });
    for await (const event of chat) if (event.type === "message") snapshots.push(serializeConversation(whole));
    expect(snapshots).toHaveLength(7);
    for (const snapshot of snapshots) {
      const conversation = deserializeConversation(snapshot);
      const { result: outcome } = await drain(resumeChat(conversation, { agents: talk() }));
      expect(outcome).toEqual(whole.outcome);
      expect(texts(conversation)).toEqual(texts(whole));
    }
  });

  it("that met a limit goes on under another one, without a new message", async () => {
    const [left, right] = [speaker("left"), speaker("right")];
    const first = await left.initiateChat(right, { message: "go", maxTurns: 1 });
    expect(first.outcome.reason).toBe("max-turns");
    const { conversation } = first;
    await expect(left.resumeChat(right, { conversation, message: "on" })).rejects.toThrow("leave message out");
    await expect(left.resumeChat(right, { conversation, maxTurns: 0 })).rejects.toThrow("maxTurns must be");
    const second = await left.resumeChat(right, { conversation, maxTurns: 3 });
    expect(second.outcome.reason).toBe("max-turns");
    expect(second.chatHistory).toHaveLength(6);
    const past = new Date(0);
    expect((await left.resumeChat(right, { conversation, maxTurns: 9, deadline: past })).outcome.reason).toBe(
      "deadline",
    );
  });

  it("of a group goes on after any message", async () => {
    const talk = (): [Agent, Agent] => {
      const group = new GroupChat({
        agents: [speaker("a"), speaker("b"), speaker("c")],
        speakerSelectionMethod: "round_robin",
        maxRound: 6,
      });
      return [speaker("user"), new GroupChatManager({ groupchat: group })];
    };
    const [user, manager] = talk();
    const whole = createConversation(["user", "chat_manager"]);
    const snapshots: string[] = [];
    const chat = runTwoAgentChat({
      initiator: user,
      recipient: manager,
      conversation: whole,
      message: { role: "user", content: "go" },
    });
    for await (const event of chat) if (event.type === "message") snapshots.push(serializeConversation(whole));
    expect(snapshots).toHaveLength(6);
    for (const snapshot of snapshots) {
      const conversation = deserializeConversation(snapshot);
      await drain(resumeChat(conversation, { agents: talk() }));
      expect(texts(conversation)).toEqual(texts(whole));
      expect(conversation.outcome?.reason).toBe("max-round");
    }
  });

  it("needs its agents, and a person's reply only when it waits for one", async () => {
    const conversation = createConversation(["a", "b"]);
    await expect(drain(resumeChat(conversation, { agents: [speaker("a")] }))).rejects.toThrow(/agent "b"/);
    const agents = [speaker("a"), speaker("b")];
    await expect(drain(resumeChat(conversation, { agents, reply: "x" }))).rejects.toThrow(/waits for nobody/);
    conversation.pending = { agent: "a", prompt: "Well?" };
    await expect(drain(resumeChat(conversation, { agents }))).rejects.toThrow(/Well\?/);
  });
});

describe("a chat that waits for a person", () => {
  it("is put aside with the prompt and goes on elsewhere with the reply", async () => {
    const people = () => speaker("user", { humanInputMode: "ALWAYS", humanInput: later });
    const model = createScriptedModel(["Which one?", "The second, then."]);
    const first = await people().initiateChat(speaker("assistant", { model }), { message: "choose" });
    expect(first.outcome).toMatchObject({ status: "waiting", reason: "waiting-for-human" });
    expect(first.conversation.pending).toMatchObject({ agent: "user", prompt: expect.stringContaining("assistant") });
    const conversation = stored(first.conversation);
    const second = await people().resumeChat(speaker("assistant", { model }), { conversation, reply: "the second" });
    expect(second.chatHistory.map(({ content }) => content)).toEqual([
      "choose",
      "Which one?",
      "the second",
      "The second, then.",
    ]);
    expect(second.outcome.reason).toBe("waiting-for-human");
    const third = await people().resumeChat(speaker("assistant", { model }), {
      conversation: stored(second.conversation),
      reply: "exit",
    });
    expect(third.outcome.reason).toBe("human-exit");
    expect(third.humanInput).toEqual(["the second", "exit"]);
    model.assertDone();
  });

  it("may wait for its first message", async () => {
    const user = speaker("user", { humanInput: later });
    const first = await user.initiateChat(speaker("assistant"), { maxTurns: 1 });
    expect(first.conversation.pending?.prompt).toBe("Message of user: ");
    const second = await user.resumeChat(speaker("assistant"), {
      conversation: stored(first.conversation),
      reply: "hello",
      maxTurns: 1,
    });
    expect(second.chatHistory.map(({ content }) => content)).toEqual(["hello", "assistant speaks"]);
    expect(second.humanInput).toEqual(["hello"]);
  });

  it("asks for leave of each tool once, and runs none before all are known", async () => {
    const ran: string[] = [];
    const people = () => {
      const user = speaker("user", { humanInput: later });
      for (const name of ["one", "two"]) {
        user.registerForExecution()(defineTool({ name, approval: "ask", execute: () => (ran.push(name), name) }));
      }
      return user;
    };
    const toolCalls = ["one", "two"].map((name) => ({ id: `c-${name}`, name, arguments: "" }));
    const model = createScriptedModel([{ toolCalls }, "done TERMINATE"]);
    const assistant = speaker("assistant", { model });
    const first = await people().initiateChat(assistant, { message: "go" });
    expect(first.conversation.pending?.prompt).toContain("run one");
    const second = await people().resumeChat(assistant, { conversation: stored(first.conversation), reply: "yes" });
    expect(second.conversation.pending?.prompt).toContain("run two");
    expect(ran).toEqual([]);
    const third = await people().resumeChat(assistant, { conversation: stored(second.conversation), reply: "no" });
    expect(ran).toEqual(["one"]);
    const outcomes = third.conversation.toolCalls.map(({ tool, outcome }) => [tool, outcome]);
    expect(Object.fromEntries(outcomes)).toEqual({ one: "ok", two: "denied" });
    expect(third.summary).toBe("done");
  });

  it("may be a group, and goes on with the same speaker", async () => {
    const talk = () => {
      const ann = speaker("ann", { humanInputMode: "ALWAYS", humanInput: later });
      const ben = speaker("ben", { humanInputMode: "ALWAYS", humanInput: later });
      const group = new GroupChat({ agents: [ann, ben], speakerSelectionMethod: "round_robin", maxRound: 3 });
      return { user: speaker("user"), manager: new GroupChatManager({ groupchat: group }) };
    };
    const begin = talk();
    let { conversation } = await begin.user.initiateChat(begin.manager, { message: "tea or coffee?" });
    expect(conversation.pending?.agent).toBe("ann");
    const replies = ["tea", "coffee"];
    for (const reply of replies) {
      const { user, manager } = talk();
      ({ conversation } = await user.resumeChat(manager, { conversation: stored(conversation), reply }));
    }
    expect(texts(conversation)).toEqual(["user: tea or coffee?", "ann: tea", "ben: coffee"]);
    expect(conversation.outcome?.reason).toBe("max-round");
  });

  it("may wait within a nested chat", async () => {
    const talk = () => {
      const boss = waiting("boss");
      const writer = speaker("writer");
      writer.registerNestedChats([{ recipient: boss, message: "May I?", maxTurns: 1 }], { trigger: "user" });
      return { user: speaker("user"), writer };
    };
    const begin = talk();
    const first = await begin.user.initiateChat(begin.writer, { message: "write", maxTurns: 1 });
    expect(first.conversation.pending?.agent).toBe("boss");
    const { user, writer } = talk();
    const second = await user.resumeChat(writer, { conversation: stored(first.conversation), reply: "you may" });
    expect(second.chatHistory.map(({ content }) => content)).toEqual(["write", "you may"]);
    expect(second.humanInput).toEqual(["you may"]);
  });

  it("goes on within nested chats that an older version stored, whose summaries were texts", async () => {
    let printed = "";
    const talk = () => {
      const boss = waiting("boss");
      const printer = speaker("printer");
      printer.registerReply(
        () => true,
        ({ messages }) => ((printed = messages.at(-1)?.content ?? ""), "done"),
      );
      const writer = speaker("writer");
      const chats = [
        { recipient: speaker("clerk"), message: "Read it", maxTurns: 1 },
        { recipient: boss, message: "May I?", maxTurns: 1 },
        { recipient: printer, message: "Print", maxTurns: 1 },
      ];
      writer.registerNestedChats(chats, { trigger: "user" });
      return { user: speaker("user"), writer };
    };
    const begin = talk();
    const { conversation } = await begin.user.initiateChat(begin.writer, { message: "write", maxTurns: 1 });
    const text = serializeConversation(conversation);
    const older = text.replace(/"summaries":\s*\[\s*\{[^}]*"text":\s*("[^"]*")\s*\}\s*\]/, '"summaries":[$1]');
    expect(older).not.toBe(text);
    const { user, writer } = talk();
    const second = await user.resumeChat(writer, { conversation: deserializeConversation(older), reply: "you may" });
    expect(second.summary).toBe("done");
    expect(printed).toBe("Print\nContext: \nclerk speaks\nyou may");
  });

  it("may wait within a group that looks like one agent", async () => {
    const talk = () => withSociety([waiting("boss"), speaker("clerk")], 2);
    const begin = talk();
    const first = await begin.user.initiateChat(begin.society, { message: "may I?", maxTurns: 1 });
    expect(first.conversation.pending?.agent).toBe("boss");
    const { user, society } = talk();
    const second = await user.resumeChat(society, { conversation: stored(first.conversation), reply: "you may" });
    expect(second.chatHistory.map(({ content }) => content)).toEqual(["may I?", "you may"]);
    expect(second.humanInput).toEqual(["you may"]);
  });

  it("keeps what others typed in such a group before it waited", async () => {
    const talk = () => {
      const here = createScriptedHumanInput(["I am here"]);
      return withSociety([speaker("host", { humanInputMode: "ALWAYS", humanInput: here }), waiting("boss")], 3);
    };
    const begin = talk();
    const first = await begin.user.initiateChat(begin.society, { message: "may I?", maxTurns: 1 });
    expect(first.conversation.pending?.agent).toBe("boss");
    const { user, society } = talk();
    const second = await user.resumeChat(society, { conversation: stored(first.conversation), reply: "you may" });
    expect(second.humanInput.toSorted()).toEqual(["I am here", "you may"]);
  });
});

describe("the limits of a chat", () => {
  const costly = () =>
    createScriptedModel(
      Array.from({ length: 9 }, () => ({
        content: "x",
        costUsd: 0.25,
        usage: { promptTokens: 90, completionTokens: 10 },
      })),
    );

  it.each([
    ["tokens", { maxTokens: 250 }, "max-tokens", 3],
    ["money", { maxCostUsd: 0.5 }, "max-cost", 2],
    ["turns", { maxTurns: 4 }, "max-turns", 4],
  ])("in %s end it with their name", async (_title, limits, reason, calls) => {
    const model = costly();
    const result = await speaker("user").initiateChat(speaker("assistant", { model }), { message: "go", ...limits });
    expect(result.outcome).toMatchObject({ status: "stopped", reason });
    expect(model.requests).toHaveLength(calls);
  });

  it("in money end it when a price is unknown", async () => {
    const model = createScriptedModel([{ content: "x", costUsd: null }]);
    const result = await speaker("user").initiateChat(speaker("assistant", { model }), {
      message: "go",
      maxCostUsd: 1,
    });
    expect(result.outcome).toMatchObject({ reason: "max-cost", detail: expect.stringContaining("unknown") });
  });

  it("in time end it in the middle of a reply", async () => {
    const slow = speaker("slow");
    slow.registerReply(
      () => true,
      ({ signal }) =>
        new Promise<string>((_resolve, reject) => {
          signal?.addEventListener("abort", () => reject(new Error("too late")));
        }),
    );
    const deadline = new Date(Date.now() + 20);
    const result = await speaker("user").initiateChat(slow, { message: "go", deadline });
    expect(result.outcome).toMatchObject({ status: "stopped", reason: "deadline" });
    const past = await speaker("user").initiateChat(speaker("a"), { message: "go", deadline: new Date(0) });
    expect(past.chatHistory).toHaveLength(1);
  });

  it("go on counting when it is resumed", async () => {
    const model = costly();
    const conversation = createConversation(["user", "assistant"]);
    const user = speaker("user");
    const assistant = speaker("assistant", { model });
    for await (const event of user.streamChat(assistant, { message: "go", maxTurns: 3, conversation })) {
      if (event.type === "message" && event.sender === "assistant") break;
    }
    const result = await user.resumeChat(assistant, { conversation: stored(conversation) });
    expect(result.outcome.reason).toBe("max-turns");
    expect(model.requests).toHaveLength(3);
  });

  it.each([[{ maxTokens: -1 }], [{ maxTurns: 0 }], [{ deadline: new Date(Number.NaN) }]])(
    "are refused as %j",
    async (limits) => {
      await expect(speaker("a").initiateChat(speaker("b"), { message: "go", ...limits })).rejects.toThrow(TypeError);
    },
  );
});

describe("many chats at a time", () => {
  it("do not mix, though the agents are the same", async () => {
    const echo = speaker("echo");
    echo.registerReply(
      () => true,
      async ({ messages }) => `echo of ${messages[0]?.content ?? ""}`,
    );
    const user = speaker("user", { maxConsecutiveAutoReply: 3 });
    const results = await Promise.all(
      Array.from({ length: 200 }, (_value, index) => user.initiateChat(echo, { message: String(index), maxTurns: 3 })),
    );
    for (const [index, { chatHistory, outcome }] of results.entries()) {
      expect(outcome.reason).toBe("max-turns");
      expect(chatHistory).toHaveLength(6);
      expect(chatHistory.at(-1)?.content).toBe(`echo of ${String(index)}`);
    }
  });
});
