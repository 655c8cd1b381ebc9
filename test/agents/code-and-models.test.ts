import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ConversableAgent } from "../../src/agents/conversable-agent.ts";
import type { CodeExecutionConfig } from "../../src/agents/conversable-agent-options.ts";
import { gatherUsageSummary } from "../../src/agents/usage-summary.ts";
import type { CodeBlock } from "../../src/code-execution/code-executor.ts";
import type { ChatMessage } from "../../src/domain/message.ts";
import { deserializeConversation, serializeConversation } from "../../src/agents/conversation/store-conversation.ts";
import { CitewellError } from "../../src/errors.ts";
import { createFailoverModel } from "../../src/language-model/failover-model.ts";
import { createScriptedModel } from "../../src/language-model/scripted-model.ts";
import { createScriptedHumanInput } from "../../src/human-input/scripted-human-input.ts";
import { completion, failure, openEndpoint } from "../language-model/endpoint-stand-in.ts";
import { speaker } from "./speaker.ts";

const code: ChatMessage = { role: "user", content: "```python\nprint('hello world')\n```" };
const plain: ChatMessage = { role: "user", content: "no code" };
const own: ChatMessage = { role: "assistant", content: "I said something" };

describe("code in messages", () => {
  const reply = async (config: CodeExecutionConfig, messages: readonly ChatMessage[]): Promise<string | undefined> => {
    const executor = { execute: async () => ({ exitCode: 0, output: "\nhello world\n" }) };
    const agent = speaker("agent", { codeExecutionConfig: { executor, ...config } });
    return (await agent.generateReply({ messages }))?.content;
  };
  const ran = "exitcode: 0 (execution succeeded)\nCode output: \nhello world\n";

  it.each<[string, CodeExecutionConfig, ChatMessage[], string]>([
    ["is run", {}, [code], ran],
    ["is run among the last messages", { lastNMessages: 3 }, [code, plain, plain], ran],
    ["is left alone outside of them", { lastNMessages: 2 }, [code, plain, plain], "agent speaks"],
    ["is not there", { lastNMessages: 3 }, [plain], "agent speaks"],
    ["is run since the agent last spoke", {}, [own, code, plain, plain], ran],
    ["is left alone before that", {}, [code, own, plain], "agent speaks"],
    ["is run when the agent never spoke", {}, [code, plain, plain, plain], ran],
  ])("%s", async (_title, config, messages, expected) => {
    expect(await reply(config, messages)).toBe(expected);
  });

  it.each([[{ lastNMessages: -1 }], [{ lastNMessages: "hello world" }], [{ timeout: 0 }]])(
    "is refused with %j",
    (config) => {
      const options = { name: "agent", codeExecutionConfig: config };
      expect(() => Reflect.construct(ConversableAgent, [options])).toThrow(/codeExecutionConfig/);
    },
  );

  it("is run by an executor made from the config, within AutoGen's time limit", async () => {
    const seen: unknown[] = [];
    const createExecutor = ({ workDir, useDocker }: CodeExecutionConfig) => ({
      async execute(blocks: readonly CodeBlock[], options: { readonly timeoutSeconds?: number } = {}) {
        seen.push(workDir, useDocker, options.timeoutSeconds, blocks[0]?.language);
        return { exitCode: 1, output: "no" };
      },
    });
    const agent = speaker("agent", {
      codeExecutionConfig: { createExecutor, workDir: "paper", useDocker: false, timeout: 5 },
    });
    const answer = await agent.generateReply({ messages: [code] });
    expect(answer?.content).toBe("exitcode: 1 (execution failed)\nCode output: no");
    expect(seen).toEqual(["paper", false, 5, "python"]);
  });
});

