import { anySignal } from "../src/domain/any-signal.ts";
import type { IngestEvent } from "../src/domain/ingest.ts";
import { runToEnd } from "../src/domain/run-to-end.ts";
import { createTurns, type Turns } from "../src/domain/turns.ts";
import { CitewellError } from "../src/errors.ts";
import type { VectorStore } from "../src/store/vector-store.ts";
import { claimLease, createClaim, type HoldManner, type NamedClaim } from "./claim-lease.ts";
import { type Beat, keepAlive, watchForWishes } from "./lease-beats.ts";
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
  const beats: Beat[] = [];
  const end = async (): Promise<void> => {
    await Promise.all(beats.map((beat) => beat.stop()));
    // A lease that cannot be given back expires by itself.
    await store.releaseLease(name, own.claim.owner).catch(() => undefined);
    if (shard !== undefined) await releaseShared(store, { collection, shard, ttlMs }).catch(() => undefined);
    endTurn();
  };
  let isHeld = false;
  try {
    for (const one of claims) {
      const lease = yield* claimLease(store, { ...one, waitMs, signal });
      beats.push(keepAlive(store, one, lease));
    }
    isHeld = true;
  } finally {
    // A caller that does not want to wait stops this generator, without an error.
    if (!isHeld) await end();
  }
  if (manner === "gives-way") beats.push(watchForWishes(store, own));
  const lost = beats.map((beat) => beat.lost);
  return { signal: anySignal(signal, ...lost), end };
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

/** The turns of this process's ingestions: two of one collection at once would undo each other's work. */
const turnsOfStores = new WeakMap<VectorStore, Turns>();

async function waitForTurn(
  store: VectorStore,
  { collection, signal, turnWaitMs }: Pick<HoldOptions, "collection" | "signal" | "turnWaitMs">,
): Promise<() => void> {
  const turns = turnsOfStores.get(store) ?? createTurns();
  turnsOfStores.set(store, turns);
  if (turnWaitMs === undefined) return await turns.take(collection, signal);
  const limit = AbortSignal.timeout(turnWaitMs);
  try {
    return await turns.take(collection, anySignal(signal, limit));
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
