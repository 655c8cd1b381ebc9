import { setTimeout as sleep } from "node:timers/promises";
import type { IngestEvent } from "../src/domain/ingest.ts";
import { untilAborted } from "../src/domain/until-aborted.ts";
import { CitewellError } from "../src/errors.ts";
import { createOwner, isDead, processName } from "../src/process-owner.ts";
import type { CallOptions, Lease, LeaseClaim, VectorStore } from "../src/store/vector-store.ts";
import { createWish, findWish } from "./collection-wish.ts";

/**
 * How the holder of a collection treats others that want it. `brief`: it is done within moments, so that they wait for
 * it. `gives-way`: it stops for them and is run again later. `whole`: it keeps the collection until its work is done.
 */
export type HoldManner = "brief" | "gives-way" | "whole";

/** A claim with an owner that no other claim has, of this process or of another one. */
export function createClaim(ttlMs: number, manner: HoldManner = "whole"): LeaseClaim {
  return { owner: `${createOwner()}/${manner}`, holder: processName(), ttlMs };
}

/**
 * The manner of an owner. Owners of older versions do not name one; they keep the collection until their work is done.
 */
function mannerOf(owner: string): HoldManner {
  const manner = owner.slice(owner.lastIndexOf("/") + 1);
  return manner === "brief" || manner === "gives-way" ? manner : "whole";
}

/** A claim on the name of a lease, to hold a collection or one of its shards. */
export interface NamedClaim {
  readonly name: string;
  readonly collection: string;
  readonly claim: LeaseClaim;
}

const RETRY_MS = 500;
/** Pause between two tries for a lease that becomes free within moments, in milliseconds. */
const SOON_MS = 100;

/**
 * Waits until nobody else has the lease, and takes it; asks holders that give way for it. Yields one event if it has to
 * wait. Returns the lease.
 * @throws CitewellError `collection_busy` naming who has it after the wait.
 */
export async function* claimLease(
  store: VectorStore,
  options: NamedClaim & { readonly waitMs: number } & CallOptions,
): AsyncGenerator<IngestEvent, Lease> {
  const { collection, claim, waitMs, signal } = options;
  const givesWay = mannerOf(claim.owner) === "gives-way";
  const wish = createWish(store, options);
  let giveUpAt: number | null = null;
  try {
    for (let tries = 0; ; tries += 1) {
      const lease = (givesWay ? await findWish(store, options) : null) ?? (await tryLease(store, options));
      if (lease.owner === claim.owner) return lease;
      giveUpAt ??= performance.now() + waitMs;
      if (performance.now() >= giveUpAt) throw busy(collection, lease);
      const manner = mannerOf(lease.owner);
      const isShort = manner === "brief" || (manner === "gives-way" && !givesWay);
      if (tries === 0) yield { type: "lease-wait", holder: lease.holder, since: lease.since, isShort };
      if (!givesWay) await wish.make({ signal });
      await untilAborted(sleep(Math.min(isShort ? SOON_MS : RETRY_MS, waitMs)), signal);
    }
  } finally {
    await wish.end();
  }
}

/** Claims a lease, taking it from owners whose process has ended. Resolves to the lease in force then. */
async function tryLease(store: VectorStore, { name, claim, signal }: NamedClaim & CallOptions): Promise<Lease> {
  let lease = await store.acquireLease(name, claim, { signal });
  while (lease.owner !== claim.owner && isDead(lease.owner)) {
    lease = await store.acquireLease(name, { ...claim, replaces: lease.owner }, { signal });
  }
  return lease;
}

/** The error for a collection that somebody else holds. */
export function busy(collection: string, { holder, since, expiresAt }: Lease): CitewellError {
  return new CitewellError(
    "collection_busy",
    `Collection ${collection} is being ingested into by ${holder} since ${since}: wait until that is done, or stop it. ` +
      `If it is gone already, the collection comes free at ${expiresAt}.`,
    { retryable: true },
  );
}
