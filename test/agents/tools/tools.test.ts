import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { ConversableAgent } from "../../../src/agents/conversable-agent.ts";
import { registerFunction } from "../../../src/agents/register-function.ts";
import { executeToolCalls, escapeLineEnds } from "../../../src/agents/tools/execute-tool-calls.ts";
import { createRetrieveTool } from "../../../src/agents/tools/retrieve-tool.ts";
import { fromLangChainTool, fromMcpTool } from "../../../src/agents/tools/tool-adapters.ts";
import { defineTool } from "../../../src/agents/tools/tool.ts";
import type { Tool } from "../../../src/agents/tools/tool.ts";
import { createConversation } from "../../../src/agents/conversation.ts";
import type { ToolCall, ToolResponse } from "../../../src/domain/message.ts";
import { runToEnd } from "../../../src/domain/run-to-end.ts";
import { createScriptedHumanInput } from "../../../src/human-input/scripted-human-input.ts";
import { createScriptedModel } from "../../../src/language-model/scripted-model.ts";
import { makeHit, makeRetrieval } from "../made-up-corpus.ts";
import { speaker } from "../speaker.ts";

const currencySymbol = z.enum(["USD", "EUR"]);
const currencyCalculator = defineTool({
  name: "currency_calculator",
  description: "Currency exchange calculator.",
  parameters: z.object({
    base_amount: z.number().describe("Amount of currency in base_currency"),
    base_currency: currencySymbol.default("USD").describe("Base currency"),
    quote_currency: currencySymbol.default("EUR").describe("Quote currency"),
  }),
  execute: ({ base_amount, base_currency, quote_currency }) => {
    const rate = base_currency === quote_currency ? 1 : base_currency === "USD" ? 1 / 1.1 : 1.1;
    return `${String(rate * base_amount)} ${quote_currency}`;
  },
});

const currency = z
  .object({
    currency: currencySymbol.describe("Currency symbol"),
    amount: z.number().min(0).default(0).describe("Amount of currency"),
  })
  .meta({ title: "Currency" });

async function call(
  tools: readonly Tool[],
  calls: readonly (readonly [string, string])[],
): Promise<readonly ToolResponse[]> {
  return runToEnd(
    executeToolCalls(
      calls.map(([name, text], index): ToolCall => ({ id: `call_${String(index + 1)}`, name, arguments: text })),
      {
        tools: new Map(tools.map((tool) => [tool.name, tool])),
        agent: "executor",
        caller: "caller",
        conversation: createConversation(["caller", "executor"]),
        ask: async () => "",
      },
    ),
  );
}

async function callOne(tool: Tool, text: string): Promise<string | undefined> {
  return (await call([tool], [[tool.name, text]]))[0]?.content;
}

describe("the schema of a tool", () => {
  it("is the one of the currency calculator", () => {
    expect(currencyCalculator.parameters).toEqual({
      type: "object",
      properties: {
        base_amount: { type: "number", description: "Amount of currency in base_currency" },
        base_currency: { type: "string", enum: ["USD", "EUR"], default: "USD", description: "Base currency" },
        quote_currency: { type: "string", enum: ["USD", "EUR"], default: "EUR", description: "Quote currency" },
      },
      required: ["base_amount"],
    });
  });

  it("keeps titles, constraints and defaults of nested objects", () => {
    const tool = defineTool({
      name: "currency_calculator",
      parameters: z.object({ base: currency.describe("Base currency"), quote_currency: currencySymbol.default("EUR") }),
      execute: () => "",
    });
    expect(tool.parameters).toEqual({
      type: "object",
      properties: {
        base: {
          type: "object",
          title: "Currency",
          description: "Base currency",
          properties: {
            currency: { type: "string", enum: ["USD", "EUR"], description: "Currency symbol" },
            amount: { type: "number", minimum: 0, default: 0, description: "Amount of currency" },
          },
          required: ["currency"],
        },
        quote_currency: { type: "string", enum: ["USD", "EUR"], default: "EUR" },
      },
      required: ["base"],
    });
  });

  it("describes tuples, unions with null and records", () => {
    const tool = defineTool({
      name: "g",
      parameters: z.object({
        a: z.string(),
        b: z.number().int().default(2),
        c: z.number().default(0.1),
        d: z.record(z.string(), z.tuple([z.number().int().nullable(), z.array(z.number())])),
      }),
      execute: () => "",
    });
    const text = JSON.stringify(tool.parameters);
    expect(tool.parameters["required"]).toEqual(["a", "d"]);
    expect(text).toContain('"prefixItems"');
    expect(text).toContain('"anyOf"');
    expect(text).toContain('"null"');
  });

  it("is refused without an object, a good name or a library that can make it", () => {
    expect(() => defineTool({ name: "a b", execute: () => "" })).toThrow(/name must be 1 to 64/);
    expect(() => defineTool({ name: "a", parameters: { type: "string" }, execute: () => "" })).toThrow(/an object/);
    const bare = { "~standard": { version: 1, vendor: "bare", validate: (value: unknown) => ({ value }) } } as const;
    expect(() => defineTool({ name: "a", parameters: bare, execute: () => "" })).toThrow(/bare.*jsonSchema/);
    const json = { type: "object", properties: {} };
    expect(defineTool({ name: "a", parameters: bare, jsonSchema: json, execute: () => "" }).parameters).toEqual(json);
  });
});