describe("models of an agent", () => {
  it("are asked once for the same request when a seed is given, and the cost tells both", async () => {
    const cacheFolder = await mkdtemp(join(tmpdir(), "citewell-agent-"));
    try {
      await using endpoint = await openEndpoint(completion("Hi."));
      const configList = [{ model: "m", baseUrl: endpoint.baseUrl, price: [1, 1] as const }];
      const agent = speaker("agent", { llmConfig: { configList, cacheSeed: 7, cacheFolder } });
      const user = speaker("user");
      const chat = { message: "?", maxTurns: 1 };
      await user.initiateChat(agent, chat);
      const { cost, summary } = await user.initiateChat(agent, chat);
      expect(endpoint.requests).toHaveLength(1);
      expect(summary).toBe("Hi.");
      expect(cost.usageIncludingCachedInference.totalCost).toBeCloseTo(0.01);
      expect(cost.usageExcludingCachedInference).toEqual({ totalCost: 0, models: {} });
      expect(await readdir(join(cacheFolder, "7"))).toHaveLength(1);
      expect(agent.getTotalUsage()?.totalCost).toBeCloseTo(0.02);
      expect(agent.getActualUsage()?.totalCost).toBeCloseTo(0.01);
      expect(gatherUsageSummary([agent, user]).usageExcludingCachedInference.totalCost).toBeCloseTo(0.01);
      agent.reset();
      expect(agent.getTotalUsage()).toBeNull();
      expect(agent.printUsageSummary("actual")).toContain("no model was called");
    } finally {
      await rm(cacheFolder, { recursive: true, force: true });
    }
  });

  it("are asked each time without a seed", async () => {
    await using endpoint = await openEndpoint(completion("Hi."));
    const agent = speaker("agent", { llmConfig: { configList: [{ model: "m", baseUrl: endpoint.baseUrl }] } });
    await agent.generateReply({ messages: [plain] });
    await agent.generateReply({ messages: [plain] });
    expect(endpoint.requests).toHaveLength(2);
  });

  it("are asked with the settings of llmConfig, and with nothing else of it", async () => {
    await using endpoint = await openEndpoint(completion("{}"));
    const agent = speaker("agent", {
      llmConfig: {
        configList: [{ model: "m", baseUrl: endpoint.baseUrl }],
        timeout: 9,
        temperature: 0,
        topP: 0.9,
        seed: 3,
        stop: ["END"],
        responseFormat: "json",
      },
    });
    await agent.generateReply({ messages: [plain] });
    const { body = {} } = endpoint.requests[0] ?? {};
    expect(body).toMatchObject({ temperature: 0, top_p: 0.9, seed: 3, stop: ["END"] });
    expect(body["response_format"]).toEqual({ type: "json_object" });
    expect(Object.keys(body)).not.toContain("timeout");
  });

  it("are asked within reply functions, and the chat pays", async () => {
    const model = createScriptedModel([{ content: "Paris", costUsd: 0.5 }]);
    const agent = speaker("agent", { model, humanInputMode: "ALWAYS" });
    agent.registerReply(
      () => true,
      async ({ messages, conversation, signal }) => {
        const reply = await agent.generateOaiReply({ messages, conversation, signal });
        return `My model says ${reply?.content ?? "nothing"}.`;
      },
    );
    const result = await speaker("user").initiateChat(agent, { message: "Where?", maxTurns: 1 });
    expect(result.summary).toBe("My model says Paris.");
    expect(result.cost.usageIncludingCachedInference.totalCost).toBe(0.5);
    expect(agent.getTotalUsage()?.totalCost).toBe(0.5);
    expect(await speaker("other").generateOaiReply({ messages: [plain] })).toBeNull();
  });

  it("are asked for replies of a form", async () => {
    await using endpoint = await openEndpoint(completion('{"days": 366}'));
    const schema = z.toJSONSchema(z.object({ days: z.number() }));
    const agent = speaker("agent", {
      llmConfig: {
        configList: [{ model: "m", baseUrl: endpoint.baseUrl }],
        responseFormat: { schema, description: "a lease" },
      },
    });
    expect(await agent.generateReply({ messages: [plain] })).toMatchObject({ content: '{"days": 366}' });
    const jsonSchema = { name: "reply", description: "a lease", schema, strict: true };
    expect(endpoint.requests[0]?.body["response_format"]).toEqual({ type: "json_schema", json_schema: jsonSchema });
  });

  it("are asked in turn until a reply passes the filter", async () => {
    await using endpoint = await openEndpoint(completion("no"), completion("yes"));
    const configList = ["one", "two"].map((model) => ({ model, baseUrl: endpoint.baseUrl }));
    const agent = speaker("agent", {
      llmConfig: { configList, context: { want: "yes" }, filterFunc: ({ want }, { content }) => content === want },
    });
    const answer = await agent.generateReply({ messages: [plain] });
    expect(answer).toMatchObject({ content: "yes", model: "two" });
    expect(endpoint.requests.map(({ body }) => body["model"])).toEqual(["one", "two"]);
  });

  it("are asked again where the filter turned their replies down, and judged once a reply", async () => {
    const cacheFolder = await mkdtemp(join(tmpdir(), "citewell-agent-"));
    try {
      await using endpoint = await openEndpoint(completion("no"), completion("no"), completion("yes"));
      const configList = ["one", "two"].map((model) => ({ model, baseUrl: endpoint.baseUrl }));
      const judged: string[] = [];
      const filterFunc = (_context: unknown, { content }: { content: string }): boolean => {
        judged.push(content);
        return content === "yes";
      };
      const agent = speaker("agent", { llmConfig: { configList, filterFunc, cacheSeed: 7, cacheFolder } });
      expect(await agent.generateReply({ messages: [plain] })).toMatchObject({ content: "no", model: "two" });
      expect(await agent.generateReply({ messages: [plain] })).toMatchObject({ content: "yes", model: "one" });
      expect(judged).toEqual(["no", "no", "yes"]);
      // What passed is given again.
      expect(await agent.generateReply({ messages: [plain] })).toMatchObject({ content: "yes", model: "one" });
      expect(endpoint.requests).toHaveLength(3);
    } finally {
      await rm(cacheFolder, { recursive: true, force: true });
    }
  });

  it("stand in for each other beside a filter, too", async () => {
    await using endpoint = await openEndpoint(failure(401, "wrong key"), completion("no"), completion("yes"));
    const configList = ["one", "two", "three"].map((model) => ({ model, baseUrl: endpoint.baseUrl }));
    const filterFunc = (_context: unknown, { content }: { content: string }): boolean => content === "yes";
    const agent = speaker("agent", { llmConfig: { configList, filterFunc } });
    expect(await agent.generateReply({ messages: [plain] })).toMatchObject({ content: "yes", model: "three" });
  });

  it("are a list: what readConfigList gave is not one, but has one", () => {
    const llmConfig = { configList: { entries: [{ model: "m" }], warnings: [] } };
    const make = (): unknown => Reflect.construct(ConversableAgent, [{ name: "agent", llmConfig }]);
    expect(make).toThrow("llmConfig.configList must be a list: pass the entries of what readConfigList gave.");
  });
});

