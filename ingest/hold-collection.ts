import { setTimeout as sleep } from "node:timers/promises";
import type { IngestEvent } from "../src/domain/ingest.ts";
import { runToEnd } from "../src/domain/run-to-end.ts";
import { untilAborted } from "../src/domain/until-aborted.ts";
import { CitewellError } from "../src/errors.ts";
import { isDead } from "../src/process-owner.ts";
import type { CallOptions, Lease, LeaseClaim, VectorStore } from "../src/store/vector-store.ts";
import { takeTurn } from "./collection-turns.ts";
import { createWish, findWish } from "./collection-wish.ts";
import { createClaim, type HoldManner, mannerOf } from "./create-claim.ts";
import { releaseShared, type Shard, shardLease, sharedClaim } from "./shard.ts";

/** Times by which ingestions of one collection wait for each other. */
export interface HoldTimes {
  /**
   * How long to wait for another process, in milliseconds. By default it is longer than `ttlMs`, so that a collection
   * becomes free in this time if its holder was killed on another machine.
   * @default 30_000
   */
  readonly waitMs?: number;
  /**
   * How long a collection stays held after its holder's last sign of life, in milliseconds.
   * @default 20_000
   */
  readonly ttlMs?: number;
}

/** A collection that nobody else ingests into. */
export interface HeldCollection {
  /**
   * Aborts with the caller's signal. Also aborts with `collection_busy` if the lease was lost to somebody else, or if
   * this holder gives way and somebody else wants the collection.
   */
  readonly signal: AbortSignal;
  /** Gives it back; never rejects. */
  end(): Promise<void>;
}

/** Options of {@link holdCollection}. */
export interface HoldOptions extends HoldTimes {
  readonly collection: string;
  /**
   * The shard to hold; other shards of the same count may be held by others meanwhile.
   * @default the whole collection
   */
  readonly shard?: Shard | undefined;
  /**
   * How it treats others that want the collection; those that give way do so for all who do not.
   * @default "whole"
   */
  readonly manner?: HoldManner;
  readonly signal?: AbortSignal;
  /**
   * How long to wait for an ingestion of this process, in milliseconds.
   * @default until it is done
   */
  readonly turnWaitMs?: number;
}

const RETRY_MS = 500;
/** Pause between two tries for a lease that becomes free within moments, in milliseconds. */
const SOON_MS = 100;
/** Pause between two looks for wishes of others, in milliseconds. */
const LOOK_MS = 200;
const WAIT_MS = 30_000;

/**
 * Waits until no other ingestion works on the collection, in this process, in another one or on another machine, and
 * takes the lease. Yields one event if it has to wait for another process. Shards of one count hold the collection
 * together.
 *
 * @throws CitewellError `collection_busy` naming who holds it.
 */
export async function* holdCollection(
  store: VectorStore,
  { collection, shard, manner, signal, turnWaitMs, waitMs = WAIT_MS, ttlMs = 20_000 }: HoldOptions,
): AsyncGenerator<IngestEvent, HeldCollection> {
  const name = shard === undefined ? collection : shardLease(collection, shard);
  const endTurn = await waitForTurn(store, { collection: name, signal, turnWaitMs });
  const own: NamedClaim = { name, collection, claim: createClaim(ttlMs, manner) };
  const claims = shard === undefined ? [own] : [own, { ...own, name: collection, claim: sharedClaim(shard, ttlMs) }];
  const giveBack = async (): Promise<void> => {
    // A lease that cannot be given back expires by itself.
    await store.releaseLease(name, own.claim.owner).catch(() => undefined);
    if (shard !== undefined) await releaseShared(store, { collection, shard, ttlMs }).catch(() => undefined);
    endTurn();
  };
  let isHeld = false;
  try {
    for (const one of claims) yield* acquire(store, { ...one, waitMs, signal });
    isHeld = true;
  } finally {
    // A caller that does not want to wait stops this generator, without an error.
    if (!isHeld) await giveBack();
  }
  const beats = claims.map((one) => keepAlive(store, one));
  if (manner === "gives-way") beats.push(watchForWishes(store, own));
  const lost = beats.map((beat) => beat.lost);
  return {
    signal: AbortSignal.any(signal === undefined ? lost : [signal, ...lost]),
    async end() {
      await Promise.all(beats.map((beat) => beat.stop()));
      await giveBack();
    },
  };
}

