import { LONGEST_TIMER_MS } from "./longest-timer.ts";

/** A time after which work is broken off. */
export interface TimeLimit {
  /** Aborted with a `TimeoutError` when the time is over. */
  readonly signal: AbortSignal;
  /** Ends the waiting; call it when the work is done. */
  clear(): void;
}

/**
 * Begins a time limit. Unlike `AbortSignal.timeout` it keeps the process running until then: work that waits for nothing
 * else would otherwise end the program in silence, and nobody would hear that the time was over.
 */
export function beginTimeLimit(milliseconds: number): TimeLimit {
  const controller = new AbortController();
  const timer = setTimeout(
    () => controller.abort(new DOMException("The time limit was met.", "TimeoutError")),
    Math.min(milliseconds, LONGEST_TIMER_MS),
  );
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}
