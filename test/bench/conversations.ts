import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { AssistantAgent } from "../../src/agents/assistant-agent.ts";
import { ConversableAgent } from "../../src/agents/conversable-agent.ts";
import { MessageHistoryLimiter } from "../../src/agents/transforms/message-history-limiter.ts";
import { TransformMessages } from "../../src/agents/transforms/transform-messages.ts";
import type { LanguageModel } from "../../src/language-model/language-model.ts";
import type { Bench } from "./bench-table.ts";

const REPLY = "A reply of some length, such as an assistant gives when it is asked for the next step. ".repeat(3);
const CONVERSATIONS = 200;
const TURNS_EACH = 50;

interface Pair {
  readonly user: ConversableAgent;
  readonly other: ConversableAgent;
}

/** What the conversation engine itself costs: the models reply at once. */
export const benchConversations: Bench = async () => {
  await chat(automatic(), 500);
  const rows = [
    await measureChat("10,000 turns, automatic replies", { pair: automatic(), turns: 10_000 }),
    await measureChat("10,000 turns, a model that is sent the newest 20 messages", {
      pair: withModel({ limited: true }),
      turns: 10_000,
    }),
    await measureChat("1,000 turns, a model that is sent everything", {
      pair: withModel({ limited: false }),
      turns: 1_000,
    }),
    await measureMany(),
  ];
  return [
    {
      title: "Conversations",
      head: ["chat", "messages", "messages/s", "µs a turn", "µs a turn, last tenth", "MB kept", "KB a message"],
      rows,
      notes: [
        "A turn is a message and its reply. The models reply at once, so all of it is overhead of the engine. " +
          "Kept: what the heap has grown by at the end, with every message, after a collection of garbage.",
      ],
    },
  ];
};

async function measureChat(
  title: string,
  { pair, turns }: { readonly pair: Pair; readonly turns: number },
): Promise<readonly (string | number)[]> {
  const before = heapBytes();
  const start = performance.now();
  const events = pair.user.streamChat(pair.other, { message: "begin", maxTurns: turns });
  let messages = 0;
  let lastTenth = start;
  for await (const { type } of events) {
    if (type !== "message") continue;
    messages += 1;
    if (messages === Math.floor(turns * 1.8)) lastTenth = performance.now();
  }
  const end = performance.now();
  const kept = heapBytes() - before;
  // The conversation is reached through its agents up to here.
  if (pair.user.chatMessages.size === 0) throw new Error("The chat was not kept.");
  return row(title, {
    messages,
    seconds: (end - start) / 1_000,
    tenth: ((end - lastTenth) * 1_000) / (turns / 10),
    kept,
  });
}

async function measureMany(): Promise<readonly (string | number)[]> {
  const before = heapBytes();
  const pairs = Array.from({ length: CONVERSATIONS }, () => withModel({ limited: true }));
  const start = performance.now();
  const counts = await Promise.all(pairs.map((pair) => chat(pair, TURNS_EACH)));
  const seconds = (performance.now() - start) / 1_000;
  const kept = heapBytes() - before;
  if (pairs.some(({ user }) => user.chatMessages.size === 0)) throw new Error("A chat was not kept.");
  const messages = counts.reduce((sum, count) => sum + count, 0);
  return row(`${CONVERSATIONS} chats at once, ${TURNS_EACH} turns each, with a model`, {
    messages,
    seconds,
    tenth: null,
    kept,
  });
}

function row(
  title: string,
  { messages, seconds, tenth, kept }: { messages: number; seconds: number; tenth: number | null; kept: number },
): readonly (string | number)[] {
  return [
    title,
    messages,
    Math.round(messages / seconds),
    ((seconds * 1e6) / (messages / 2)).toFixed(0),
    tenth === null ? "" : tenth.toFixed(0),
    (kept / 1e6).toFixed(1),
    (kept / 1e3 / messages).toFixed(2),
  ];
}

async function chat({ user, other }: Pair, turns: number): Promise<number> {
  return (await user.initiateChat(other, { message: "begin", maxTurns: turns })).chatHistory.length;
}

function automatic(): Pair {
  return { user: speaker("user"), other: speaker("other") };
}

function withModel({ limited }: { readonly limited: boolean }): Pair {
  const other = new AssistantAgent({ name: "assistant", model: INSTANT, maxConsecutiveAutoReply: 1e6 });
  if (limited) {
    new TransformMessages({ transforms: [new MessageHistoryLimiter({ maxMessages: 20 })] }).addToAgent(other);
  }
  return { user: speaker("user"), other };
}

function speaker(name: string): ConversableAgent {
  return new ConversableAgent({ name, humanInputMode: "NEVER", defaultAutoReply: REPLY, maxConsecutiveAutoReply: 1e6 });
}

const INSTANT: LanguageModel = {
  name: "instant",
  contextWindow: null,
  async *stream() {
    yield REPLY;
    return {
      content: REPLY,
      toolCalls: [],
      usage: { promptTokens: 100, completionTokens: 50 },
      costUsd: 0.001,
      model: "instant",
      finishReason: "stop",
    };
  },
};

function heapBytes(): number {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect === "function") collect();
  return process.memoryUsage().heapUsed;
}
