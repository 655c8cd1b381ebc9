import { setTimeout as delay } from "node:timers/promises";
import { passOn } from "../domain/pass-on.ts";
import { CitewellError, errorMessage, isCitewellError } from "../errors.ts";
import { commonWindow } from "./common-window.ts";
import type { LanguageModel, ModelAttempt, ModelReply, ModelRequest } from "./language-model.ts";
import { refusedKey } from "./refused-key.ts";

/** Options of {@link createFailoverModel}. */
export interface FailoverModelOptions {
  /**
   * How often the list is walked before giving up.
   * @default 3
   */
  readonly passes?: number;
  /**
   * Milliseconds before the second walk; doubled before each further one, with up to a quarter more at random. A time
   * that the endpoint names (`Retry-After`) is waited for instead where it is longer.
   * @default 500
   */
  readonly backoffMs?: number;
  /**
   * Longest wait in milliseconds; an endpoint that asks for more is given up.
   * @default 30_000
   */
  readonly maxBackoffMs?: number;
  /** Hears of every attempt, and of a refused key before the next entry is tried. */
  readonly onAttempt?: (attempt: ModelAttempt) => void;
  /** Waits; rejects with the signal's reason when aborted. @default a timer */
  readonly wait?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

/**
 * One model made of a list: what may pass (no connection, a time limit, 429, 5xx) and a refused key move on to the next
 * entry, and after the last one back to the first, with a growing wait. A request that is wrong in itself (400) and an
 * unknown model (404) fail at once. So does a reply that breaks off after its first words: they were seen already.
 */
export function createFailoverModel(
  models: readonly LanguageModel[],
  { passes = 3, backoffMs = 500, maxBackoffMs = 30_000, onAttempt, wait = waitFor }: FailoverModelOptions = {},
): LanguageModel {
  const [first] = models;
  if (first === undefined) throw new TypeError("createFailoverModel needs one model or more; the list is empty.");
  if (!Number.isInteger(passes) || passes < 1) throw new TypeError(`passes must be from 1, not ${String(passes)}.`);

  return {
    name: first.name,
    contextWindow: commonWindow(models),
    async *stream(request) {
      const attempts: ModelAttempt[] = [];
      let candidates = [...models];
      let lastError: unknown;
      for (let pass = 0; pass < passes && candidates.length > 0; pass += 1) {
        if (pass > 0) {
          const milliseconds = waitBefore(pass, { lastError, backoffMs });
          if (milliseconds > maxBackoffMs) break;
          await wait(milliseconds, request.signal);
        }
        for (const model of candidates) {
          const outcome = yield* attempt(model, request);
          attempts.push(outcome.attempt);
          onAttempt?.(outcome.attempt);
          if (outcome.reply !== null) return { ...outcome.reply, attempts };
          if (!outcome.mayMoveOn) throw outcome.error;
          lastError = outcome.error;
          // A key that was refused once will be refused again.
          if (refusedKey(outcome.error)) candidates = candidates.filter((candidate) => candidate !== model);
        }
      }
      throw giveUp(attempts, lastError);
    },
  };
}

type Outcome =
  | { readonly attempt: ModelAttempt; readonly reply: ModelReply }
  | { readonly attempt: ModelAttempt; readonly reply: null; readonly error: unknown; readonly mayMoveOn: boolean };

async function* attempt(model: LanguageModel, request: ModelRequest): AsyncGenerator<string, Outcome> {
  const start = performance.now();
  let spoken = false;
  const record = (error: string | null): ModelAttempt => ({
    model: model.name,
    error,
    milliseconds: Math.round(performance.now() - start),
  });
  try {
    const reply = yield* passOn(model.stream(request), (text) => {
      spoken = true;
      return [text];
    });
    return { attempt: record(null), reply };
  } catch (error) {
    request.signal?.throwIfAborted();
    const passing = isCitewellError(error) && (error.retryable || refusedKey(error));
    return { attempt: record(errorMessage(error)), reply: null, error, mayMoveOn: passing && !spoken };
  }
}

function waitBefore(pass: number, { lastError, backoffMs }: { lastError: unknown; backoffMs: number }): number {
  const asked = lastError instanceof CitewellError ? (lastError.retryAfterSeconds ?? 0) * 1_000 : 0;
  const grown = backoffMs * 2 ** (pass - 1) * (1 + Math.random() / 4);
  return Math.max(asked, grown);
}

function giveUp(attempts: readonly ModelAttempt[], lastError: unknown): unknown {
  if (attempts.length < 2 || !isCitewellError(lastError)) return lastError;
  const list = [...new Map(attempts.map(({ model, error }) => [`${model}: ${error ?? ""}`, null])).keys()];
  return new CitewellError(
    lastError.code,
    `No model answered after ${String(attempts.length)} attempts. ${list.join(" ")}`,
    {
      cause: lastError,
      retryable: lastError.retryable,
      ...(lastError.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: lastError.retryAfterSeconds }),
    },
  );
}

async function waitFor(milliseconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await delay(milliseconds, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