describe("a tool call", () => {
  it("is refused in words where its schema fails", async () => {
    const parameters = z.object({
      day: z.string().transform((day) => {
        throw new Error(`No calendar for ${day}`);
      }),
    });
    const tool = defineTool({ name: "plan", parameters, jsonSchema: { type: "object" }, execute: () => "" });
    expect(await callOne(tool, '{"day": "today"}')).toMatch(/^Error: The arguments of plan .*No calendar for today\. /);
  });

  it("gets checked arguments with their defaults", async () => {
    expect(await callOne(currencyCalculator, '{"base_amount": 110}')).toBe("100 EUR");
  });

  it.each([
    [
      "arguments that do not fit",
      '{"base_amount": "many", "base_currency": "XXX"}',
      /^Error: .*base_amount: .*; base_currency: /,
    ],
    ["text that is no JSON", "{base_amount: 1}", /^Error: .*The argument must be in JSON format\.$/],
    ["a list", "[1]", /^Error: .*list.*JSON format/],
  ])("is answered readably for %s", async (_title, text, expected) => {
    expect(await callOne(currencyCalculator, text)).toMatch(expected);
  });

  it("may leave an optional object out", async () => {
    const tool = defineTool({
      name: "t",
      parameters: z.object({ limits: currency.optional() }),
      execute: ({ limits }) => limits?.amount ?? null,
    });
    expect(await callOne(tool, "")).toBe("null");
    expect(await callOne(tool, '{"limits":{"currency":"USD"}}')).toBe("0");
  });

  it.each([
    ["a text", "abc", "abc"],
    ["a number", 123, "123"],
    ["a list", [1, "a"], '[1,"a"]'],
    ["an object", { a: 1 }, '{"a":1}'],
    ["other letters", "中文", "中文"],
    ["nothing", undefined, "null"],
  ])("gives %s back", async (_title, value, expected) => {
    expect(await callOne(defineTool({ name: "t", execute: () => value }), "{}")).toBe(expected);
  });

  it("keeps line ends within quotes and takes those between them", () => {
    expect(JSON.parse(escapeLineEnds('{\n"a": "one\ntwo\\"\tthree"\n}'))).toEqual({ a: 'one\ntwo"\tthree' });
    // Begun anew at each quote, a text without end would take quadratic time.
    expect(escapeLineEnds('\\"'.repeat(200_000))).toBe('\\"'.repeat(200_000));
  });

  it("says what a function threw and what is not there, beside the results of the others", async () => {
    let sum = 10;
    const add = defineTool({ name: "add", parameters: z.object({ n: z.number() }), execute: ({ n }) => (sum += n) });
    const fails = defineTool({
      name: "fails",
      execute: () => {
        throw new Error("no water");
      },
    });
    const responses = await call(
      [add, fails],
      [
        ["add", '{"n":5}'],
        ["fails", "{}"],
        ["absent", "{}"],
      ],
    );
    expect(responses).toEqual([
      { toolCallId: "call_1", content: "15" },
      { toolCallId: "call_2", content: "Error: no water" },
      { toolCallId: "call_3", content: "Error: Function absent not found." },
    ]);
    expect(await callOne(add, '{"n":5}')).toBe("20");
  });

  it("runs beside the others of its message", async () => {
    const waiting: (() => void)[] = [];
    const meet = defineTool({
      name: "meet",
      execute: async () => {
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
          // Each waits for the other: one after the other they would never end.
          if (waiting.length === 2) for (const go of waiting) go();
        });
        return "met";
      },
    });
    expect(
      (
        await call(
          [meet],
          [
            ["meet", ""],
            ["meet", ""],
          ],
        )
      ).map(({ content }) => content),
    ).toEqual(["met", "met"]);
  });

  it("is broken off after its time", async () => {
    const tool = defineTool({
      name: "slow",
      timeoutSeconds: 0.01,
      execute: async (_args, { signal }) => delay(60_000, "late", { signal }),
    });
    expect(await callOne(tool, "")).toMatch(/slow took longer than its 0\.01 seconds/);
  });
});

