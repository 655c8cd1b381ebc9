import { errorMessage } from "../errors.ts";
import type { CheckParts, PartState } from "./use-cases.ts";

/** One part that can be checked. */
export interface PartCheck {
  readonly part: PartState["part"];
  /** Whether readiness probes run it too: it costs a request to the store at most. */
  readonly quick: boolean;
  /** What was found; a rejection says what is wrong and what to do. */
  readonly check: () => Promise<string>;
}

/** Makes the check that `doctor` and `/readyz` run; every part is looked at, whatever the others say. */
export function createCheckParts(checks: readonly PartCheck[]): CheckParts {
  return async ({ quick = false } = {}) => {
    const states: PartState[] = [];
    for (const { part, check } of checks.filter((candidate) => !quick || candidate.quick)) {
      try {
        states.push({ part, ok: true, detail: await check() });
      } catch (error) {
        states.push({ part, ok: false, detail: errorMessage(error) });
      }
    }
    return states;
  };
}
