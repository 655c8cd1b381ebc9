import { anySignal } from "../../domain/any-signal.ts";
import { checkOptions, type OptionKind } from "../../domain/check-options.ts";
import { countOf } from "../../domain/count-of.ts";
import { LONGEST_TIMER_MS } from "../../domain/longest-timer.ts";
import { beginTimeLimit } from "../../domain/time-limit.ts";
import type { TimeLimit } from "../../domain/time-limit.ts";
import type { ChatProgress, Conversation, ConversationOutcome } from "../conversation.ts";
import { sumCostUsd, sumUsage } from "../chat-result.ts";

/** What a chat may take; the first limit that is met ends it with a named reason. */
export interface ChatLimits {
  /** Messages of the initiator with their replies at most. @default no limit */
  readonly maxTurns?: number | undefined;
  /** The chat ends then, also in the middle of a reply. @default none */
  readonly deadline?: Date | undefined;
  /** Tokens of all model calls together, of prompts and replies; checked between messages. @default no limit */
  readonly maxTokens?: number | undefined;
  /**
   * US dollars for all model calls together, checked between messages. A call of unknown price ends the chat, because
   * the limit could no longer be kept.
   * @default no limit
   */
  readonly maxCostUsd?: number | undefined;
}

/** What limits must be, for `checkOptions`. */
export const LIMITS: Readonly<Record<keyof ChatLimits, OptionKind>> = {
  maxTurns: "count",
  deadline: ["a Date", (value) => value instanceof Date && Number.isFinite(value.getTime())],
  maxTokens: "amount",
  maxCostUsd: "amount",
};

/** Throws a `TypeError` for limits that are not right. */
export function checkLimits({ maxTurns, deadline, maxTokens, maxCostUsd }: ChatLimits): void {
  checkOptions({ maxTurns, deadline, maxTokens, maxCostUsd }, { owner: "chat", known: LIMITS });
}

/** The progress of a chat that begins now. */
export function beginProgress(
  conversation: Conversation,
  { next, limits }: { next: string; limits: ChatLimits },
): ChatProgress {
  const { maxTurns = null, deadline, maxTokens = null, maxCostUsd = null } = limits;
  return {
    next,
    turns: 0,
    maxTurns,
    deadline: deadline?.toISOString() ?? null,
    maxTokens,
    maxCostUsd,
    firstCall: conversation.modelCalls.length,
  };
}

/** The progress of a chat that goes on, with the limits that are given in place of those it had. */
export function changeLimits(progress: ChatProgress, limits: ChatLimits): ChatProgress {
  const { maxTurns, deadline, maxTokens, maxCostUsd } = limits;
  return {
    ...progress,
    ...(maxTurns === undefined ? {} : { maxTurns }),
    ...(deadline === undefined ? {} : { deadline: deadline.toISOString() }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(maxCostUsd === undefined ? {} : { maxCostUsd }),
  };
}

/** The limit that a chat has met; null while it may go on. */
export function metLimit({ progress, modelCalls }: Conversation): ConversationOutcome | null {
  if (progress === null) return null;
  const { turns, maxTurns, deadline, maxTokens, maxCostUsd, firstCall } = progress;
  if (maxTurns !== null && turns >= maxTurns) {
    return { status: "stopped", reason: "max-turns", detail: `The limit of ${countOf(maxTurns, "turn")} was met.` };
  }
  if (deadline !== null && Date.now() >= Date.parse(deadline)) return deadlineOutcome(deadline);
  if (maxTokens === null && maxCostUsd === null) return null;
  const calls = modelCalls.slice(firstCall);
  if (maxTokens !== null) {
    const { promptTokens, completionTokens } = sumUsage(calls);
    const used = promptTokens + completionTokens;
    if (used >= maxTokens && calls.length > 0) {
      const detail = `The chat took ${String(used)} tokens; its limit is ${String(maxTokens)}.`;
      return { status: "stopped", reason: "max-tokens", detail };
    }
  }
  return maxCostUsd === null || calls.length === 0 ? null : metCost(sumCostUsd(calls), maxCostUsd);
}

function metCost(cost: number | null, maxCostUsd: number): ConversationOutcome | null {
  const limit = `its limit is ${String(maxCostUsd)}`;
  if (cost === null) {
    const detail = `The price of one of the models is unknown, so the chat cannot keep to its limit; ${limit} US dollars.`;
    return { status: "stopped", reason: "max-cost", detail };
  }
  if (cost < maxCostUsd) return null;
  return { status: "stopped", reason: "max-cost", detail: `The chat took ${String(cost)} US dollars; ${limit}.` };
}

/** How a chat ends at its deadline. */
export function deadlineOutcome(deadline: string): ConversationOutcome {
  return { status: "stopped", reason: "deadline", detail: `The deadline ${deadline} was met.` };
}

/** Waits for the deadline of a chat; null when it has none that a timer can wait for: it is looked at between messages. */
export function beginDeadline({ progress }: Conversation): TimeLimit | null {
  const deadline = progress?.deadline ?? null;
  return deadline === null ? null : beginLimitAt(new Date(deadline));
}

/** Waits for a time; null for one that a timer cannot wait for. */
export function beginLimitAt(time: Date): TimeLimit | null {
  const milliseconds = Math.max(0, time.getTime() - Date.now());
  return milliseconds > LONGEST_TIMER_MS ? null : beginTimeLimit(milliseconds);
}

/** Aborts when a signal or a time limit does; undefined without any. */
export function eitherSignal(signal: AbortSignal | undefined, limit: TimeLimit | null): AbortSignal | undefined {
  return limit === null ? signal : anySignal(signal, limit.signal);
}