describe("the result of a tool", () => {
  const resultOf = async (execute: () => unknown): Promise<string | undefined> =>
    callOne(defineTool({ name: "tool", execute }), "");

  it.each<[string, () => unknown, string]>([
    [
      "a generator of texts",
      async function* () {
        yield "one ";
        yield "two";
      },
      "one two",
    ],
    [
      "a generator of other values",
      async function* () {
        yield { row: 1 };
        yield { row: 2 };
      },
      '[{"row":1},{"row":2}]',
    ],
    [
      "a generator without promises",
      function* () {
        yield* ["a", "b"];
      },
      "ab",
    ],
    ["a stream of bytes", () => new Response("grün").body, "grün"],
    ["bytes that are text", () => Buffer.from("grün"), "grün"],
    ["other bytes", () => Uint8Array.of(255, 254), '{"0":255,"1":254}'],
    ["a map", () => ({ counts: new Map([["a", 1]]) }), '{"counts":{"a":1}}'],
    ["a map by other keys", () => new Map([[1, "a"]]), '[[1,"a"]]'],
    ["a set", () => new Set([1, 2]), "[1,2]"],
    ["a large whole number", () => 10n ** 20n, '"100000000000000000000"'],
    [
      "errors within",
      async () => Promise.allSettled([Promise.reject(new Error("no water"))]),
      '[{"status":"rejected","reason":"no water"}]',
    ],
    ["nothing", () => undefined, "null"],
  ])("that is %s keeps all that it holds", async (_what, execute, expected) => {
    expect(await resultOf(execute)).toBe(expected);
  });

  it("that is an error, or breaks off, is a failure", async () => {
    expect(await resultOf(() => new Error("no water"))).toBe("Error: no water");
    const circle: Record<string, unknown> = {};
    circle["self"] = circle;
    expect(await resultOf(() => circle)).toBe(
      "Error: The result of the tool holds itself and cannot be written as JSON.",
    );
    expect(
      await resultOf(async function* () {
        yield "one";
        throw new Error("no water");
      }),
    ).toBe("Error: no water");
  });

  it("is not read on behind the tool's time", async () => {
    const closed = Promise.withResolvers<string>();
    const tool = defineTool({
      name: "endless",
      timeoutSeconds: 0.01,
      execute: async function* () {
        try {
          for (;;) {
            await delay(1);
            yield "more";
          }
        } finally {
          closed.resolve("closed");
        }
      },
    });
    expect(await callOne(tool, "")).toMatch(/endless took longer than its 0\.01 seconds/);
    expect(await closed.promise).toBe("closed");
  });
});

