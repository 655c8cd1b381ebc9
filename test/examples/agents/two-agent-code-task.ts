// An assistant writes code, a user proxy runs it and reports what came of it, until it works.
import { AssistantAgent, type ChatResult, createLocalExecutor, UserProxyAgent } from "../../../src/index.ts";
import { type ExampleParts, runAsProgram, runChat } from "./example-program.ts";

const TASK =
  "Write a JavaScript program (Node.js, no packages) that puts the first ten prime numbers into the file primes.txt, one a line, and prints their sum.";

/** Lets an assistant solve a task with code, with debugging. */
export async function runCodeTask(parts: ExampleParts): Promise<ChatResult> {
  const assistant = new AssistantAgent({ name: "assistant", ...parts.model });
  const user = new UserProxyAgent({
    name: "user",
    humanInputMode: "NEVER",
    maxConsecutiveAutoReply: 8,
    codeExecutionConfig: createLocalExecutor({ workDir: parts.workDir, timeoutSeconds: 30 }),
  });
  return runChat(user.streamChat(assistant, { message: TASK }), parts);
}

await runAsProgram(import.meta.url, runCodeTask);
