import { closeEarly } from "./run-to-end.ts";

/**
 * Passes on the events and the result of a generator. `change` makes of each event what is passed on: one, several or
 * nothing. A reader who leaves early, and a `change` that fails, close the generator, so that a model stops speaking.
 */
export async function* passOn<Event, Passed, Result>(
  events: AsyncGenerator<Event, Result>,
  change: (event: Event) => Iterable<Passed> | AsyncIterable<Passed>,
): AsyncGenerator<Passed, Result> {
  try {
    for (;;) {
      const next = await events.next();
      if (next.done === true) return next.value;
      yield* change(next.value);
    }
  } finally {
    await closeEarly(events);
  }
}
