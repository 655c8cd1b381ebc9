// What-if questions about a supply chain: a commander asks a writer for numbers, a safeguard looks at them, and only
// then the plan is worked out anew.
import { z } from "zod";
import { AssistantAgent, ConversableAgent, UserProxyAgent } from "../../../src/index.ts";
import type { ChatResult } from "../../../src/index.ts";
import { runAsProgram, runChat } from "./example-program.ts";
import type { ExampleParts } from "./example-program.ts";

const SUPPLIERS = { north: { capacity: 100, price: 4 }, south: { capacity: 80, price: 6 } };
const DEMAND = 120;

const change = z.strictObject({
  demand: z.number().min(0).optional(),
  capacity: z.partialRecord(z.enum(["north", "south"]), z.number().min(0)).optional(),
});

/** The cheapest way to meet the demand, or that there is none. */
export function planSupply({ demand = DEMAND, capacity = {} }: z.infer<typeof change> = {}): string {
  let left = demand;
  let cost = 0;
  const cheapestFirst = Object.entries({ ...SUPPLIERS }).toSorted(([, one], [, other]) => one.price - other.price);
  for (const [name, supplier] of cheapestFirst) {
    const limit = name === "north" || name === "south" ? (capacity[name] ?? supplier.capacity) : 0;
    const taken = Math.min(left, limit);
    left -= taken;
    cost += taken * supplier.price;
  }
  return left > 0 ? `no plan: ${String(left)} units are missing` : `cost ${String(cost)}`;
}

function readJson(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    // The check behind this one says what is wrong.
    return text;
  }
}

/** Answers one what-if question. */
export async function runSupplyChain({ model, watchers }: ExampleParts): Promise<ChatResult> {
  const writer = new AssistantAgent({
    name: "writer",
    systemMessage:
      'Turn the question into JSON: {"demand": units, "capacity": {"north": units, "south": units}}; leave out what does not change.',
    ...model,
  });
  const safeguard = new AssistantAgent({
    name: "safeguard",
    systemMessage: "Say SAFE when the change does nothing but describe demand and capacities, else DANGER.",
    ...model,
  });
  const commander = new ConversableAgent({ name: "commander", humanInputMode: "NEVER" });
  commander.registerReply("user", async ({ messages, conversation, signal }) => {
    const question = messages.at(-1)?.content ?? "";
    const [written, checked] = await commander.initiateChats([
      { recipient: writer, message: question, maxTurns: 1, signal },
      { recipient: safeguard, message: "Is this change safe?", maxTurns: 1, signal },
    ]);
    for (const chat of [written, checked]) conversation.modelCalls.push(...(chat?.conversation.modelCalls ?? []));
    if (written === undefined || checked?.summary.trim() !== "SAFE")
      return "This question is not answered: it is not safe.";
    const parsed = z.preprocess(readJson, change).safeParse(written.summary);
    if (!parsed.success) return `This question is not understood: ${z.prettifyError(parsed.error)}`;
    return `Before: ${planSupply()}. Then: ${planSupply(parsed.data)}.`;
  });
  const user = new UserProxyAgent({ name: "user", humanInputMode: "NEVER" });
  const message = "What if the northern supplier can deliver only 50 units?";
  return runChat(user.streamChat(commander, { message, maxTurns: 1 }), { watchers });
}

await runAsProgram(import.meta.url, runSupplyChain);
