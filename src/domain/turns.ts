import { untilAborted } from "./until-aborted.ts";

/** Lets work of one name come one after the other, within this process. */
export interface Turns {
  /** Whether somebody has a turn of this name, or waits for one. */
  isTaken(name: string): boolean;
  /**
   * Waits until the turns of this name that were asked for before have ended; the function it resolves to ends this one.
   * Rejects with the signal's reason; whoever waits behind then still waits for those before.
   */
  take(name: string, signal?: AbortSignal): Promise<() => void>;
}

/** Nobody has a turn yet. */
export function createTurns(): Turns {
  const last = new Map<string, Promise<void>>();
  return {
    isTaken: (name) => last.has(name),
    async take(name, signal) {
      const before = last.get(name) ?? Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      last.set(name, promise);
      const end = (): void => {
        if (last.get(name) === promise) last.delete(name);
        resolve();
      };
      try {
        await untilAborted(before, signal);
      } catch (error) {
        void before.then(end);
        throw error;
      }
      return end;
    },
  };
}
