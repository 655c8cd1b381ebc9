import { createTurns } from "../domain/turns.ts";
import { CitewellError } from "../errors.ts";

/** Options of {@link createTurnQueue}. */
export interface TurnQueueOptions {
  /** Questions of one conversation that may wait for those before them. @default 10 */
  readonly maxWaiting?: number;
  /** Such questions of all conversations together. @default 100 */
  readonly maxWaitingInAll?: number;
}

/** Lets the questions of one conversation come one after the other. */
export interface TurnQueue {
  /**
   * Waits until the questions before this one have ended; call the function it resolves to when this one has. Rejects
   * with `rate_limited` when too many wait, and with the signal's reason when it aborts first. Without an id nobody waits.
   */
  begin(id: string | undefined, signal?: AbortSignal): Promise<() => void>;
}

/** Questions of one conversation are answered one after the other, so that each sees the answers before it. */
export function createTurnQueue({ maxWaiting = 10, maxWaitingInAll = 100 }: TurnQueueOptions = {}): TurnQueue {
  const turns = createTurns();
  const waiting = new Map<string, number>();
  const checkRoom = (id: string): void => {
    const here = waiting.get(id) ?? 0;
    const inAll = [...waiting.values()].reduce((sum, count) => sum + count, 0);
    if (here >= maxWaiting) throw tooMany(`${here} questions wait in this conversation already`);
    if (inAll >= maxWaitingInAll)
      throw tooMany(`${inAll} questions wait for earlier ones of their conversations already`);
  };
  return {
    async begin(id, signal) {
      if (id === undefined) return () => undefined;
      if (!turns.isTaken(id)) return await turns.take(id, signal);
      checkRoom(id);
      waiting.set(id, (waiting.get(id) ?? 0) + 1);
      try {
        return await turns.take(id, signal);
      } finally {
        const left = (waiting.get(id) ?? 1) - 1;
        if (left === 0) waiting.delete(id);
        else waiting.set(id, left);
      }
    },
  };
}

function tooMany(what: string): CitewellError {
  return new CitewellError(
    "rate_limited",
    `${what}; send this one when one of them is answered, or begin a new conversation.`,
    {
      retryable: true,
      retryAfterSeconds: 5,
    },
  );
}
