import type { CheckedPlaces } from "./check-places.ts";
import type { CallContext } from "./mcp-context.ts";

interface ReadInStep<Found, Place> {
  readonly collection: string;
  readonly read: () => Promise<Found>;
  /** Compares what was read with its files; see `checkPlaces`. */
  readonly check: (found: Found, since: number | null) => Promise<CheckedPlaces<Place>>;
}

/**
 * Reads after bringing the index in step, and compares what was read with its files. If these have changed since the
 * last look, it looks and reads once more.
 */
export async function readInStep<Found, Place>(
  { refresh, refresher }: CallContext,
  { collection, read, check }: ReadInStep<Found, Place>,
): Promise<{ readonly found: Found; readonly places: readonly Place[]; readonly notes: readonly string[] }> {
  const calledAt = Date.now();
  for (let atOnce = false; ; atOnce = true) {
    const notes = await refresh(collection, { atOnce });
    const found = await read();
    const since = refresher.inStepSince(collection);
    const checked = await check(found, since);
    if (atOnce || checked.isInStep || since === null || since >= calledAt) {
      return { found, places: checked.places, notes: [...notes, ...checked.notes] };
    }
  }
}
