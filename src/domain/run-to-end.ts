import { checkNeeded } from "./check-options.ts";
import { GENERATOR_RULE } from "./part-rules.ts";

/**
 * Reads a generator to its end and gives its result, as `for await` does not.
 *
 * @param onEvent is told each event on the way; what it throws ends the generator.
 */
export async function runToEnd<Event, Result>(
  events: AsyncGenerator<Event, Result>,
  onEvent?: (event: Event) => void,
): Promise<Result> {
  checkNeeded("The argument of runToEnd", events, GENERATOR_RULE);
  try {
    for (;;) {
      const next = await events.next();
      if (next.done === true) return next.value;
      onEvent?.(next.value);
    }
  } finally {
    await closeEarly(events);
  }
}

/** Lets a generator release what it holds, if it was not read to its end. */
export async function closeEarly(events: AsyncGenerator<unknown, unknown>): Promise<void> {
  await events.return(undefined);
}
