import { createOwner, processName } from "../src/process-owner.ts";
import type { LeaseClaim } from "../src/store/vector-store.ts";

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
export function mannerOf(owner: string): HoldManner {
  const manner = owner.slice(owner.lastIndexOf("/") + 1);
  return manner === "brief" || manner === "gives-way" ? manner : "whole";
}
