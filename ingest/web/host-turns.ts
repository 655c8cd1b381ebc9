import { setTimeout as wait } from "node:timers/promises";
import { untilAborted } from "../../src/domain/until-aborted.ts";

interface HostQueue {
  /** Resolves when everybody who queued up is done. */
  readonly end: Promise<void>;
  /** When the next request may be sent, on the clock of `performance`. */
  freeAt: number;
}

/** Of this process: two ingestions at once are no less polite than one. */
const queues = new Map<string, HostQueue>();

/** Runs requests to one host one after the other, with a pause of some milliseconds after each. */
export async function inHostTurn<Result>(
  host: string,
  { pauseMs, signal }: { readonly pauseMs: number; readonly signal: AbortSignal },
  work: () => Promise<Result>,
): Promise<Result> {
  const before = queues.get(host);
  const turn = Promise.withResolvers<void>();
  const queue: HostQueue = {
    end: Promise.all([before?.end, turn.promise]).then(() => undefined),
    freeAt: 0,
  };
  queues.set(host, queue);
  try {
    await untilAborted(before?.end ?? Promise.resolve(), signal);
    await pause((before?.freeAt ?? 0) - performance.now(), signal);
    return await work();
  } finally {
    queue.freeAt = Math.max(before?.freeAt ?? 0, performance.now() + pauseMs);
    turn.resolve();
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds > 0) await untilAborted(wait(milliseconds), signal);
}
