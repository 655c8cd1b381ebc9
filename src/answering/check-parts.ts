import { errorMessage } from "../errors.ts";
import type { CheckParts, PartState } from "./use-cases.ts";

/** A check of one part. */
export interface PartCheck {
  readonly part: PartState["part"];
  /** Whether readiness probes run it too; it then costs at most one request to the store. */
  readonly quick: boolean;
  /** Resolves to what was found; rejects with what is wrong and what to do. `quick` for a readiness probe. */
  readonly check: (options: { readonly quick: boolean }) => Promise<string>;
}

/** Makes the check that `doctor` and `/readyz` run. Every part is checked, whatever the others find. */
export function createCheckParts(checks: readonly PartCheck[]): CheckParts {
  return async ({ quick = false } = {}) => {
    const states: PartState[] = [];
    for (const { part, check } of checks.filter((candidate) => !quick || candidate.quick)) {
      try {
        states.push({ part, ok: true, detail: await check({ quick }) });
      } catch (error) {
        states.push({ part, ok: false, detail: errorMessage(error) });
      }
    }
    return states;
  };
}