describe("tools in a chat", () => {
  const calls = (...names: string[]): { toolCalls: ToolCall[] } => ({
    toolCalls: names.map((name, index) => ({ id: `call_${String(index + 1)}`, name, arguments: "{}" })),
  });

  it("reach the model, run at the other agent, and come back as one message each", async () => {
    const model = createScriptedModel([
      { toolCalls: [{ id: "c1", name: "currency_calculator", arguments: '{"base_amount":110}' }] },
      "It is 100 EUR. TERMINATE",
    ]);
    const assistant = speaker("assistant", { model });
    const user = speaker("user", { defaultAutoReply: undefined });
    registerFunction(currencyCalculator, { caller: assistant, executor: user });
    const result = await user.initiateChat(assistant, { message: "How much is 110 USD?" });
    expect(result.chatHistory.map(({ role, content }) => [role, content])).toEqual([
      ["assistant", "How much is 110 USD?"],
      ["user", ""],
      ["tool", "100 EUR"],
      ["user", "It is 100 EUR. TERMINATE"],
    ]);
    expect(model.requests[0]?.tools?.map(({ name }) => name)).toEqual(["currency_calculator"]);
    expect(model.requests[1]?.messages.at(-1)).toMatchObject({ role: "tool", toolCallId: "c1", content: "100 EUR" });
    expect(result.conversation.toolCalls).toMatchObject([
      { id: "c1", tool: "currency_calculator", agent: "user", caller: "assistant", outcome: "ok" },
    ]);
  });

  it("answer several calls of one message in order", async () => {
    const model = createScriptedModel([calls("one", "two", "three"), "TERMINATE"]);
    const user = speaker("user", { functionMap: { one: () => "1", two: () => "2" } });
    const result = await user.initiateChat(speaker("assistant", { model }), { message: "go" });
    expect(result.chatHistory[2]?.content).toBe("1\n\n2\n\nError: Function three not found.");
    const roles = model.requests[1]?.messages.slice(-4).map(({ role, toolCallId }) => [role, toolCallId]);
    expect(roles).toEqual([
      ["assistant", undefined],
      ["tool", "call_1"],
      ["tool", "call_2"],
      ["tool", "call_3"],
    ]);
  });

  it.each([
    ["yes", "ok", "done"],
    ["no", "denied", "Error: A person did not allow this call of risky."],
    ["ask Ann first", "denied", "Error: A person did not allow this call of risky. They said: ask Ann first"],
  ])("wait for a person who says %s", async (typed, outcome, content) => {
    const humanInput = createScriptedHumanInput([typed]);
    const user = speaker("user", { humanInput });
    user.registerForExecution()(defineTool({ name: "risky", approval: "ask", execute: () => "done" }));
    const model = createScriptedModel([calls("risky"), "TERMINATE"]);
    const result = await user.initiateChat(speaker("assistant", { model }), { message: "go" });
    expect(result.conversation.toolCalls[0]?.outcome).toBe(outcome);
    expect(result.chatHistory[2]?.content).toBe(content);
    expect(humanInput.prompts[0]).toContain("May user run risky");
  });

  it("need somebody to ask, and advise no mode that asks nobody for replies already", async () => {
    const user = speaker("user");
    user.registerForExecution()(defineTool({ name: "risky", approval: "ask", execute: () => "done" }));
    const chat = user.initiateChat(speaker("assistant", { model: createScriptedModel([calls("risky")]) }), {
      message: "go",
    });
    await expect(chat).rejects.toMatchObject({
      code: "not_supported",
      message: expect.stringContaining("Give the agent humanInput, such as createTerminalHumanInput()"),
    });
  });

  it("are refused where they are denied", async () => {
    const user = speaker("user");
    user.registerForExecution()(defineTool({ name: "risky", approval: "deny", execute: () => "done" }));
    const reply = await user.generateReply({ messages: [{ role: "user", content: "", ...calls("risky") }] });
    expect(reply?.content).toBe("Error: risky may not be used here; go on without it.");
  });

  it("tell the calls that a person interrupts", async () => {
    const user = speaker("user", { humanInputMode: "ALWAYS", humanInput: createScriptedHumanInput(["stop that"]) });
    const reply = await user.generateReply({ messages: [{ role: "user", content: "", ...calls("a", "b") }] });
    expect(reply).toMatchObject({
      content: "stop that",
      toolResponses: [
        { toolCallId: "call_1", content: "USER INTERRUPTED" },
        { toolCallId: "call_2", content: "USER INTERRUPTED" },
      ],
    });
  });

  it("answer a call that nobody ran before the model is asked again", async () => {
    const model = createScriptedModel(["fine"]);
    await speaker("assistant", { model }).generateReply({
      messages: [
        { role: "assistant", content: "", ...calls("a") },
        { role: "user", content: "never mind" },
        { role: "tool", content: "lost", toolCallId: "elsewhere" },
      ],
    });
    expect(model.requests[0]?.messages.slice(1)).toMatchObject([
      { role: "assistant" },
      { role: "tool", toolCallId: "call_1", content: "There is no result: this call was not run, or was broken off." },
      { role: "user", content: "never mind" },
      { role: "user", content: "lost" },
    ]);
  });

  it("take the name and description of the latest decorator", () => {
    const agents = ["agent1", "agent2", "agent3"].map((name) => speaker(name, { model: createScriptedModel([]) }));
    const [agent1, agent2, agent3] = agents;
    if (agent1 === undefined || agent2 === undefined || agent3 === undefined) throw new Error("three agents");
    const execPython = (_args: { cell: string }): string => "ran";
    const first = agent1.registerForLlm({
      name: "exec_python",
      description: "run a cell",
      parameters: z.object({ cell: z.string() }),
    })(execPython);
    const second = agent2.registerForLlm({ name: "python" })(first);
    const third = agent3.registerForLlm()(agent2.registerForExecution({ name: "exec" })(second));
    expect([first.name, second.name, third.name]).toEqual(["exec_python", "python", "python"]);
    expect(third.description).toBe("run a cell");
    expect([...agent2.functionMap.keys()]).toEqual(["exec"]);
  });

  it("need the parameters of a function with arguments, and those of a tool once only", () => {
    const [caller, executor] = [speaker("a", { model: createScriptedModel([]) }), speaker("b")];
    const both = { caller, executor, description: "Tells the weather." };
    const weather = ({ city }: { city: string }): string => `Sun in ${city}`;
    expect(() => registerFunction(weather, both)).toThrow(
      "Function weather takes arguments, and no model can know which: pass parameters, such as z.object(",
    );
    registerFunction(weather, { ...both, parameters: z.object({ city: z.string() }) });
    expect(caller.toolDescriptions[0]?.parameters["required"]).toEqual(["city"]);
    registerFunction(() => "noon", { ...both, name: "time" });
    expect(() => registerFunction(currencyCalculator, { ...both, parameters: z.object({}) })).toThrow(
      "Tool currency_calculator has parameters of its own",
    );
    expect(() => Reflect.apply(caller.registerForLlm.bind(caller), null, [{ desciption: "x" }])).toThrow(
      "registerForLlm.desciption is not supported",
    );
  });

  it("type a function's arguments by their schema", () => {
    const [caller, executor] = [speaker("a", { model: createScriptedModel([]) }), speaker("b")];
    const parameters = z.object({ city: z.string() });
    const both = { caller, executor, description: "Tells the weather.", parameters };
    registerFunction(({ city }) => city.toUpperCase(), { ...both, name: "loud" });
    caller.registerForLlm({ name: "soft", description: "d", parameters })(({ city }) => city.toLowerCase());
    // @ts-expect-error -- the schema gives texts
    registerFunction(({ city }: { city: number }) => city, { ...both, name: "numbers" });
    // A JSON Schema types nothing: the function says itself what it takes.
    const json = { type: "object", properties: { city: { type: "string" } } };
    registerFunction(({ city }: { city: string }) => city, { ...both, name: "plain", parameters: json });
    expect([...executor.functionMap.keys()]).toEqual(["loud", "numbers", "plain"]);
  });

  it("warn once when another tool takes a name", () => {
    const warning = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    const agent = speaker("twice", { model: createScriptedModel([]) });
    const first = defineTool({ name: "search", description: "Searches notes.", execute: () => "notes" });
    const other = defineTool({ name: "search", description: "Searches mail.", execute: () => "mail" });
    for (const tool of [first, first]) agent.registerForExecution()(agent.registerForLlm()(tool));
    // One function for the players of both sides, run by one board.
    const move = (): string => "moved";
    for (const name of ["white", "black"]) {
      const caller = speaker(name, { model: createScriptedModel([]) });
      registerFunction(move, { caller, executor: agent, description: "Makes a move." });
    }
    expect(warning).not.toHaveBeenCalled();
    for (const tool of [other, first]) agent.registerForExecution()(agent.registerForLlm()(tool));
    expect(warning.mock.calls.map(([sentence]) => sentence)).toEqual([
      "Tool search of twice is replaced: another one of this name was offered before. Give each its own name.",
      "Tool search of twice is replaced: another one of this name was run before. Give each its own name.",
    ]);
    warning.mockRestore();
  });

  it("need a description and a model", () => {
    const withModel = speaker("a", { model: createScriptedModel([]) });
    expect(() => withModel.registerForLlm()(function f() {})).toThrow(/no description/);
    expect(() => speaker("b").registerForLlm({ description: "d" })(function f() {})).toThrow(/no model/);
    expect(() => speaker("b").updateToolSignature("f", { isRemove: true })).toThrow(/no tool "f"/);
  });

  it("are added to and taken from the model, and from the function map", async () => {
    const model = createScriptedModel(["one", "two"]);
    const agent = new ConversableAgent({ name: "a", model, functionMap: { f: () => 1 } });
    const messages = [{ role: "user" as const, content: "?" }];
    agent.updateToolSignature({ type: "function", function: { name: "f", description: "d", parameters: {} } });
    await agent.generateReply({ messages });
    agent.updateToolSignature("f", { isRemove: true });
    await agent.generateReply({ messages });
    expect(model.requests.map(({ tools = [] }) => tools.length)).toEqual([1, 0]);
    expect(agent.canExecute(["f"])).toBe(true);
    agent.registerFunction({ f: null });
    expect(agent.canExecute(["f"])).toBe(false);
    expect(() => agent.registerFunction({ f: null })).toThrow(/no function "f"/);
  });
});

