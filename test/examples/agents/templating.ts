// One agent for many readers: places in the messages are filled when they go to the model.
import { AssistantAgent, UserProxyAgent } from "../../../src/index.ts";
import { type ExampleParts, runAsProgram, runChat } from "./example-program.ts";

/** Asks the same templated question for several readers. */
export async function runTemplating(parts: ExampleParts): Promise<readonly string[]> {
  const { llmConfig } = parts.model;
  const assistant = new AssistantAgent({
    ...parts.model,
    name: "assistant",
    systemMessage: "Answer in {language}, in one sentence. Code such as {{ x: 1 }} or {unknown} stays as it is.",
    llmConfig: {
      configList: [],
      ...(llmConfig === false ? {} : llmConfig),
      allowFormatStrTemplate: true,
      context: { language: "English" },
    },
  });
  const answers: string[] = [];
  for (const context of [{ topic: "tides" }, { topic: "Gezeiten", language: "German" }]) {
    const user = new UserProxyAgent({ name: "user", humanInputMode: "NEVER" });
    const message = { role: "user" as const, content: "What are {topic}?", context };
    answers.push((await runChat(user.streamChat(assistant, { message, maxTurns: 1 }), parts)).summary);
  }
  return answers;
}

await runAsProgram(import.meta.url, runTemplating);