describe("a person's input", () => {
  it("may come from a subclass", async () => {
    class Typed extends ConversableAgent {
      override async getHumanInput(): Promise<string> {
        return "typed";
      }
    }
    const agent = new Typed({ name: "agent", humanInputMode: "ALWAYS" });
    expect((await agent.generateReply({ messages: [plain] }))?.content).toBe("typed");
    const opened = await agent.initiateChat(speaker("other"), { maxTurns: 1 });
    expect(opened.chatHistory[0]?.content).toBe("typed");
  });

  it("may be wanted, or not, from now on", async () => {
    const agent = speaker("agent", { humanInput: createScriptedHumanInput(["mine"]) });
    expect((await agent.generateReply({ messages: [plain] }))?.content).toBe("agent speaks");
    agent.humanInputMode = "ALWAYS";
    expect((await agent.generateReply({ messages: [plain] }))?.content).toBe("mine");
    agent.humanInputMode = "NEVER";
    agent.maxConsecutiveAutoReply = 0;
    expect(await agent.generateReply({ messages: [plain] })).toBeNull();
    expect(() => Reflect.set(agent, "humanInputMode", "always")).toThrow('must be "ALWAYS", "TERMINATE" or "NEVER"');
    expect(() => (agent.maxConsecutiveAutoReply = -1)).toThrow("must be a number from 0, not -1");
  });

  it("may be asked for outside of a chat", async () => {
    const humanInput = createScriptedHumanInput(["seven"]);
    expect(await speaker("agent", { humanInput }).getHumanInput("How many?")).toBe("seven");
    expect(humanInput.prompts).toEqual(["How many?"]);
  });
});

describe("a model that stands in for another", () => {
  it("is told in the record of the call, with the error of the one before", async () => {
    const down = new CitewellError("model_unavailable", "first is down; start it again.", { retryable: true });
    const model = createFailoverModel([
      createScriptedModel([down], { name: "first" }),
      createScriptedModel(["Here I am.", "Again."], { name: "second" }),
    ]);
    const assistant = speaker("assistant", { model });
    const user = speaker("user", {});
    const { conversation } = await user.initiateChat(assistant, { message: "Hello", maxTurns: 1 });
    const [call] = conversation.modelCalls;
    expect(call?.model).toBe("second");
    expect(call?.attempts?.map(({ model: name, error }) => [name, error])).toEqual([
      ["first", "first is down; start it again."],
      ["second", null],
    ]);
    expect(deserializeConversation(serializeConversation(conversation)).modelCalls).toEqual(conversation.modelCalls);
  });
});
