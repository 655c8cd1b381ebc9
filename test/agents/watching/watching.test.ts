import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Attributes, type Span, type SpanOptions, SpanStatusCode, type Tracer } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AssistantAgent } from "../../../src/agents/assistant-agent.ts";
import { GroupChat } from "../../../src/agents/group/group-chat.ts";
import { GroupChatManager } from "../../../src/agents/group/group-chat-manager.ts";
import { UserProxyAgent } from "../../../src/agents/user-proxy-agent.ts";
import { createConsolePrinter } from "../../../src/agents/watching/console-printer.ts";
import { createJsonlLog } from "../../../src/agents/watching/jsonl-log.ts";
import { createSpanWatcher } from "../../../src/agents/watching/span-watcher.ts";
import { type RunEvent, type RunWatcher, watchRun } from "../../../src/agents/watching/watch-run.ts";
import { runToEnd } from "../../../src/domain/run-to-end.ts";
import { createScriptedHumanInput } from "../../../src/human-input/scripted-human-input.ts";
import { createScriptedModel, type ScriptedStep } from "../../../src/language-model/scripted-model.ts";
import { drain, makeHit } from "../made-up-corpus.ts";

const usage = { promptTokens: 7, completionTokens: 2 };
const outcome = { status: "completed", reason: "answered", detail: "Done." } as const;
const EVENTS: readonly RunEvent[] = [
  { type: "message", sender: "user", message: { role: "user", name: "user", content: "What is tea?" } },
  { type: "retrieval", sender: "proxy", query: "tea", hits: [makeHit("Tea is a drink.")] },
  { type: "context-update", sender: "proxy", round: 2, query: "tea" },
  { type: "speaker", sender: "manager", speaker: "cook", by: "auto" },
  { type: "nested-chat", sender: "cook", recipient: "critic", event: "begin" },
  { type: "nested-chat", sender: "cook", recipient: "critic", event: "end" },
  { type: "tool-call", sender: "cook", id: "1", tool: "boil", arguments: '{"cups":2}' },
  { type: "tool-result", sender: "user", id: "1", tool: "boil", outcome: "failed", content: "No water." },
  { type: "human-asked", sender: "user", prompt: "Go on? " },
  { type: "delta", sender: "cook", text: "A dri" },
  { type: "delta", sender: "cook", text: "nk." },
  {
    type: "model-call",
    sender: "cook",
    call: { agent: "cook", model: "scripted", usage, costUsd: 0.5 },
    milliseconds: 1_500,
  },
  { type: "message", sender: "cook", message: { role: "assistant", name: "cook", content: "A drink." } },
];

async function* play(events: readonly RunEvent[], failure?: Error): AsyncGenerator<RunEvent, { outcome: object }> {
  yield* events;
  if (failure !== undefined) throw failure;
  return { outcome };
}

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "citewell-watching-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("watchRun", () => {
  it("passes events and result on and tells every watcher, run by run", async () => {
    const seen: string[] = [];
    const watcher: RunWatcher = ({ id, name }) => ({
      onEvent: (event) => void seen.push(`${name} ${id} ${event.type}`),
      onEnd: (end) => void seen.push(end.status),
    });
    const { events, result } = await drain(watchRun(play(EVENTS.slice(0, 2)), { watchers: [watcher], id: "7" }));
    expect(events).toEqual(EVENTS.slice(0, 2));
    expect(result).toEqual({ outcome });
    expect(seen).toEqual(["chat 7 message", "chat 7 retrieval", "ended"]);
  });

  it("tells of a failure and of a reader that left", async () => {
    const ends: string[] = [];
    const watcher: RunWatcher = () => ({ onEvent: () => undefined, onEnd: (end) => void ends.push(end.status) });
    await expect(runToEnd(watchRun(play(EVENTS, new Error("lost")), { watchers: [watcher] }))).rejects.toThrow("lost");
    for await (const _event of watchRun(play(EVENTS), { watchers: [watcher] })) break;
    expect(ends).toEqual(["failed", "abandoned"]);
  });

  it("goes on without a listener that fails, and says so once", async () => {
    const errors: unknown[] = [];
    const broken: RunWatcher = () => ({
      onEvent() {
        throw new Error("full disk");
      },
    });
    const watched = watchRun(play(EVENTS), { watchers: [broken], onListenerError: (error) => void errors.push(error) });
    expect((await drain(watched)).events).toHaveLength(EVENTS.length);
    expect(errors).toEqual([new Error("full disk")]);
  });

  it("sees model calls and questions to people of a chat", async () => {
    const user = new UserProxyAgent({
      name: "user",
      humanInputMode: "ALWAYS",
      humanInput: createScriptedHumanInput(["exit"]),
    });
    const model = createScriptedModel([{ content: "A drink.", usage, costUsd: 0.5 }]);
    const assistant = new AssistantAgent({ name: "assistant", model });
    const { events } = await drain(watchRun(user.streamChat(assistant, { message: "tea?" }), { watchers: [] }));
    expect(events).toContainEqual({
      type: "model-call",
      sender: "assistant",
      call: { agent: "assistant", model: "scripted", usage, costUsd: 0.5 },
      milliseconds: expect.any(Number),
    });
    expect(events).toContainEqual({ type: "human-asked", sender: "user", prompt: expect.stringContaining("user") });
  });
});

