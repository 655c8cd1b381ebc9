import { createOwner, processName } from "../src/process-owner.ts";
import type { LeaseClaim } from "../src/store/vector-store.ts";

/**
 * How whoever holds a collection gets on with others: done within moments, going on later where somebody else wants it, or
 * neither.
 */
export type HoldManner = "brief" | "gives-way" | "whole";

/** A claim in the name of this process, unlike every other one. */
export function createClaim(ttlMs: number, manner: HoldManner = "whole"): LeaseClaim {
  return { owner: `${createOwner()}/${manner}`, holder: processName(), ttlMs };
}

/** How an owner gets on with others; one that does not say so, as those of older versions, holds for as long as it works. */
export function mannerOf(owner: string): HoldManner {
  const manner = owner.slice(owner.lastIndexOf("/") + 1);
  return manner === "brief" || manner === "gives-way" ? manner : "whole";
}
