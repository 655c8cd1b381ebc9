import { subscribe } from "node:diagnostics_channel";
import { isJsonObject } from "../../domain/json-object.ts";
import { parseRetryAfter } from "../../domain/retry-after.ts";

// The Qdrant client keeps only the first character of a Retry-After header, so the replies are read on their way to it:
// undici, which sends its requests, publishes them.
const HEADERS_CHANNEL = "undici:request:headers";

/** For each server, by its origin, the time from which it may be asked again, by the clock of `performance.now()`. */
const askAgainAt = new Map<string, number>();
let isListening = false;

/** Starts recording the waits that servers ask for, once for the process. */
export function noteRetryAfter(): void {
  if (isListening) return;
  isListening = true;
  subscribe(HEADERS_CHANNEL, (message) => {
    const { request, response } = asRecord(message);
    const { statusCode, headers } = asRecord(response);
    if ((statusCode !== 429 && statusCode !== 503) || !Array.isArray(headers)) return;
    const at = headers.findIndex((name, index) => index % 2 === 0 && String(name).toLowerCase() === "retry-after");
    const waitMs = at === -1 ? null : parseRetryAfter(String(headers[at + 1]));
    const origin = originOf(String(asRecord(request)["origin"]));
    if (waitMs !== null && origin !== null) askAgainAt.set(origin, performance.now() + waitMs);
  });
}

/** For how many more milliseconds a server asked to be left alone; null if it did not, or if the time is over. */
export function retryAfterMs(location: string): number | null {
  const origin = originOf(location);
  const until = origin === null ? undefined : askAgainAt.get(origin);
  if (until === undefined) return null;
  const left = until - performance.now();
  return left > 0 ? left : null;
}

function originOf(address: string): string | null {
  return URL.canParse(address) ? new URL(address).origin : null;
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return isJsonObject(value) ? value : {};
}
