import { closeEarly } from "./run-to-end.ts";
import { untilAborted } from "./until-aborted.ts";

/**
 * Passes on the events and the result of a generator until an abort, whose reason is thrown at once, also where the
 * generator does not look at the signal. What it still does then is not waited for, and it is closed behind that.
 */
export async function* leaveAtAbort<Event, Result>(
  events: AsyncGenerator<Event, Result>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Event, Result> {
  try {
    for (;;) {
      const next = await untilAborted(events.next(), signal);
      if (next.done === true) return next.value;
      yield next.value;
    }
  } finally {
    const closing = closeEarly(events);
    if (signal?.aborted === true) closing.catch(() => undefined);
    else await closing;
  }
}
