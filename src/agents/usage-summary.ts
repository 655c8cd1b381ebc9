import { addCosts, addUsage, NO_USAGE } from "../domain/usage.ts";
import { sumCosts } from "./chat-result.ts";
import type { ChatCost } from "./chat-result.ts";
import type { ModelCallRecord } from "./conversation.ts";

/** What an agent's model calls took, over all its conversations. */
export interface UsageCounter {
  add(call: ModelCallRecord): void;
  clear(): void;
  /** With the calls that a stored reply answered; null before the first. */
  total(): ChatCost | null;
  /** Only the calls that reached a model; null before the first. */
  actual(): ChatCost | null;
}

/** A counter at zero. It keeps one sum a model, however many calls there are. */
export function createUsageCounter(): UsageCounter {
  const total = new Map<string, ModelCallRecord>();
  const actual = new Map<string, ModelCallRecord>();
  return {
    add(call) {
      addTo(total, call);
      if (call.cached !== true) addTo(actual, call);
    },
    clear() {
      total.clear();
      actual.clear();
    },
    total: () => (total.size === 0 ? null : sumCosts([...total.values()])),
    actual: () => (actual.size === 0 ? null : sumCosts([...actual.values()])),
  };
}

function addTo(sums: Map<string, ModelCallRecord>, call: ModelCallRecord): void {
  const { usage, costUsd } = sums.get(call.model) ?? { usage: NO_USAGE, costUsd: 0 };
  sums.set(call.model, { ...call, usage: addUsage(usage, call.usage), costUsd: addCosts(costUsd, call.costUsd) });
}

/** Which usage a summary tells. */
export type UsageMode = "actual" | "total" | "both";

/** The usage of an agent as text, for people. */
export function describeUsage(
  name: string,
  { counter, mode }: { counter: Pick<UsageCounter, "actual" | "total">; mode: UsageMode },
): string {
  const parts = [
    ...(mode === "total" ? [] : [describeCost("without stored replies", counter.actual())]),
    ...(mode === "actual" ? [] : [describeCost("with stored replies", counter.total())]),
  ];
  return [`Usage of ${name}:`, ...parts].join("\n");
}

function describeCost(title: string, cost: ChatCost | null): string {
  if (cost === null) return `- ${title}: no model was called.`;
  const models = Object.entries(cost.models).map(
    ([model, { cost: own, promptTokens, completionTokens, totalTokens }]) =>
      `  - ${model}: ${describePrice(own)}, ${String(promptTokens)} + ${String(completionTokens)} = ${String(totalTokens)} tokens`,
  );
  return [`- ${title}: ${describePrice(cost.totalCost)}`, ...models].join("\n");
}

/** US dollars for people. */
export function describePrice(cost: number | null): string {
  return cost === null ? "price unknown" : `$${cost.toFixed(6)}`;
}

/** The usage of several agents together, with and without calls that a stored reply answered. */
export function gatherUsageSummary(
  agents: readonly { getTotalUsage(): ChatCost | null; getActualUsage(): ChatCost | null }[],
): { readonly usageIncludingCachedInference: ChatCost; readonly usageExcludingCachedInference: ChatCost } {
  if (!Array.isArray(agents)) throw new TypeError("gatherUsageSummary takes a list of agents: [user, assistant].");
  return {
    usageIncludingCachedInference: addChatCosts(agents.map((agent) => agent.getTotalUsage())),
    usageExcludingCachedInference: addChatCosts(agents.map((agent) => agent.getActualUsage())),
  };
}

function addChatCosts(costs: readonly (ChatCost | null)[]): ChatCost {
  const calls = costs.flatMap((cost) =>
    Object.entries(cost?.models ?? {}).map(([model, { cost: costUsd, promptTokens, completionTokens }]) => {
      return { agent: "", model, costUsd, usage: { promptTokens, completionTokens } };
    }),
  );
  return sumCosts(calls);
}
