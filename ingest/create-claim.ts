import { createOwner, processName } from "../src/process-owner.ts";
import type { LeaseClaim } from "../src/store/vector-store.ts";

/** A claim in the name of this process, unlike every other one. */
export function createClaim(ttlMs: number): LeaseClaim {
  return { owner: createOwner(), holder: processName(), ttlMs };
}
