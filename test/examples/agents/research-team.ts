// A research team as a group chat: an admin, a planner, an engineer, a scientist, an executor, a critic and a writer.
import {
  AssistantAgent,
  createLocalExecutor,
  GroupChat,
  GroupChatManager,
  UserProxyAgent,
} from "../../../src/index.ts";
import type { ChatResult } from "../../../src/index.ts";
import { runAsProgram, runChat } from "./example-program.ts";
import type { ExampleParts } from "./example-program.ts";

const TASK = "Write a short report about how the distances between the first primes grow.";

/** Runs the team on its task. */
export async function runResearchTeam({ model, workDir, watchers }: ExampleParts): Promise<ChatResult> {
  const admin = new UserProxyAgent({
    name: "Admin",
    description: "Gives the task and approves the plan.",
    humanInputMode: "NEVER",
    codeExecutionConfig: false,
  });
  const member = (name: string, description: string, systemMessage: string): AssistantAgent =>
    new AssistantAgent({ name, description, systemMessage, ...model });
  const planner = member("Planner", "Makes and revises the plan.", "Suggest a plan and say who does each step.");
  const engineer = member(
    "Engineer",
    "Writes code for the approved plan.",
    "Write complete JavaScript in a fenced block. Mend it when it failed.",
  );
  const scientist = member("Scientist", "Interprets results; writes no code.", "Say what the results mean.");
  const critic = member("Critic", "Checks plans, code and claims.", "Say what is wrong or missing, and nothing else.");
  const writer = member("ResearchWriter", "Writes the report.", "Write the report in Markdown and end with TERMINATE.");
  const executor = new UserProxyAgent({
    name: "Executor",
    description: "Runs the engineer's code and reports what came of it.",
    humanInputMode: "NEVER",
    codeExecutionConfig: { lastNMessages: 3, executor: createLocalExecutor({ workDir }) },
  });
  const groupchat = new GroupChat({
    agents: [admin, planner, engineer, scientist, executor, critic, writer],
    maxRound: 50,
  });
  const manager = new GroupChatManager({ groupchat, ...model });
  return runChat(admin.streamChat(manager, { message: TASK }), { watchers });
}

await runAsProgram(import.meta.url, runResearchTeam);
