import type { Context } from "hono";
import { problemOf, SHUTDOWN_REASON, type Problem } from "./error-response.ts";
import { createEventStream, EVENT_STREAM_HEADERS, withFirstEvent, type ServerSentEvent } from "./event-stream.ts";
import type { RouteContext } from "./route-context.ts";
import { workSignal, type ServerEnv } from "./server-env.ts";

/** Options of {@link replyWithEvents}. */
export interface ReplyWithEventsOptions {
  readonly context: Pick<RouteContext, "heartbeatMs" | "logger">;
  /** Begins the work; the signal aborts when the client is gone or the server gives up. */
  readonly begin: (signal: AbortSignal) => AsyncGenerator<ServerSentEvent, unknown>;
  /** Words the event that tells of a failure. */
  readonly errorEvent: (problem: Problem) => ServerSentEvent;
  /**
   * Whether each event has an `id`, counted from 1.
   * @default true
   */
  readonly numbered?: boolean;
}

/** Answers a request with a stream of events. What fails before the first of them is thrown, and gets a status. */
export async function replyWithEvents(
  c: Context<ServerEnv>,
  { context: { heartbeatMs, logger }, begin, errorEvent, numbered }: ReplyWithEventsOptions,
): Promise<Response> {
  const closed = new AbortController();
  const events = await withFirstEvent(begin(AbortSignal.any([workSignal(c), closed.signal])));
  const requestId = c.get("requestId");
  const body = createEventStream(events, {
    heartbeatMs,
    numbered,
    onCancel: () => closed.abort(new DOMException("The client closed the connection.", "AbortError")),
    onError: (error) => {
      if (error !== SHUTDOWN_REASON) logger?.error({ err: error, requestId }, "event stream failed");
      return errorEvent(problemOf(error, requestId));
    },
  });
  return c.body(body, 200, { ...EVENT_STREAM_HEADERS });
}
