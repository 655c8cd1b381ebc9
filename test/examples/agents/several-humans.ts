// Two people in one chat: a student who asks, and an expert whom the assistant consults by a tool.
import { z } from "zod";
import {
  AssistantAgent,
  createScriptedHumanInput,
  defineTool,
  registerFunction,
  UserProxyAgent,
} from "../../../src/index.ts";
import type { ChatResult, HumanInput } from "../../../src/index.ts";
import { runAsProgram, runChat } from "./example-program.ts";
import type { ExampleParts } from "./example-program.ts";

/** The people of the example. */
export interface People {
  readonly student: HumanInput;
  readonly expert: HumanInput;
}

/** Lets a student ask and an expert help. */
export async function runSeveralHumans(
  { model, watchers }: ExampleParts,
  { student: studentInput, expert: expertInput }: People = {
    student: createScriptedHumanInput(["And why?", "exit"]),
    expert: createScriptedHumanInput(["Say that the moon pulls the water.", "exit"]),
  },
): Promise<ChatResult> {
  const student = new UserProxyAgent({ name: "student", humanInputMode: "TERMINATE", humanInput: studentInput });
  const expert = new UserProxyAgent({ name: "expert", humanInputMode: "ALWAYS", humanInput: expertInput });
  const assistant = new AssistantAgent({ name: "assistant", ...model });
  const helper = new AssistantAgent({
    name: "assistant_of_expert",
    systemMessage: "Pass on what the expert says.",
    ...model,
  });
  const askExpert = defineTool({
    name: "ask_expert",
    description: "Asks an expert when you are not sure.",
    parameters: z.object({ message: z.string().describe("The question, with everything the expert must know.") }),
    execute: async ({ message }, { signal }) =>
      (await expert.initiateChat(helper, { message, signal, summaryMethod: "lastMsg" })).summary,
  });
  registerFunction(askExpert, { caller: assistant, executor: student });
  return runChat(student.streamChat(assistant, { message: "What makes the tides?" }), { watchers });
}

await runAsProgram(import.meta.url, runSeveralHumans);
