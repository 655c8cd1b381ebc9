import { untilAborted } from "../src/domain/until-aborted.ts";
import type { VectorStore } from "../src/store/vector-store.ts";

const queues = new WeakMap<VectorStore, Map<string, Promise<void>>>();

/**
 * Waits until no other ingestion of this process works on the collection, since two at once would undo each other's
 * work. Resolves to the function that ends the turn.
 */
export async function takeTurn(store: VectorStore, collection: string, signal?: AbortSignal): Promise<() => void> {
  const queue = queues.get(store) ?? new Map<string, Promise<void>>();
  queues.set(store, queue);
  const before = queue.get(collection) ?? Promise.resolve();
  const turn = Promise.withResolvers<void>();
  const end = before.then(() => turn.promise);
  queue.set(collection, end);
  const finish = (): void => {
    turn.resolve();
    if (queue.get(collection) === end) queue.delete(collection);
  };
  try {
    await untilAborted(before, signal);
  } catch (error) {
    turn.resolve();
    throw error;
  }
  return finish;
}
