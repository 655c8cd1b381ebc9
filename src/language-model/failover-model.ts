import { setTimeout as delay } from "node:timers/promises";
import { checkOptions, type OptionKind } from "../domain/check-options.ts";
import { passOn } from "../domain/pass-on.ts";
import { runToEnd } from "../domain/run-to-end.ts";
import { addCosts, addUsage, NO_USAGE } from "../domain/usage.ts";
import { CitewellError, errorMessage, isCitewellError } from "../errors.ts";
import type { LanguageModel, ModelAttempt, ModelReply, ModelRequest } from "./language-model.ts";

/** Options of {@link createFailoverModel}. */
export interface FailoverModelOptions {
  /** How often the list is walked before giving up. @default 3 */
  readonly passes?: number | undefined;
  /**
   * Milliseconds before the second walk; doubled before each further one, with up to a quarter more at random. A time
   * that the endpoint names (`Retry-After`) is waited for instead where it is longer.
   * @default 500
   */
  readonly backoffMs?: number | undefined;
  /** Longest wait in milliseconds; an endpoint that asks for more is given up. @default 30_000 */
  readonly maxBackoffMs?: number | undefined;
  /**
   * Whether a reply is good enough. One that is not moves on to the next entry, which counts it in, and is passed on by
   * nobody: hence replies come whole then, but for the last entry's, which is taken anyway. Default: every reply is.
   */
  readonly accepts?: ((reply: ModelReply) => boolean | Promise<boolean>) | undefined;
  /** Hears of every attempt, and of a refused key before the next entry is tried. Default: nobody. */
  readonly onAttempt?: ((attempt: ModelAttempt) => void) | undefined;
  /** Waits; rejects with the signal's reason when aborted. @default a timer */
  readonly wait?: ((milliseconds: number, signal?: AbortSignal) => Promise<void>) | undefined;
}

/** The names of these options, for `checkOptions`. */
export const FAILOVER_OPTIONS: Readonly<Record<keyof FailoverModelOptions, OptionKind>> = {
  passes: "count",
  backoffMs: "number",
  maxBackoffMs: "number",
  accepts: "function",
  onAttempt: "function",
  wait: "function",
};

/**
 * One model made of a list: a reply that is not accepted, what may pass (no connection, a time limit, 429, 5xx) and a
 * refused key move on to the next entry, and after the last one back to the first, with a growing wait. A request that is
 * wrong in itself (400) and an unknown model (404) fail at once. So does a reply that breaks off after its first words:
 * they were seen already.
 */
export function createFailoverModel(
  models: readonly LanguageModel[],
  options: FailoverModelOptions = {},
): LanguageModel {
  checkOptions(options, { owner: "createFailoverModel", known: FAILOVER_OPTIONS });
  const { passes = 3, backoffMs = 500, maxBackoffMs = 30_000, accepts, onAttempt, wait = waitFor } = options;
  const first = checkModels(models);

  return {
    name: first.name,
    contextWindow: commonWindow(models),
    async *stream(request) {
      const attempts: ModelAttempt[] = [];
      const unfit: ModelReply[] = [];
      let candidates = [...models];
      let lastError: unknown;
      for (let pass = 0; pass < passes && candidates.length > 0; pass += 1) {
        if (pass > 0) {
          const milliseconds = waitBefore(pass, { lastError, backoffMs });
          if (milliseconds > maxBackoffMs) break;
          await wait(milliseconds, request.signal);
        }
        for (const model of candidates) {
          const outcome = yield* attempt(model, { request, accepts: model === models.at(-1) ? undefined : accepts });
          attempts.push(outcome.attempt);
          onAttempt?.(outcome.attempt);
          if (outcome.type === "reply") return { ...together([...unfit, outcome.reply]), attempts };
          if (outcome.type === "unfit") {
            unfit.push(outcome.reply);
            candidates = candidates.filter((candidate) => candidate !== model);
            continue;
          }
          if (!outcome.mayMoveOn) throw outcome.error;
          lastError = outcome.error;
          // A key that was refused once will be refused again.
          if (refusedKey(outcome.error)) candidates = candidates.filter((candidate) => candidate !== model);
        }
      }
      const last = unfit.at(-1);
      if (last === undefined) throw giveUp(attempts, lastError);
      if (last.content !== "") yield last.content;
      return { ...together(unfit), attempts };
    },
  };
}

