import { subscribe } from "node:diagnostics_channel";
import { isJsonObject } from "../../domain/json-object.ts";

// The Qdrant client keeps the first character of a Retry-After only, so the replies are looked at on their way to it:
// undici, which it sends its requests with, publishes them.
const HEADERS_CHANNEL = "undici:request:headers";

/** When each server, by its origin, may be asked again; by the clock of `performance.now()`. */
const askAgainAt = new Map<string, number>();
let isListening = false;

/** Begins to take note of the waits that servers ask for; once a process. */
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

/** Milliseconds for which a server asked to be left alone, from now; null where it did not, or the time is over. */
export function retryAfterMs(location: string): number | null {
  const origin = originOf(location);
  const until = origin === null ? undefined : askAgainAt.get(origin);
  if (until === undefined) return null;
  const left = until - performance.now();
  return left > 0 ? left : null;
}

/** Seconds, or a date; null for anything else. */
export function parseRetryAfter(value: string, now: number = Date.now()): number | null {
  const text = value.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1_000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

function originOf(address: string): string | null {
  return URL.canParse(address) ? new URL(address).origin : null;
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return isJsonObject(value) ? value : {};
}