/** A claim on the name of a lease, to hold a collection or one of its shards. */
interface NamedClaim {
  readonly name: string;
  readonly collection: string;
  readonly claim: LeaseClaim;
}

async function* acquire(
  store: VectorStore,
  options: NamedClaim & { readonly waitMs: number } & CallOptions,
): AsyncGenerator<IngestEvent> {
  const { collection, claim, waitMs, signal } = options;
  const givesWay = mannerOf(claim.owner) === "gives-way";
  const wish = createWish(store, options);
  let giveUpAt: number | null = null;
  try {
    for (let tries = 0; ; tries += 1) {
      const lease = (givesWay ? await findWish(store, options) : null) ?? (await tryLease(store, options));
      if (lease.owner === claim.owner) return;
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

/**
 * Runs `work` while nobody ingests into the collection, in this process, in another one or on another machine.
 *
 * @throws CitewellError `collection_busy` when somebody still does after the wait.
 */
export async function whileHeld<Result>(
  store: VectorStore,
  {
    onWait,
    waitMs = WAIT_MS,
    ...options
  }: Omit<HoldOptions, "turnWaitMs"> & {
    /** Is told once for which other process it has to wait. */
    readonly onWait?: (holder: { readonly holder: string; readonly since: string }) => void;
  },
  work: () => Promise<Result>,
): Promise<Result> {
  const held = await runToEnd(holdCollection(store, { ...options, waitMs, turnWaitMs: waitMs }), (event) => {
    if (event.type === "lease-wait") onWait?.(event);
  });
  try {
    return await work();
  } finally {
    await held.end();
  }
}

async function waitForTurn(
  store: VectorStore,
  { collection, signal, turnWaitMs }: Pick<HoldOptions, "collection" | "signal" | "turnWaitMs">,
): Promise<() => void> {
  if (turnWaitMs === undefined) return await takeTurn(store, collection, signal);
  const limit = AbortSignal.timeout(turnWaitMs);
  try {
    return await takeTurn(store, collection, signal === undefined ? limit : AbortSignal.any([signal, limit]));
  } catch (error) {
    signal?.throwIfAborted();
    if (!limit.aborted) throw error;
    throw new CitewellError(
      "collection_busy",
      `Collection ${collection} is being ingested into by this process: wait until that is done, and try again.`,
      { retryable: true },
    );
  }
}

/** A check that is repeated while a collection is held. */
interface Beat {
  /** Aborts if the collection is no longer held, or should be given up. */
  readonly lost: AbortSignal;
  readonly stop: () => Promise<void>;
}

/** Renews the lease until it is stopped, or until somebody else has the lease. */
function keepAlive(store: VectorStore, { name, collection, claim }: NamedClaim): Beat {
  return startBeat(claim.ttlMs / 4, async (signal) => {
    const lease = await store.acquireLease(name, claim, { signal });
    return lease.owner === claim.owner ? null : busy(collection, lease);
  });
}

/** Looks repeatedly whether somebody else wants the collection. */
function watchForWishes(store: VectorStore, { collection, claim }: NamedClaim): Beat {
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
      stopped.abort();
      await running;
    },
  };
}

function busy(collection: string, { holder, since, expiresAt }: Lease): CitewellError {
  return new CitewellError(
    "collection_busy",
    `Collection ${collection} is being ingested into by ${holder} since ${since}: wait until that is done, or stop it. ` +
      `If it is gone already, the collection comes free at ${expiresAt}.`,
    { retryable: true },
  );
}
