import { randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { IngestEvent } from "../src/domain/ingest.ts";
import { CitewellError, systemErrorCode } from "../src/errors.ts";
import type { Lease, LeaseClaim, VectorStore } from "../src/store/vector-store.ts";
import { takeTurn } from "./collection-turns.ts";

/** How ingestions keep out of each other's way. */
export interface HoldTimes {
  /**
   * How long to wait for another process, in milliseconds. It is more than `ttlMs` by default, so that a collection whose
   * holder was killed on another machine comes free within it.
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
  /** Aborts with the caller's signal, and with `collection_busy` when somebody else got hold of the collection. */
  readonly signal: AbortSignal;
  /** Gives it back; never rejects. */
  end(): Promise<void>;
}

/** Options of {@link holdCollection}. */
export interface HoldOptions extends HoldTimes {
  readonly collection: string;
  readonly signal?: AbortSignal;
  /**
   * How long to wait for an ingestion of this process, in milliseconds.
   * @default until it is done
   */
  readonly turnWaitMs?: number;
}

const RETRY_MS = 500;
const WAIT_MS = 30_000;

/**
 * Waits until no other ingestion works on the collection, in this process, another one or on another machine. Yields one
 * event where it has to wait for another process.
 *
 * @throws CitewellError `collection_busy` naming who holds it.
 */
export async function* holdCollection(
  store: VectorStore,
  { collection, signal, turnWaitMs, waitMs = WAIT_MS, ttlMs = 20_000 }: HoldOptions,
): AsyncGenerator<IngestEvent, HeldCollection> {
  const endTurn = await waitForTurn(store, { collection, signal, turnWaitMs });
  const claim = createClaim(ttlMs);
  const giveBack = async (): Promise<void> => {
    // A lease that cannot be given back ends by itself.
    await store.releaseLease(collection, claim.owner).catch(() => undefined);
    endTurn();
  };
  try {
    let lease = await store.acquireLease(collection, claim, { signal });
    const giveUpAt = performance.now() + waitMs;
    for (let tries = 0; lease.owner !== claim.owner; tries += 1) {
      if (isDead(lease.owner)) {
        lease = await store.acquireLease(collection, { ...claim, replaces: lease.owner }, { signal });
        continue;
      }
      if (performance.now() >= giveUpAt) throw busy(collection, lease);
      if (tries === 0) yield { type: "lease-wait", holder: lease.holder, since: lease.since };
      await sleep(Math.min(RETRY_MS, waitMs), undefined, { signal }).catch((error: unknown) => {
        signal?.throwIfAborted();
        throw error;
      });
      lease = await store.acquireLease(collection, claim, { signal });
    }
  } catch (error) {
    await giveBack();
    throw error;
  }
  const { lost, stop } = keepAlive(store, { collection, claim });
  return {
    signal: signal === undefined ? lost : AbortSignal.any([signal, lost]),
    async end() {
      await stop();
      await giveBack();
    },
  };
}

/**
 * Does work while nobody ingests into the collection, in this process, another one or on another machine.
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
    /** Is told, once, for which other process it waits. */
    readonly onWait?: (holder: { readonly holder: string; readonly since: string }) => void;
  },
  work: () => Promise<Result>,
): Promise<Result> {
  const steps = holdCollection(store, { ...options, waitMs, turnWaitMs: waitMs });
  let step = await steps.next();
  while (step.done !== true) {
    if (step.value.type === "lease-wait") onWait?.(step.value);
    step = await steps.next();
  }
  try {
    return await work();
  } finally {
    await step.value.end();
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

/** Claims the lease again and again, until it is stopped or somebody else has it. */
function keepAlive(
  store: VectorStore,
  { collection, claim }: { readonly collection: string; readonly claim: LeaseClaim },
): { readonly lost: AbortSignal; readonly stop: () => Promise<void> } {
  const lost = new AbortController();
  const stopped = new AbortController();
  const beat = async (): Promise<void> => {
    try {
      const lease = await store.acquireLease(collection, claim, { signal: stopped.signal });
      if (lease.owner !== claim.owner) lost.abort(busy(collection, lease));
    } catch {
      // The ingestion itself meets what is wrong with the store; a lease that ended meanwhile shows at the next beat.
    }
  };
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(beat);
  }, claim.ttlMs / 4);
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

function createClaim(ttlMs: number): LeaseClaim {
  return {
    owner: [machine(), process.pid, randomUUID()].join("/"),
    holder: `process ${process.pid} on ${hostname()}`,
    ttlMs,
  };
}

/** Whether an owner was a process of this machine that has ended; nothing is known of other machines. */
function isDead(owner: string): boolean {
  const [where, pid = ""] = owner.split("/");
  if (where !== machine() || !/^\d+$/.test(pid)) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return systemErrorCode(error) === "ESRCH";
  }
}

let machineName: string | null = null;

/** Tells apart what counts processes from one each: machines, their starts, and containers. */
function machine(): string {
  machineName ??= [hostname(), readBoot(), readProcessSpace()].join("-").replaceAll("/", "-");
  return machineName;
}

function readBoot(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").slice(0, 8);
  } catch {
    return "";
  }
}

function readProcessSpace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid").replaceAll(/\D/g, "");
  } catch {
    return "";
  }
}
