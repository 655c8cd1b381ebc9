import { untilAborted } from "../domain/until-aborted.ts";

/** Lets the questions of one conversation come one after the other. */
export interface TurnQueue {
  /**
   * Waits until the questions before this one have ended; call the function it resolves to when this one has. Rejects
   * with the signal's reason when it aborts first. Without an id nobody waits.
   */
  begin(id: string | undefined, signal?: AbortSignal): Promise<() => void>;
}

/** Questions of one conversation are answered one after the other, so that each sees the answers before it. */
export function createTurnQueue(): TurnQueue {
  const last = new Map<string, Promise<void>>();
  return {
    async begin(id, signal) {
      if (id === undefined) return () => undefined;
      const before = last.get(id);
      const { promise, resolve } = Promise.withResolvers<void>();
      last.set(id, promise);
      const end = (): void => {
        if (last.get(id) === promise) last.delete(id);
        resolve();
      };
      try {
        if (before !== undefined) await untilAborted(before, signal);
      } catch (error) {
        // Whoever waits behind this one still waits for those before it.
        void before?.then(end);
        throw error;
      }
      return end;
    },
  };
}
