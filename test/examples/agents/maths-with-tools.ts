// A model that is bad at sums wishes for a calculator, and the user proxy runs it.
import { z } from "zod";
import { AssistantAgent, type ChatResult, UserProxyAgent } from "../../../src/index.ts";
import { type ExampleParts, runAsProgram, runChat } from "./example-program.ts";

const CALCULATION = z.object({
  left: z.number(),
  operation: z.enum(["+", "-", "*", "/", "power"]),
  right: z.number(),
});

function calculate({ left, operation, right }: z.infer<typeof CALCULATION>): number {
  switch (operation) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      if (right === 0) throw new RangeError("Nothing can be divided by 0.");
      return left / right;
    case "power":
      return left ** right;
    default:
      return operation satisfies never;
  }
}

/** Solves a sum with a calculator as a tool. */
export async function runMathsWithTools(parts: ExampleParts): Promise<ChatResult> {
  const assistant = new AssistantAgent({
    name: "assistant",
    systemMessage:
      "Solve the problem. Never calculate yourself: call the tool for every single step. End your answer with TERMINATE.",
    ...parts.model,
  });
  const user = new UserProxyAgent({ name: "user", humanInputMode: "NEVER", maxConsecutiveAutoReply: 10 });
  const tool = assistant.registerForLlm({
    name: "calculate",
    description: "Calculates with two numbers.",
    parameters: CALCULATION,
  })(calculate);
  user.registerForExecution()(tool);
  return runChat(user.streamChat(assistant, { message: "What is 17 times 23, plus 4 to the power of 5?" }), parts);
}

await runAsProgram(import.meta.url, runMathsWithTools);
