import { isDead } from "../src/process-owner.ts";
import type { CallOptions, Lease, LeaseClaim, VectorStore } from "../src/store/vector-store.ts";

/** A wish holds for so long after it was made, in milliseconds; whoever waits makes it again and again. */
const WISH_MS = 2_000;

/** Tells whoever holds a collection, and gives way, that somebody else wants it. */
export interface CollectionWish {
  /** Makes the wish, or prolongs it. */
  make(options?: CallOptions): Promise<void>;
  /** Takes it back; never rejects. */
  end(): Promise<void>;
}

/** A wish for a collection in the name of a claim on it. Of several who wish, one is enough to be heard. */
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
      // One that cannot be taken back ends by itself.
      if (isMade) await store.releaseLease(name, claim.owner).catch(() => undefined);
    },
  };
}

/** Who wants a collection now, beside the owner of a claim; null where nobody does. */
export async function findWish(
  store: VectorStore,
  { collection, claim, signal }: { readonly collection: string; readonly claim: LeaseClaim } & CallOptions,
): Promise<Lease | null> {
  // A claim that ends at once shows whose the name is, and keeps nobody from it.
  const wish = await store.acquireLease(wishName(collection), { ...claim, ttlMs: 0 }, { signal });
  const isMade = wish.owner !== claim.owner && Date.parse(wish.expiresAt) > Date.now() && !isDead(wish.owner);
  return isMade ? wish : null;
}

function wishName(collection: string): string {
  return `${collection}#wish`;
}