describe("the model calls that watchers see", () => {
  const priced = (content: string, costUsd: number): ScriptedStep => ({ content, usage, costUsd });
  const scripted = (name: string, ...steps: ScriptedStep[]): AssistantAgent =>
    new AssistantAgent({ name, model: createScriptedModel(steps) });

  it("are all that a chat paid for: those of nested chats, and of chats within these, and of summaries too", async () => {
    const user = new UserProxyAgent({
      name: "user",
      humanInputMode: "NEVER",
      model: createScriptedModel([priced("It is short now.", 32)]),
    });
    const expert = scripted("expert", priced("too long", 1));
    const critic = scripted("critic", priced("shorter", 2));
    critic.registerNestedChats([{ recipient: expert, maxTurns: 1 }], { trigger: "writer" });
    const group = new GroupChat({ agents: [scripted("ada", priced("A thought", 4)), scripted("bo")], maxRound: 2 });
    const manager = new GroupChatManager({ groupchat: group, model: createScriptedModel([priced("ada", 8)]) });
    const writer = new AssistantAgent({ name: "writer" });
    writer.registerNestedChats(
      [
        { recipient: critic, maxTurns: 1, summaryMethod: "reflectionWithLlm" },
        { recipient: manager, message: "And you?", maxTurns: 1 },
      ],
      { trigger: user },
    );
    const chat = user.streamChat(writer, { message: "a draft", maxTurns: 1, summaryMethod: "reflectionWithLlm" });
    const { events, result } = await drain(chat);
    const seen = events.flatMap((event) => (event.type === "model-call" ? [event] : []));
    expect(seen.map(({ sender, call }) => [sender, call.purpose ?? "reply", call.costUsd])).toEqual([
      ["expert", "reply", 1],
      ["critic", "summary", 2],
      ["chat_manager", "speaker-selection", 8],
      ["ada", "reply", 4],
      ["user", "summary", 32],
    ]);
    expect(result.cost.usageIncludingCachedInference.totalCost).toBe(47);
    // What is said inside, and the summary's text, are no part of the outer conversation.
    expect(events.flatMap((event) => (event.type === "message" ? [event.message.name] : []))).toEqual([
      "user",
      "writer",
    ]);
    expect(events.some(({ type }) => type === "delta")).toBe(false);
  });
});

describe("the console printer", () => {
  async function print(options: { stream?: boolean } = {}, failure?: Error): Promise<string> {
    let text = "";
    const write = (part: string): void => void (text += part);
    const watchers = [createConsolePrinter({ write, ...options })];
    await runToEnd(watchRun(play(EVENTS, failure), { watchers })).catch(() => undefined);
    return text;
  }

  it("prints each message once and a line for everything else", async () => {
    const text = await print();
    expect(text.match(/A drink\./g)).toHaveLength(1);
    expect(text).toContain("cook:\n\nA drink.");
    for (const line of [
      '[proxy: searched for "tea": 1 passages]',
      '[proxy: context update, round 2: "tea"]',
      "[manager: next speaker: cook (auto)]",
      "[cook: nested chat with critic: begin]",
      '[cook: calls boil (1) with {"cups":2}]',
      "[user: boil (1) failed: No water.]",
      "[cook: scripted: 7 + 2 tokens, $0.500000, 1500 ms]",
    ]) {
      expect(text).toContain(line);
    }
    expect((await print({ stream: false })).match(/A drink\./g)).toHaveLength(1);
  });

  it("shows a message that only calls tools", async () => {
    let text = "";
    const toolCalls = [{ id: "1", name: "boil", arguments: "{}" }];
    const message = { role: "assistant", name: "cook", content: "", toolCalls } as const;
    const watchers = [createConsolePrinter({ write: (part) => void (text += part) })];
    await runToEnd(watchRun(play([{ type: "message", message }]), { watchers }));
    expect(text).toContain("cook:\n\n[wishes for boil (1)]");
  });

  it("says how a run failed", async () => {
    expect(await print({}, new Error("lost"))).toMatch(/\[failed: lost\]\n$/);
  });
});