describe("tools from elsewhere", () => {
  it("come from LangChain with their schema", async () => {
    const langchain = {
      name: "multiply",
      description: "Multiplies.",
      schema: z.object({ a: z.number(), b: z.number() }),
      invoke: async ({ a, b }: { a: number; b: number }) => a * b,
    };
    const tool = fromLangChainTool(langchain);
    expect(await callOne(tool, '{"a":6,"b":7}')).toBe("42");
    expect(await callOne(tool, '{"a":6}')).toMatch(/^Error: .*b: /);
    const plain = fromLangChainTool({ name: "echo", description: "d", invoke: async (input: string) => input });
    expect(await callOne(plain, '{"input":"hi"}')).toBe("hi");
  });

  it("come from MCP, with their errors", async () => {
    const client = {
      callTool: async ({ arguments: args }: { arguments: Record<string, unknown> }) =>
        args["city"] === "Bern"
          ? { content: [{ type: "text", text: "sunny" }] }
          : { content: [{ type: "text", text: "unknown city" }], isError: true },
    };
    const schema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
    const tool = fromMcpTool({ name: "weather", description: "Weather.", inputSchema: schema }, { client });
    expect(tool.parameters).toEqual(schema);
    expect(await callOne(tool, '{"city":"Bern"}')).toBe("sunny");
    expect(await callOne(tool, '{"city":"X"}')).toBe("Error: unknown city");
  });

  it("search a collection", async () => {
    const { retrieve, calls: searches } = makeRetrieval([makeHit("Tea is a drink."), makeHit("Tea grows on hills.")]);
    const tool = createRetrieveTool({ retrieve, limit: 1 });
    expect(await callOne(tool, '{"message":"tea"}')).toBe("[1] guide.md, lines 1 to 1\nTea is a drink.");
    expect(searches[0]?.options.limit).toBe(1);
    const make = (options: object): unknown => Reflect.apply(createRetrieveTool, null, [options]);
    expect(() => make({ retrieve, n_results: 3 })).toThrow(
      "createRetrieveTool.n_results is not supported: write limit",
    );
    expect(() => make({ retrieve: { retrieve } })).toThrow(
      "createRetrieveTool.retrieve must be a function, not an object",
    );
    expect(() => make({})).toThrow("createRetrieveTool needs a search");
    expect(await callOne(createRetrieveTool({ retrieve: makeRetrieval([]).retrieve }), '{"message":"x"}')).toMatch(
      /fits "x"/,
    );
  });
});
