import { CitewellError } from "../src/errors.ts";
import type { Lease, VectorStore } from "../src/store/vector-store.ts";
import { busy, type NamedClaim } from "./claim-lease.ts";
import { findWish } from "./collection-wish.ts";

/** Pause between two looks for wishes of others, in milliseconds. */
const LOOK_MS = 200;

/** How long a renewal on its way is waited for: behind the lease's release it would take the lease once more. */
const ARRIVAL_MS = 1_000;

/** A check that is repeated while a collection is held. */
export interface Beat {
  /** Aborts if the collection is no longer held, or should be given up. */
  readonly lost: AbortSignal;
  readonly stop: () => Promise<void>;
}

/**
 * Renews the lease until it is stopped, or until somebody else has the lease, or had it: a process that stood still (a
 * suspended machine) finds it free where another ingestion has come and gone, and would go on from what it knew before.
 */
export function keepAlive(store: VectorStore, { name, collection, claim }: NamedClaim, { since }: Lease): Beat {
  return startBeat(claim.ttlMs / 4, async (signal) => {
    const lease = await store.acquireLease(name, claim, { signal });
    if (lease.owner !== claim.owner) return busy(collection, lease);
    return lease.since === since ? null : overtaken(collection);
  });
}

function overtaken(collection: string): CitewellError {
  return new CitewellError(
    "collection_busy",
    `Another process has ingested into collection ${collection} while this one stood still: run it again to go on.`,
    { retryable: true },
  );
}

/** Looks repeatedly whether somebody else wants the collection. */
export function watchForWishes(store: VectorStore, { collection, claim }: NamedClaim): Beat {
  return startBeat(LOOK_MS, async (signal) => {
    const wish = await findWish(store, { collection, claim, signal });
    if (wish === null) return null;
    return new CitewellError(
      "collection_busy",
      `Collection ${collection} is wanted by ${wish.holder}, for whom this ingestion gives way: run it again to go on.`,
      { retryable: true },
    );
  });
}

function startBeat(everyMs: number, findLoss: (signal: AbortSignal) => Promise<CitewellError | null>): Beat {
  const lost = new AbortController();
  const stopped = new AbortController();
  const beat = async (): Promise<void> => {
    try {
      const loss = await findLoss(stopped.signal);
      if (loss !== null) lost.abort(loss);
    } catch {
      // The ingestion itself meets a fault of the store; a lease that was lost meanwhile shows at the next check.
    }
  };
  let running: Promise<void> | null = null;
  const timer = setInterval(() => {
    running ??= beat().finally(() => (running = null));
  }, everyMs);
  timer.unref();
  return {
    lost: lost.signal,
    async stop() {
      clearInterval(timer);
      const grace = setTimeout(() => stopped.abort(), ARRIVAL_MS);
      await running;
      clearTimeout(grace);
    },
  };
}
