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
        await beforeAbort(before, signal);
      } catch (error) {
        // Whoever waits behind this one still waits for those before it.
        void before?.then(end);
        throw error;
      }
      return end;
    },
  };
}

/** Waits for what never fails; rejects with the signal's reason when it aborts first. */
async function beforeAbort(work: Promise<void> | undefined, signal: AbortSignal | undefined): Promise<void> {
  if (work === undefined || signal === undefined) return work;
  const { promise: aborted, reject } = Promise.withResolvers<void>();
  const giveUp = (): void => reject(signal.reason);
  if (signal.aborted) giveUp();
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}