describe("the JSONL log", () => {
  it("writes a line for each event, in order, between the run's start and end", async () => {
    const path = join(folder, "logs", "runs.jsonl");
    const log = createJsonlLog({ path });
    await Promise.all(["one", "two"].map((id) => runToEnd(watchRun(play(EVENTS), { watchers: [log.watcher], id }))));
    await log.flush();
    const lines: Record<string, unknown>[] = (await readFile(path, "utf8"))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const own = lines.filter(({ run }) => run === "two");
    expect(own.map(({ seq }) => seq)).toEqual(own.map((_line, index) => index));
    expect(own.map(({ type }) => type)).toEqual([
      "run-start",
      ...EVENTS.map(({ type }) => type).filter((type) => type !== "delta"),
      "run-end",
    ]);
    expect(own.at(-1)).toMatchObject({ status: "ended", outcome });
    expect(own.find(({ type }) => type === "retrieval")).toMatchObject({ hits: [{ rank: 1, source: "guide.md" }] });
    expect(JSON.stringify(lines)).not.toContain("Tea is a drink.");
  });

  it("does not end a chat when the file cannot be written", async () => {
    const errors: unknown[] = [];
    const log = createJsonlLog({ path: folder });
    const watched = watchRun(play(EVENTS), {
      watchers: [log.watcher],
      onListenerError: (error) => void errors.push(error),
    });
    expect((await drain(watched)).events).toHaveLength(EVENTS.length);
    expect(errors).toHaveLength(1);
    await expect(log.flush()).rejects.toThrow(/EISDIR/);
  });

  it("takes the next run's lines once the file can be written again", async () => {
    const place = join(folder, "logs");
    await writeFile(place, "in the way");
    const log = createJsonlLog({ path: join(place, "runs.jsonl") });
    const run = async (id: string): Promise<void> => {
      await runToEnd(watchRun(play(EVENTS), { watchers: [log.watcher], id, onListenerError: () => undefined }));
    };
    await run("one");
    await expect(log.flush()).rejects.toThrow(/EEXIST|ENOTDIR/);
    await rm(place);
    await run("two");
    await log.flush();
    const [first = ""] = (await readFile(join(place, "runs.jsonl"), "utf8")).split("\n");
    expect(JSON.parse(first)).toMatchObject({ run: "two", type: "run-start" });
  });
});

describe("the OpenTelemetry watcher", () => {
  interface Recorded {
    readonly name: string;
    readonly options: SpanOptions;
    readonly attributes: Attributes;
    readonly events: { name: string; attributes: unknown }[];
    status: number | null;
    ended: boolean;
  }

  function createTracer(): { tracer: Tracer; spans: Recorded[] } {
    const spans: Recorded[] = [];
    const startSpan = (name: string, options: SpanOptions = {}): Span => {
      const own: Recorded = {
        name,
        options,
        attributes: { ...options.attributes },
        events: [],
        status: null,
        ended: false,
      };
      spans.push(own);
      const span: Span = {
        spanContext: () => ({ traceId: "0".repeat(32), spanId: "0".repeat(16), traceFlags: 0 }),
        setAttribute: () => span,
        setAttributes: (attributes) => {
          Object.assign(own.attributes, attributes);
          return span;
        },
        addEvent: (eventName, attributes) => {
          own.events.push({ name: eventName, attributes });
          return span;
        },
        addLink: () => span,
        addLinks: () => span,
        setStatus: ({ code }) => {
          own.status = code;
          return span;
        },
        updateName: () => span,
        end: () => void (own.ended = true),
        isRecording: () => true,
        recordException: (error) => void own.events.push({ name: "exception", attributes: error }),
      };
      return span;
    };
    const startActiveSpan = (): never => {
      throw new Error("not used");
    };
    return { tracer: { startSpan, startActiveSpan }, spans };
  }

  it("makes spans of the run, its model calls, tool calls and nested chats, without their texts", async () => {
    const { tracer, spans } = createTracer();
    await runToEnd(watchRun(play(EVENTS), { watchers: [createSpanWatcher({ tracer })], name: "tea" }));
    expect(spans.map(({ name }) => name)).toEqual(["tea", "nested chat critic", "execute_tool boil", "chat scripted"]);
    expect(spans.every(({ ended }) => ended)).toBe(true);
    expect(spans[2]).toMatchObject({ status: SpanStatusCode.ERROR, attributes: { "citewell.outcome": "failed" } });
    expect(spans[3]?.attributes).toMatchObject({ "gen_ai.usage.input_tokens": 7, "gen_ai.usage.output_tokens": 2 });
    expect(spans[0]?.events.map(({ name }) => name)).toEqual([
      "message",
      "retrieval",
      "context-update",
      "speaker",
      "human-asked",
      "message",
    ]);
    expect(JSON.stringify(spans)).not.toMatch(/drink|cups|No water/);
  });

  it("records texts where asked, and the error of a failed run", async () => {
    const { tracer, spans } = createTracer();
    const watchers = [createSpanWatcher({ tracer, recordContent: true })];
    await runToEnd(watchRun(play(EVENTS, new Error("lost")), { watchers })).catch(() => undefined);
    expect(JSON.stringify(spans)).toMatch(/A drink\./);
    expect(spans[0]).toMatchObject({ status: SpanStatusCode.ERROR, ended: true });
    expect(spans[0]?.events.at(-1)).toEqual({ name: "exception", attributes: new Error("lost") });
  });

  it("does nothing without a registered provider", async () => {
    const { result } = await drain(watchRun(play(EVENTS), { watchers: [createSpanWatcher()] }));
    expect(result).toEqual({ outcome });
  });
});
