import { setTimeout as wait } from "node:timers/promises";
import { createTurns } from "../../src/domain/turns.ts";
import { untilAborted } from "../../src/domain/until-aborted.ts";

/** Of this process: two ingestions at once are no less polite than one. */
const turns = createTurns();
/** When the next request to a host may be sent, on the clock of `performance`. */
const freeAt = new Map<string, number>();

/** Runs requests to one host one after the other, with a pause of some milliseconds after each. */
export async function inHostTurn<Result>(
  host: string,
  { pauseMs, signal }: { readonly pauseMs: number; readonly signal: AbortSignal },
  work: () => Promise<Result>,
): Promise<Result> {
  const end = await turns.take(host, signal);
  const before = freeAt.get(host) ?? 0;
  try {
    const milliseconds = before - performance.now();
    if (milliseconds > 0) await untilAborted(wait(milliseconds), signal);
    return await work();
  } finally {
    freeAt.set(host, Math.max(before, performance.now() + pauseMs));
    end();
  }
}
