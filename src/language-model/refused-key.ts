import { isCitewellError } from "../errors.ts";

/** The HTTP status behind a translated error, else undefined. */
function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("status" in error && typeof error.status === "number") return error.status;
  return error.cause === undefined ? undefined : statusOf(error.cause);
}

/** Whether an endpoint turned the key down: another entry's key may do. */
export function refusedKey(error: unknown): boolean {
  return isCitewellError(error, "model_call_failed") && [401, 403].includes(statusOf(error) ?? 0);
}
