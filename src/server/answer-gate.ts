import { CitewellError } from "../errors.ts";

/** Options of {@link createAnswerGate}. */
export interface AnswerGateOptions {
  /**
   * Answers worked on at the same time.
   * @default 8
   */
  readonly maxConcurrent?: number;
  /**
   * Questions that may wait for room.
   * @default 100
   */
  readonly maxWaiting?: number;
}

/** Lets a limited number of answers through at a time. */
export interface AnswerGate {
  /**
   * Waits for room; call the function it resolves to when done. Rejects with `rate_limited` when too many wait, and
   * with the signal's reason when it aborts first.
   */
  enter(signal?: AbortSignal): Promise<() => void>;
}

/** Creates a gate. A waiter that aborts gives its place free at once, which p-limit's queue would not. */
export function createAnswerGate({ maxConcurrent = 8, maxWaiting = 100 }: AnswerGateOptions = {}): AnswerGate {
  const waiting = new Set<() => void>();
  let running = 0;

  const leave = (): void => {
    running -= 1;
    const [next] = waiting;
    if (next !== undefined) next();
  };

  const take = (): (() => void) => {
    running += 1;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      leave();
    };
  };

  return {
    async enter(signal) {
      signal?.throwIfAborted();
      if (running < maxConcurrent) return take();
      if (waiting.size >= maxWaiting) {
        throw new CitewellError(
          "rate_limited",
          `${running} questions are being answered and ${waiting.size} wait; try again in a few seconds.`,
          { retryable: true, retryAfterSeconds: 5 },
        );
      }
      const { promise, resolve, reject } = Promise.withResolvers<() => void>();
      const start = (): void => {
        waiting.delete(start);
        signal?.removeEventListener("abort", giveUp);
        resolve(take());
      };
      const giveUp = (): void => {
        waiting.delete(start);
        reject(signal?.reason);
      };
      waiting.add(start);
      signal?.addEventListener("abort", giveUp, { once: true });
      return promise;
    },
  };
}
