import { describe, expect, it } from "vitest";
import { ConversableAgent } from "../../../src/agents/conversable-agent.ts";
import type { ConversableAgentOptions } from "../../../src/agents/conversable-agent-options.ts";
import { deserializeConversation, serializeConversation } from "../../../src/agents/conversation/store-conversation.ts";
import { GroupChat, type GroupChatOptions } from "../../../src/agents/group/group-chat.ts";
import { GroupChatManager } from "../../../src/agents/group/group-chat-manager.ts";
import { mentionedAgents } from "../../../src/agents/group/mentioned-agents.ts";
import { readTransitions } from "../../../src/agents/group/speaker-transitions.ts";
import { registerFunction } from "../../../src/agents/register-function.ts";
import { SocietyOfMindAgent } from "../../../src/agents/society-of-mind-agent.ts";
import { defineTool } from "../../../src/agents/tools/tool.ts";
import { MessageHistoryLimiter } from "../../../src/agents/transforms/message-history-limiter.ts";
import { TransformMessages } from "../../../src/agents/transforms/transform-messages.ts";
import { createScriptedHumanInput } from "../../../src/human-input/scripted-human-input.ts";
import { createScriptedModel } from "../../../src/language-model/scripted-model.ts";
import { drain } from "../made-up-corpus.ts";
import { speaker } from "../speaker.ts";

interface Team {
  readonly alice: ConversableAgent;
  readonly bob: ConversableAgent;
  readonly sam: ConversableAgent;
  readonly group: GroupChat;
  readonly manager: GroupChatManager;
}

function team(
  options: Partial<GroupChatOptions> | ((team: Pick<Team, "alice" | "bob" | "sam">) => Partial<GroupChatOptions>) = {},
  managerOptions: Partial<ConversableAgentOptions> = {},
): Team {
  const alice = speaker("alice", { description: "Plans." });
  const bob = speaker("bob", { description: "Builds." });
  const sam = speaker("sam", { description: "Checks." });
  const group = new GroupChat({
    agents: [alice, bob, sam],
    speakerSelectionMethod: "round_robin",
    ...(typeof options === "function" ? options({ alice, bob, sam }) : options),
  });
  const { name: _name, ...rest } = managerOptions;
  return { alice, bob, sam, group, manager: new GroupChatManager({ groupchat: group, ...rest }) };
}

const names = (messages: readonly { name?: string }[]): (string | undefined)[] => messages.map(({ name }) => name);

