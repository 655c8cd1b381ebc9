import { isDead } from "../src/process-owner.ts";
import type { CallOptions, Lease, LeaseClaim, VectorStore } from "../src/store/vector-store.ts";

/** How long a wish holds after it was made, in milliseconds; who goes on waiting makes it again and again. */
const WISH_MS = 2_000;

/**
 * Asks the holder of a collection to stop for somebody else. It is a second lease beside that of the collection, and a
 * holder that gives way looks for it.
 */
export interface CollectionWish {
  /** Makes the wish, or renews it. */
  make(options?: CallOptions): Promise<void>;
  /** Takes it back; never rejects. */
  end(): Promise<void>;
}

/** Prepares a wish for a collection, under the owner of a claim on it. If several wait, one wish is enough. */
export function createWish(
  store: VectorStore,
  { collection, claim }: { readonly collection: string; readonly claim: LeaseClaim },
): CollectionWish {
  const name = wishName(collection);
  let isMade = false;
  return {
    async make(options) {
      isMade = true;
      await store.acquireLease(name, { ...claim, ttlMs: WISH_MS }, options);
    },
    async end() {
      // A wish that cannot be taken back expires by itself.
      if (isMade) await store.releaseLease(name, claim.owner).catch(() => undefined);
    },
  };
}

/** The wish of somebody other than the claim's owner; null if nobody else wants the collection. */
export async function findWish(
  store: VectorStore,
  { collection, claim, signal }: { readonly collection: string; readonly claim: LeaseClaim } & CallOptions,
): Promise<Lease | null> {
  // A claim that expires at once shows who has the name, and keeps nobody from taking it.
  const wish = await store.acquireLease(wishName(collection), { ...claim, ttlMs: 0 }, { signal });
  const isMade = wish.owner !== claim.owner && Date.parse(wish.expiresAt) > Date.now() && !isDead(wish.owner);
  return isMade ? wish : null;
}

function wishName(collection: string): string {
  return `${collection}#wish`;
}
