import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { AssistantAgent } from "../../../src/agents/assistant-agent.ts";
import type { ConversableAgent } from "../../../src/agents/conversable-agent.ts";
import { GroupChat } from "../../../src/agents/group/group-chat.ts";
import { GroupChatManager } from "../../../src/agents/group/group-chat-manager.ts";
import { registerFunction } from "../../../src/agents/register-function.ts";
import { UserProxyAgent } from "../../../src/agents/user-proxy-agent.ts";
import type { Agent } from "../../../src/agents/agent.ts";
import type { LanguageModel } from "../../../src/language-model/language-model.ts";
import { createScriptedModel } from "../../../src/language-model/scripted-model.ts";

/** Work that never ends and looks at no signal; `begun` resolves when somebody waits for it. */
function endless(): { readonly begun: Promise<void>; readonly work: () => Promise<never> } {
  const begun = Promise.withResolvers<void>();
  return {
    begun: begun.promise,
    work: async () => {
      begun.resolve();
      return new Promise<never>(() => undefined);
    },
  };
}

class OwnManager extends GroupChatManager {
  readonly work: () => Promise<string>;

  constructor(work: () => Promise<string>) {
    const agents = ["one", "two"].map((name) => new AssistantAgent({ name }));
    super({ groupchat: new GroupChat({ agents, speakerSelectionMethod: "manual" }) });
    this.work = work;
  }

  override async getHumanInput(): Promise<string> {
    return this.work();
  }
}

class OwnProxy extends UserProxyAgent {
  readonly work: () => Promise<string>;

  constructor(work: () => Promise<string>) {
    super({ name: "user" });
    this.work = work;
  }

  override async getHumanInput(): Promise<string> {
    return this.work();
  }
}

describe("a chat that is broken off", () => {
  const starter = (): UserProxyAgent => new UserProxyAgent({ name: "starter", humanInputMode: "NEVER" });
  const deafModel = (work: () => Promise<never>): LanguageModel => ({
    name: "deaf",
    contextWindow: null,
    async *stream() {
      yield "One moment";
      return work();
    },
  });
  const replying = (work: () => Promise<never>): ConversableAgent => {
    const agent = new AssistantAgent({ name: "replying" });
    agent.registerReply(() => true, work);
    return agent;
  };

  const partners: [string, (work: () => Promise<never>) => Agent][] = [
    ["a person", (work) => new UserProxyAgent({ name: "user", humanInput: { ask: work } })],
    ["a person that a subclass asks", (work) => new OwnProxy(work)],
    ["a person that a group's manager asks for the next speaker", (work) => new OwnManager(work)],
    ["a model", (work) => new AssistantAgent({ name: "assistant", model: deafModel(work) })],
    ["a reply function", (work) => replying(work)],
  ];
  it.each(partners)("does not wait for %s", async (_what, make) => {
    const { begun, work } = endless();
    const abort = new AbortController();
    const reason = new Error("Somebody pressed stop.");
    const chat = starter().initiateChat(make(work), { message: "Hello", signal: abort.signal });
    await begun;
    abort.abort(reason);
    await expect(chat).rejects.toBe(reason);
  });

  it("lists the calls of tools that were running, and says of them that they may have been broken off", async () => {
    const { begun, work } = endless();
    const toolCalls = ["1", "2"].map((id) => ({ id, name: "hang", arguments: "" }));
    const model = createScriptedModel([{ toolCalls }, "Fine. TERMINATE"]);
    const assistant = new AssistantAgent({ name: "assistant", model });
    const user = starter();
    registerFunction(work, { caller: assistant, executor: user, name: "hang", description: "Hangs." });
    const abort = new AbortController();
    const chat = user.initiateChat(assistant, { message: "Hello", signal: abort.signal });
    await begun;
    abort.abort();
    await expect(chat).rejects.toMatchObject({ name: "AbortError" });
    const { conversation } = await user.initiateChat(assistant, { message: "Go on.", clearHistory: false });
    expect(conversation.toolCalls.map(({ id, outcome }) => [id, outcome])).toEqual([
      ["1", "aborted"],
      ["2", "aborted"],
    ]);
    const results = model.requests[1]?.messages.filter(({ role }) => role === "tool") ?? [];
    expect(results.map(({ content }) => content)).toEqual(Array(2).fill(expect.stringMatching(/or was broken off/)));
  });

  it("keeps no reply that a person gives afterwards", async () => {
    const asked = Promise.withResolvers<void>();
    const typed = Promise.withResolvers<string>();
    const ask = async (): Promise<string> => {
      asked.resolve();
      return typed.promise;
    };
    const user = new UserProxyAgent({ name: "user", humanInput: { ask } });
    const abort = new AbortController();
    const chat = starter().initiateChat(user, { message: "Hello", signal: abort.signal });
    await asked.promise;
    abort.abort();
    await expect(chat).rejects.toMatchObject({ name: "AbortError" });
    typed.resolve("too late");
    await typed.promise;
    const conversation = user.dialogues.latest("starter");
    expect(conversation).toMatchObject({ humanInput: [], answers: [], outcome: { reason: "aborted" } });
  });
});

describe("a time limit", () => {
  const agents = new URL("../../../src/agents/", import.meta.url).href;
  const run = async (program: string): Promise<string> => {
    const imports = `
      import { AssistantAgent } from "${agents}assistant-agent.ts";
      import { UserProxyAgent } from "${agents}user-proxy-agent.ts";
      import { registerFunction } from "${agents}register-function.ts";
      import { createScriptedModel } from "${new URL("../language-model/scripted-model.ts", agents).href}";`;
    const args = ["--input-type=module", "--eval", imports + program];
    return (await promisify(execFile)(process.execPath, args)).stdout.trim();
  };

  it("of a chat ends it although the program waits for nothing else", async () => {
    const printed = await run(`
      const user = new UserProxyAgent({ name: "user", humanInput: { ask: () => new Promise(() => {}) } });
      const assistant = new AssistantAgent({ name: "assistant", model: createScriptedModel(["Yes?"]) });
      const deadline = new Date(Date.now() + 200);
      console.log((await user.initiateChat(assistant, { message: "Hello", deadline })).outcome.reason);`);
    expect(printed).toBe("deadline");
  });

  it("of a tool ends it although the program waits for nothing else", async () => {
    const printed = await run(`
      const toolCalls = [{ id: "1", name: "hang", arguments: "" }];
      const assistant = new AssistantAgent({ name: "assistant", model: createScriptedModel([{ toolCalls }, "TERMINATE"]) });
      const user = new UserProxyAgent({ name: "user", humanInputMode: "NEVER" });
      const tool = { name: "hang", description: "Hangs.", parameters: {}, schema: null, approval: "auto", timeoutSeconds: 0.2 };
      registerFunction({ ...tool, run: () => new Promise(() => {}) }, { caller: assistant, executor: user });
      const { conversation } = await user.initiateChat(assistant, { message: "Hello" });
      console.log(conversation.toolCalls[0].outcome);`);
    expect(printed).toBe("timed-out");
  });

  it("that is far away does not keep the program running behind the chat's end", async () => {
    const printed = await run(`
      const user = new UserProxyAgent({ name: "user", humanInputMode: "NEVER" });
      const assistant = new AssistantAgent({ name: "assistant", model: createScriptedModel(["TERMINATE"]) });
      const deadline = new Date(Date.now() + 3_600_000);
      await user.initiateChat(assistant, { message: "Hello", deadline });
      console.log(process.getActiveResourcesInfo().filter((name) => name === "Timeout").length);`);
    expect(printed).toBe("0");
  });
});