describe("a group chat", () => {
  it("ends after its rounds, the first message counted, and may be held again", async () => {
    const { alice, bob, manager } = team({ maxRound: 2 });
    const result = await alice.initiateChat(manager, { message: "hello" });
    expect(result.chatHistory).toHaveLength(2);
    expect(result.outcome).toMatchObject({ status: "stopped", reason: "max-round" });
    expect(bob.chatMessages.get("chat_manager")).toHaveLength(2);
    expect((await alice.initiateChat(manager, { message: "again" })).chatHistory).toHaveLength(2);
    manager.reset();
    expect(manager.lastMessage()).toBeNull();
  });

  it("takes turns, and each member sees its own messages as its own", async () => {
    const { alice, sam, manager } = team({ maxRound: 6 });
    const result = await alice.initiateChat(manager, { message: "hello" });
    expect(names(result.chatHistory)).toEqual(["alice", "bob", "sam", "alice", "bob", "sam"]);
    expect(sam.chatMessages.get("chat_manager")?.map(({ role }) => role)).toEqual([
      "user",
      "user",
      "assistant",
      "user",
      "user",
      "assistant",
    ]);
    expect(result.summary).toBe("sam speaks");
  });

  it("is known to each member and, for each of them, to its manager, with the message that ended it", async () => {
    const { alice, bob, sam, manager } = team({}, { isTerminationMsg: ({ content }) => content === "sam speaks" });
    await alice.initiateChat(manager, { message: "hello" });
    const said = ["hello", "bob speaks", "sam speaks"];
    for (const member of [alice, bob, sam]) {
      expect(member.chatMessages.get("chat_manager")?.map(({ content }) => content)).toEqual(said);
      expect(manager.chatMessages.get(member.name)?.map(({ content }) => content)).toEqual(said);
      expect(manager.lastMessage(member)?.name).toBe("sam");
    }
  });

  it("runs a thousand rounds without growing in depth", async () => {
    const { alice, manager } = team({ maxRound: 3_000 });
    for (const member of manager.groupchat.agents) Reflect.set(member, "maxConsecutiveAutoReply", 5_000);
    expect((await alice.initiateChat(manager, { message: "go" })).chatHistory).toHaveLength(3_000);
  });

  it("ends when the manager takes a message as the end", async () => {
    const isTerminationMsg = ({ content }: { content: string }): boolean => content.endsWith("TERMINATE");
    const { alice, bob, manager } = team({}, { isTerminationMsg });
    bob.registerReply("chat_manager", () => "that is all TERMINATE");
    const result = await alice.initiateChat(manager, { message: "hello" });
    expect(names(result.chatHistory)).toEqual(["alice", "bob"]);
    expect(result.outcome.reason).toBe("termination-message");
    expect(result.summary).toBe("that is all");
  });

  it("says why where nobody in it says anything", async () => {
    const groupchat = new GroupChat({
      agents: ["ada", "bo"].map((name) => speaker(name, { defaultAutoReply: undefined })),
      speakerSelectionMethod: "round_robin",
      maxRound: 3,
    });
    const manager = new GroupChatManager({ groupchat });
    const { outcome } = await speaker("user").initiateChat(manager, { message: "Hello" });
    expect(outcome).toEqual({
      status: "stopped",
      reason: "max-round",
      detail:
        "The group's limit of 3 turns (maxRound) was met. Nobody in it said anything: bo has nothing to add: it has neither a model (llmConfig or model) nor a defaultAutoReply.",
    });
  });

  it("passes over a member that has nothing to say", async () => {
    const { alice, bob, manager } = team({ maxRound: 4 });
    bob.registerReply(
      () => true,
      () => ({ type: "end", outcome: { status: "completed", reason: "no-reply", detail: "" } }),
    );
    expect(names((await alice.initiateChat(manager, { message: "go" })).chatHistory)).toEqual([
      "alice",
      "sam",
      "alice",
    ]);
  });

  it("asks a person again who was passed over without a word", async () => {
    const humanInput = createScriptedHumanInput(["", "now I have something"]);
    const ann = speaker("ann", { humanInputMode: "ALWAYS", humanInput, defaultAutoReply: undefined });
    const ben = speaker("ben");
    const group = new GroupChat({ agents: [ann, ben], speakerSelectionMethod: () => ann, maxRound: 3 });
    const result = await speaker("user").initiateChat(new GroupChatManager({ groupchat: group }), { message: "go" });
    expect(result.chatHistory.map(({ content }) => content)).toEqual(["go", "now I have something"]);
    humanInput.assertDone();
  });

  it("introduces the members to each other", async () => {
    const model = createScriptedModel(["fine"]);
    const { alice, bob, manager } = team({ sendIntroductions: true, maxRound: 2 });
    let first = "";
    bob.registerReply("chat_manager", ({ messages }) => ((first = messages[0]?.content ?? ""), "ok"));
    await alice.initiateChat(manager, { message: "hello" });
    for (const line of ["alice: Plans.", "bob: Builds.", "sam: Checks."]) expect(first).toContain(line);
    expect(model.requests).toHaveLength(0);
  });

  it("holds many conversations at a time without mixing them", async () => {
    const { manager } = team({ maxRound: 4 });
    for (const agent of manager.groupchat.agents) {
      if (!(agent instanceof ConversableAgent)) throw new TypeError("a member of another kind");
      agent.registerReply("chat_manager", async ({ messages }) => `${agent.name} on ${messages[0]?.content ?? ""}`);
    }
    const results = await Promise.all(
      Array.from({ length: 200 }, (_value, index) =>
        speaker(`user${String(index)}`).initiateChat(manager, { message: String(index) }),
      ),
    );
    for (const [index, { chatHistory }] of results.entries()) {
      const topic = String(index);
      expect(chatHistory.map(({ content }) => content)).toEqual([
        topic,
        `alice on ${topic}`,
        `bob on ${topic}`,
        `sam on ${topic}`,
      ]);
    }
  });

  it("keeps the limits of the chat that it is part of", async () => {
    const model = createScriptedModel([
      { content: "one", costUsd: 0.3 },
      { content: "two", costUsd: 0.3 },
    ]);
    const group = new GroupChat({
      agents: [speaker("a", { model }), speaker("b", { model })],
      speakerSelectionMethod: "round_robin",
    });
    const manager = new GroupChatManager({ groupchat: group });
    const result = await speaker("user").initiateChat(manager, { message: "go", maxCostUsd: 0.5 });
    expect(result.outcome.reason).toBe("max-cost");
    expect(result.cost.usageIncludingCachedInference.totalCost).toBeCloseTo(0.6);
  });

  it("gives the turn of an interrupted speaker to its admin", async () => {
    const { alice, bob, manager } = team({ maxRound: 2, adminName: "sam" });
    bob.registerReply("chat_manager", async ({ signal }) => {
      queueMicrotask(() => manager.interrupt());
      return new Promise<string>((_resolve, reject) => {
        signal?.addEventListener("abort", () => reject(new Error("broken off")));
      });
    });
    expect(names((await alice.initiateChat(manager, { message: "go" })).chatHistory)).toEqual(["alice", "sam"]);
  });

  it.each([
    ["one member", { agents: [speaker("a")] }, /two agents or more/],
    ["nobody", { agents: [] }, /two agents or more/],
    ["a name twice", { agents: [speaker("a"), speaker("a")] }, /"a"/],
    ["another method", { agents: [speaker("a"), speaker("b")], speakerSelectionMethod: "dice" }, /must be "auto"/],
    ["no rounds", { agents: [speaker("a"), speaker("b")], maxRound: 0 }, /maxRound/],
    ["half a retry", { agents: [speaker("a"), speaker("b")], maxRetriesForSelectingSpeaker: 0.5 }, /maxRetries/],
    ["an empty template", { agents: [speaker("a"), speaker("b")], selectSpeakerAutoNoneTemplate: "" }, /NoneTemplate/],
    [
      "an object for repeats",
      { agents: [speaker("a"), speaker("b")], allowRepeatSpeaker: {} },
      /true, false or a list/,
    ],
  ])("is refused with %s", (_title, options, expected) => {
    expect(() => Reflect.construct(GroupChat, [options])).toThrow(expected);
  });

  it("has a manager that is described as it describes itself", () => {
    expect(team().manager.description).toBe("Leads a group of agents.");
    expect(team({}, { systemMessage: "A team of builders." }).manager.description).toBe("A team of builders.");
  });

  it("has a manager without tools and with a name of its own", () => {
    const { group } = team();
    const llmConfig = { configList: [{ model: "m" }], tools: [{ name: "t", description: "d", parameters: {} }] };
    expect(() => new GroupChatManager({ groupchat: group, llmConfig })).toThrow(/only leads/);
    expect(() => new GroupChatManager({ groupchat: group, name: "bob" })).toThrow(/manager's name/);
  });
});

describe("the next speaker", () => {
  it("is chosen by a model, visibly and at its price", async () => {
    const model = createScriptedModel([
      { content: "sam", costUsd: 0.25, usage: { promptTokens: 8, completionTokens: 1 } },
      { content: "bob", costUsd: 0.25 },
    ]);
    const { alice, manager } = team({ speakerSelectionMethod: "auto", maxRound: 3 }, { model });
    const { events, result } = await drain(alice.streamChat(manager, { message: "hello" }));
    expect(names(result.chatHistory)).toEqual(["alice", "sam", "bob"]);
    expect(result.cost.usageIncludingCachedInference.totalCost).toBe(0.5);
    expect(result.conversation.modelCalls[0]).toMatchObject({ agent: "chat_manager", purpose: "speaker-selection" });
    expect(events.flatMap((event) => (event.type === "speaker" ? [[event.speaker, event.by]] : []))).toEqual([
      ["sam", "auto"],
      ["bob", "auto"],
    ]);
    const [first] = model.requests;
    expect(first?.messages[0]?.content).toContain("bob: Builds.");
    expect(first?.messages.at(-1)).toMatchObject({ role: "system" });
    expect(manager.getTotalUsage()?.totalCost).toBe(0.5);
  });

  it.each([
    ["several and then one", ["bob or sam", "sam"], "sam", "auto", "You named several"],
    ["nobody and then one", ["I do not know", "It is Bob. I mean bob!"], "bob", "auto", "You named nobody"],
    ["never one", ["?", "??", "???"], "bob", "fallback", "You named nobody"],
  ])("is asked for again when the model names %s", async (_title, said, expected, by, note) => {
    const model = createScriptedModel(said);
    const { alice, manager } = team({ speakerSelectionMethod: "auto", maxRound: 2 }, { model });
    const { events, result } = await drain(alice.streamChat(manager, { message: "hello" }));
    expect(result.chatHistory.at(-1)?.name).toBe(expected);
    expect(events).toContainEqual(expect.objectContaining({ type: "speaker", by }));
    expect(model.requests[1]?.messages.at(-1)?.content).toContain(note);
    model.assertDone();
  });

  it("is chosen by a model that reads what transforms leave", async () => {
    const model = createScriptedModel(["sam", "bob"]);
    const selectSpeakerTransformMessages = new TransformMessages({
      transforms: [new MessageHistoryLimiter({ maxMessages: 1 })],
    });
    const { alice, manager } = team(
      { speakerSelectionMethod: "auto", maxRound: 3, selectSpeakerTransformMessages },
      { model },
    );
    await alice.initiateChat(manager, { message: "hello" });
    expect(model.requests[1]?.messages.slice(1, -1).map(({ content }) => content)).toEqual(["sam: sam speaks"]);
  });

  it.each([
    [{ selectSpeakerTransformMessages: [] }, "new TransformMessages({ transforms }) or a function, not a list"],
    [{ selectSpeakerPromptTemplate: 5 }, "selectSpeakerPromptTemplate must be a text, or null, not 5"],
    [{ roleForSelectSpeakerMessages: "tool" }, 'must be "system", "user" or "assistant", not "tool"'],
    [{ allowRepeatSpeaker: ["zoe"] }, 'allowRepeatSpeaker names "zoe", which is not in the group'],
  ])("is not looked for with %j", (options, expected) => {
    expect(() => team(JSON.parse(JSON.stringify(options)))).toThrow(expected);
  });

  it("needs a model to be chosen by one", async () => {
    const { alice, manager } = team({ speakerSelectionMethod: "auto" });
    await expect(alice.initiateChat(manager, { message: "hello" })).rejects.toThrow(/has no model to choose/);
  });

  it("is chosen by a person, who may leave it open", async () => {
    const humanInput = createScriptedHumanInput(["9", "3", ""]);
    const { alice, manager } = team({ speakerSelectionMethod: "manual", maxRound: 3 }, { humanInput });
    expect(names((await alice.initiateChat(manager, { message: "hello" })).chatHistory)).toEqual([
      "alice",
      "sam",
      "alice",
    ]);
    expect(humanInput.prompts[1]).toContain("That is none of them");
  });

  it("is chosen at random", async () => {
    const numbers = [0.99, 0];
    const { alice, manager } = team({
      speakerSelectionMethod: "random",
      random: () => numbers.shift() ?? 0,
      maxRound: 3,
    });
    expect(names((await alice.initiateChat(manager, { message: "hello" })).chatHistory)).toEqual([
      "alice",
      "sam",
      "alice",
    ]);
  });

  it("is chosen by a function, which goes before the graph, may name a method, and ends the chat with null", async () => {
    const { alice, manager } = team(({ sam }) => ({
      speakerSelectionMethod: (_last, { messages }) =>
        messages.length < 2 ? sam : messages.length < 3 ? "round_robin" : null,
      allowedOrDisallowedSpeakerTransitions: { alice: ["bob"], sam: ["bob", "alice"] },
      speakerTransitionsType: "allowed",
    }));
    const result = await alice.initiateChat(manager, { message: "hello" });
    expect(names(result.chatHistory)).toEqual(["alice", "sam", "alice"]);
    const detail = "The selection chose nobody to speak after alice.";
    expect(result.outcome).toEqual({ status: "completed", reason: "no-eligible-speaker", detail });
  });

  it("follows the allowed transitions to their end", async () => {
    const { alice, manager } = team({
      allowedOrDisallowedSpeakerTransitions: { alice: ["bob"], bob: ["sam"] },
      speakerTransitionsType: "allowed",
    });
    const result = await alice.initiateChat(manager, { message: "hello" });
    expect(names(result.chatHistory)).toEqual(["alice", "bob", "sam"]);
    expect(result.outcome).toMatchObject({ status: "completed", reason: "no-eligible-speaker" });
  });

  it("never takes a disallowed transition", async () => {
    const { alice, manager } = team(({ alice: a, bob, sam }) => ({
      speakerSelectionMethod: "random",
      maxRound: 200,
      allowedOrDisallowedSpeakerTransitions: new Map([
        [a, [a, bob]],
        [bob, [bob]],
        [sam, [sam]],
      ]),
      speakerTransitionsType: "disallowed",
    }));
    for (const member of manager.groupchat.agents) Reflect.set(member, "maxConsecutiveAutoReply", 500);
    const said = names((await alice.initiateChat(manager, { message: "hello" })).chatHistory);
    const steps = said.slice(1).map((name, index) => `${String(said[index])} ${String(name)}`);
    expect(steps.filter((step) => ["alice alice", "alice bob", "bob bob", "sam sam"].includes(step))).toEqual([]);
  });

  it("does not repeat where that is not allowed", async () => {
    const { alice, manager } = team(({ bob }) => ({
      allowRepeatSpeaker: [bob],
      speakerSelectionMethod: "random",
      random: () => 0.5,
      maxRound: 4,
    }));
    expect(names((await alice.initiateChat(manager, { message: "go" })).chatHistory)).toEqual([
      "alice",
      "sam",
      "bob",
      "bob",
    ]);
  });

  it("is whoever runs the tool that was called", async () => {
    const { alice, bob, sam, manager } = team({ maxRound: 3 });
    bob.registerReply("chat_manager", () => ({
      role: "assistant",
      content: "",
      toolCalls: [{ id: "c", name: "count", arguments: "{}" }],
    }));
    alice.registerForExecution()(defineTool({ name: "count", execute: () => 3 }));
    const result = await sam.initiateChat(manager, { message: "go" });
    expect(names(result.chatHistory)).toEqual(["sam", "alice", "bob"]);
    const { events } = await drain(sam.streamChat(manager, { message: "go", clearHistory: false }));
    expect(events.filter(({ type }) => type === "speaker")).toHaveLength(2);
  });

  it("is the one agent with the function, and nobody is an error", async () => {
    const model = createScriptedModel([{ toolCalls: [{ id: "c", name: "count", arguments: "{}" }] }, "It is 3."]);
    const caller = speaker("caller", { model });
    const other = speaker("other");
    const executor = speaker("executor");
    const group = new GroupChat({
      agents: [caller, other, executor],
      speakerSelectionMethod: "round_robin",
      maxRound: 4,
    });
    const manager = new GroupChatManager({ groupchat: group });
    const count = registerFunction(() => 3, { caller, executor, name: "count", description: "Counts." });
    const { events, result } = await drain(speaker("user").streamChat(manager, { message: "how many?" }));
    expect(names(result.chatHistory)).toEqual(["user", "caller", "executor", "caller"]);
    expect(events).toContainEqual(expect.objectContaining({ type: "speaker", speaker: "executor", by: "tool-call" }));
    expect(count.name).toBe("count");
    executor.registerFunction({ count: null });
    const lost = speaker("lost", {
      model: createScriptedModel([{ toolCalls: [{ id: "c", name: "absent", arguments: "{}" }] }]),
    });
    const poor = new GroupChat({ agents: [lost, other], speakerSelectionMethod: "round_robin" });
    const chat = speaker("user").initiateChat(new GroupChatManager({ groupchat: poor }), { message: "go" });
    await expect(chat).rejects.toThrow(/No agent of the group can execute the function absent/);
  });

  it("is the next one among those given", () => {
    const { alice, bob, sam, group } = team();
    expect(group.nextAgent(alice)).toBe(bob);
    expect(group.nextAgent(sam)).toBe(alice);
    expect(group.nextAgent(alice, [alice, sam])).toBe(sam);
    expect(group.nextAgent(speaker("stranger"), [bob, sam])).toBe(bob);
    expect(() => group.nextAgent(alice, [speaker("stranger")])).toThrow(/not in the group/);
  });
});

describe("names in a text", () => {
  it.each([
    ["", ["alice"], {}],
    ["alice bob alice sam robert", ["alice", "bob", "sam"], { alice: 2, bob: 1, sam: 1 }],
    ["sam samantha basam asami", ["sam"], { sam: 1 }],
    ["alice! .alice. .alice", ["alice"], { alice: 3 }],
    ["all of .* here", [".*"], { ".*": 1 }],
    [String.raw`Story\_writer`, ["Story_writer"], { Story_writer: 1 }],
    ["Story writer", ["Story_writer"], { Story_writer: 1 }],
    ["Story_Writer", ["Story_writer"], {}],
    ["the Story_writer, then the Story_editor", ["Story_writer", "Story_editor"], { Story_writer: 1, Story_editor: 1 }],
  ])("%j of %j are %j", (text, agents, expected) => {
    expect(Object.fromEntries(mentionedAgents(text, agents))).toEqual(expected);
  });
});

describe("transitions", () => {
  const agents = [speaker("a"), speaker("b"), speaker("c")];
  const read = (part: object) =>
    readTransitions({ agents, allowRepeatSpeaker: undefined, transitions: undefined, type: undefined, ...part });

  it.each([
    ["without a type", { transitions: { a: ["b"] } }, /speakerTransitionsType must be/],
    ["of another type", { transitions: { a: ["b"] }, type: "some" }, /not "some"/],
    ["beside repeats", { transitions: { a: ["b"] }, type: "allowed", allowRepeatSpeaker: true }, /either/],
    ["that are a list", { transitions: ["a"], type: "allowed" }, /object of lists/],
    ["of a stranger", { transitions: { z: ["a"] }, type: "allowed" }, /"z"/],
    ["to a stranger", { transitions: { a: ["z"] }, type: "allowed" }, /"z"/],
    ["that are no list", { transitions: { a: "b" }, type: "allowed" }, /must be a list/],
  ])("%s are refused", (_title, part, expected) => {
    expect(() => read(part)).toThrow(expected);
  });

  it("tell of agents that are left alone, or twice in a list", () => {
    expect(read({ transitions: { a: ["b", "b"], b: [] }, type: "allowed" }).warnings).toEqual([
      "c can neither follow nor be followed.",
      "The transitions of a name somebody twice.",
    ]);
  });

  it("are inverted when they are disallowed", () => {
    const { allowed } = read({ transitions: { a: ["a", "b", "c"], b: [] }, type: "disallowed" });
    expect(Object.fromEntries(allowed)).toEqual({ a: [], b: ["a", "b", "c"], c: ["a", "b", "c"] });
    const { allowed: others } = read({ allowRepeatSpeaker: false });
    expect([...others].filter(([name, targets]) => targets.includes(name))).toEqual([]);
  });
});

describe("a group that is resumed", () => {
  it("goes on where it was", async () => {
    const { alice, manager } = team({ maxRound: 2 });
    await alice.initiateChat(manager, { message: "hello" });
    const text = manager.messagesToString();
    const again = team({ maxRound: 3 });
    const { lastAgent, lastMessage, warnings } = again.manager.resume(text);
    expect(lastAgent).toBe(again.bob);
    expect(warnings).toEqual([]);
    const result = await lastAgent.initiateChat(again.manager, { message: lastMessage, clearHistory: false });
    expect(result.chatHistory.map(({ content }) => content)).toEqual([
      "hello",
      "bob speaks",
      "sam speaks",
      "alice speaks",
    ]);
  });

  it("takes the word that ended it away", () => {
    const { manager } = team();
    const messages = [{ role: "user", name: "alice", content: "done TERMINATE" }] as const;
    expect(manager.resume(messages).warnings[0]).toMatch(/still ends the chat/);
    expect(manager.resume(messages, { removeTerminationString: "TERMINATE" }).lastMessage.content).toBe("done");
    const { lastMessage, warnings } = manager.resume(messages, { removeTerminationString: (text) => text.slice(0, 2) });
    expect([lastMessage.content, warnings]).toEqual(["do", []]);
  });

  it("goes on from its manager when that spoke last", () => {
    const { manager } = team();
    const said = [
      { role: "user", name: "alice", content: "a" },
      { role: "user", name: "chat_manager", content: "b" },
    ] as const;
    expect(manager.resume(said).lastAgent).toBe(manager);
  });

  it.each([
    ["a stranger", '[{"role":"user","name":"zoe","content":"x"}]', /"zoe"/],
    ["nothing", "[]", /no messages/],
    ["no list", "{}", /no messages/],
    ["no JSON", "{", /no messages/],
  ])("is refused with messages of %s", (_title, text, expected) => {
    expect(() => team().manager.resume(text)).toThrow(expected);
  });

  it("begins with the messages of its group", async () => {
    const { alice, manager } = team({
      messages: [{ role: "user", name: "bob", content: "from the past" }],
      maxRound: 2,
    });
    const result = await alice.initiateChat(manager, { message: "now" });
    expect(result.chatHistory.map(({ content }) => content)).toEqual(["from the past", "now", "bob speaks"]);
  });
});

describe("the history of a group", () => {
  it.each([
    ["clear history please", ["please"], ["please"]],
    ["CLEAR HISTORY bob", ["(The history was cleared.)"], ["go", "bob speaks", "(The history was cleared.)"]],
    ["clear history 1", ["bob speaks", "(The history was cleared.)"], ["bob speaks", "(The history was cleared.)"]],
    [
      "clear history bob 1",
      ["bob speaks", "(The history was cleared.)"],
      ["go", "bob speaks", "(The history was cleared.)"],
    ],
  ])("is hidden by %j", async (said, bobSees, aliceSees) => {
    const { alice, bob, sam, manager } = team({ enableClearHistory: true, maxRound: 6 });
    let aliceSaw: string[] | null = null;
    sam.registerReply("chat_manager", ({ messages }) => (messages.length === 2 ? said : "ok"));
    alice.registerReply("chat_manager", ({ messages }) => {
      aliceSaw ??= messages.map(({ content }) => content);
      return null;
    });
    const texts: string[][] = [];
    bob.registerReply("chat_manager", ({ messages }) => {
      texts.push(messages.map(({ content }) => content));
      return null;
    });
    const result = await alice.initiateChat(manager, { message: "go" });
    expect(aliceSaw).toEqual(aliceSees);
    expect(texts[1]).toEqual([...bobSees, "alice speaks"]);
    expect(result.chatHistory).toHaveLength(6);
  });
});

describe("groups within groups", () => {
  it("know all their members", () => {
    const inner = team();
    const outer = new GroupChat({ agents: [speaker("zoe"), inner.manager, speaker("bob")] });
    expect(outer.nestedAgents()).toHaveLength(6);
    expect(outer.agentByName("sam")).toBeNull();
    expect(outer.agentByName("sam", { recursive: true })).toBe(inner.sam);
    expect(() => outer.agentByName("bob", { recursive: true, raiseNameConflict: true })).toThrow(/2 agents/);
  });

  const nested = (innerOptions: Partial<ConversableAgentOptions> = {}): [ConversableAgent, GroupChatManager] => {
    const one = new GroupChat({
      agents: [speaker("x"), speaker("y")],
      speakerSelectionMethod: "round_robin",
      maxRound: 3,
    });
    const inner = new GroupChatManager({ ...innerOptions, groupchat: one, name: "inner" });
    const first = speaker("a");
    const agents = [first, inner, speaker("b")];
    const groupchat = new GroupChat({ agents, speakerSelectionMethod: "round_robin", maxRound: 4 });
    return [first, new GroupChatManager({ groupchat })];
  };

  it.each([
    ["met its limit", {}, ["a", "x", "y", "b", "a"]],
    [
      "took a message as the end",
      { isTerminationMsg: ({ content }: { content: string }) => content === "x speaks" },
      ["a", "x", "b", "a"],
    ],
  ])("give the turn on when a team within %s", async (_what, options, speakers) => {
    const [first, manager] = nested(options);
    const result = await first.initiateChat(manager, { message: "go" });
    expect(names(result.chatHistory)).toEqual(speakers);
    expect(result.outcome.reason).toBe("max-round");
  });

  it("end with a team whose person leaves", async () => {
    const person = speaker("person", { humanInputMode: "ALWAYS", humanInput: createScriptedHumanInput(["exit"]) });
    const one = new GroupChat({ agents: [person, speaker("y")], speakerSelectionMethod: "round_robin" });
    const first = speaker("a");
    const agents = [first, new GroupChatManager({ groupchat: one, name: "inner" }), speaker("b")];
    const manager = new GroupChatManager({
      groupchat: new GroupChat({ agents, speakerSelectionMethod: "round_robin", maxRound: 4 }),
    });
    const result = await first.initiateChat(manager, { message: "go" });
    expect(names(result.chatHistory)).toEqual(["a"]);
    expect(result.outcome.reason).toBe("human-exit");
  });

  it("go on where they were when they are stored, also in the middle of a team's turn", async () => {
    const [first, manager] = nested();
    const stored: string[] = [];
    let whole: readonly (string | undefined)[] = [];
    for await (const event of first.streamChat(manager, { message: "go" })) {
      const conversation = first.dialogues.latest();
      if (event.type === "message" && conversation !== null) stored.push(serializeConversation(conversation));
      whole = names(conversation?.messages ?? []);
    }
    expect(stored).toHaveLength(5);
    for (const text of stored) {
      const [again, leader] = nested();
      const result = await again.resumeChat(leader, { conversation: deserializeConversation(text) });
      expect(names(result.chatHistory)).toEqual(whole);
      expect(result.outcome.reason).toBe("max-round");
    }
  });

  it("look like one agent from outside, and see what was said there", async () => {
    const { alice, group, manager } = team({ maxRound: 4 });
    const seen: string[][] = [];
    alice.registerReply("chat_manager", ({ messages }) => {
      seen.push(messages.map(({ content }) => content));
      return "alice TERMINATES nothing";
    });
    const model = createScriptedModel([
      { content: "The team says yes.", costUsd: 0.5 },
      { content: "Still yes.", costUsd: 0.5 },
    ]);
    const society = new SocietyOfMindAgent({ name: "society", chatManager: manager, model });
    const result = await speaker("user", { defaultAutoReply: "sure?" }).initiateChat(society, {
      message: "may I?",
      maxTurns: 2,
    });
    expect(result.chatHistory.map(({ content }) => content)).toEqual([
      "may I?",
      "The team says yes.",
      "sure?",
      "Still yes.",
    ]);
    expect(manager.lastMessage()).not.toBeNull();
    expect(seen[0]).toEqual(["may I?"]);
    expect(seen[1]?.slice(0, 3)).toEqual(["may I?", "The team says yes.", "sure?"]);
    expect(group.agents).toHaveLength(3);
    expect(result.cost.usageIncludingCachedInference.totalCost).toBe(1);
  });

  it("reply with their last message, or by a function, when there is no model", async () => {
    const ask = async (options: object): Promise<string> => {
      const { manager } = team({ maxRound: 2 });
      const society = new SocietyOfMindAgent({ name: "society", chatManager: manager, ...options });
      return (await speaker("user").initiateChat(society, { message: "?", maxTurns: 1 })).summary;
    };
    expect(await ask({})).toBe("alice speaks");
    expect(await ask({ responsePreparer: (_agent: unknown, messages: unknown[]) => String(messages.length) })).toBe(
      "2",
    );
  });
});