function checkModels(models: readonly LanguageModel[]): LanguageModel {
  const isList: boolean = Array.isArray(models);
  if (!isList || !models.every((model) => typeof model?.stream === "function")) {
    throw new TypeError('createFailoverModel takes a list of models: [createOpenAiModel({ model: "gpt-4o" })].');
  }
  const [first] = models;
  if (first === undefined) throw new TypeError("createFailoverModel needs one model or more; the list is empty.");
  return first;
}

type Outcome = { readonly attempt: ModelAttempt } & (
  | { readonly type: "reply"; readonly reply: ModelReply }
  | { readonly type: "unfit"; readonly reply: ModelReply }
  | { readonly type: "error"; readonly error: unknown; readonly mayMoveOn: boolean }
);

async function* attempt(
  model: LanguageModel,
  {
    request,
    accepts,
  }: { readonly request: ModelRequest; readonly accepts: FailoverModelOptions["accepts"] | undefined },
): AsyncGenerator<string, Outcome> {
  const start = performance.now();
  let spoken = false;
  const record = (error: string | null): ModelAttempt => ({
    model: model.name,
    error,
    milliseconds: Math.round(performance.now() - start),
  });
  try {
    const pieces = passOn(model.stream(request), (text) => {
      spoken = accepts === undefined;
      return [text];
    });
    const reply = accepts === undefined ? yield* pieces : await runToEnd(pieces);
    if (accepts === undefined) return { type: "reply", attempt: record(null), reply };
    if (!(await accepts(reply))) return { type: "unfit", attempt: record("Its reply did not pass the filter."), reply };
    if (reply.content !== "") yield reply.content;
    return { type: "reply", attempt: record(null), reply };
  } catch (error) {
    request.signal?.throwIfAborted();
    const passing = isCitewellError(error) && (error.retryable || refusedKey(error));
    return { type: "error", attempt: record(errorMessage(error)), error, mayMoveOn: passing && !spoken };
  }
}

/** The context window that every one of several models has; null where that of one is unknown. */
function commonWindow(models: readonly LanguageModel[]): number | null {
  const windows = models.flatMap(({ contextWindow }) => (contextWindow === null ? [] : [contextWindow]));
  return windows.length === models.length ? Math.min(...windows) : null;
}

/** Whether an endpoint turned the key down: another entry's key may do. */
function refusedKey(error: unknown): boolean {
  return isCitewellError(error, "model_call_failed") && [401, 403].includes(statusOf(error) ?? 0);
}

/** The HTTP status behind a translated error, else undefined. */
function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("status" in error && typeof error.status === "number") return error.status;
  return error.cause === undefined ? undefined : statusOf(error.cause);
}

/** The last reply with what all took: those that were not good enough were paid for, too. Stored ones took nothing. */
function together(replies: readonly ModelReply[]): ModelReply {
  const last = replies.at(-1);
  if (last === undefined) throw new Error("There is no reply to pass on.");
  const fresh = replies.filter(({ cached }) => cached !== true);
  if (replies.length === 1 || fresh.length === 0) return last;
  return {
    ...last,
    cached: false,
    usage: fresh.reduce((sum, { usage }) => addUsage(sum, usage), NO_USAGE),
    costUsd: fresh.reduce<number | null>((sum, { costUsd }) => addCosts(sum, costUsd), 0),
  };
}

function waitBefore(pass: number, { lastError, backoffMs }: { lastError: unknown; backoffMs: number }): number {
  const asked = lastError instanceof CitewellError ? (lastError.retryAfterSeconds ?? 0) * 1_000 : 0;
  const grown = backoffMs * 2 ** (pass - 1) * (1 + Math.random() / 4);
  return Math.max(asked, grown);
}

/** The sentence of an error with the model's name, which most of them begin with. */
function namedBy(model: string, sentence: string): string {
  return sentence.startsWith(`${model} `) ? sentence : `${model}: ${sentence}`;
}

function giveUp(attempts: readonly ModelAttempt[], lastError: unknown): unknown {
  if (attempts.length < 2 || !isCitewellError(lastError)) return lastError;
  const list = [...new Set(attempts.map(({ model, error }) => namedBy(model, error ?? "")))];
  return new CitewellError(
    lastError.code,
    `No model answered after ${String(attempts.length)} attempts. ${list.join(" ")}`,
    {
      cause: lastError,
      retryable: lastError.retryable,
      retryAfterSeconds: lastError.retryAfterSeconds,
    },
  );
}

async function waitFor(milliseconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await delay(milliseconds, undefined, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
