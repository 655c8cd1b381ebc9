import { randomUUID } from "node:crypto";
import { checkNeeded, checkOptions, type OptionKind } from "../../domain/check-options.ts";
import { GENERATOR_RULE } from "../../domain/part-rules.ts";
import { passOn } from "../../domain/pass-on.ts";
import { errorMessage } from "../../errors.ts";
import type { ReplyEvent } from "../agent.ts";

/** What happens in a run, whichever kind of chat it is. */
export type RunEvent = ReplyEvent;

/** A run that is about to begin. */
export interface RunInfo {
  readonly id: string;
  /** What the run is, for people. */
  readonly name: string;
  readonly startedAt: Date;
}

/** How a run ended. */
export type RunEnd =
  | { readonly status: "ended"; readonly result: unknown }
  | { readonly status: "failed"; readonly error: unknown }
  /** The reader left before the end. */
  | { readonly status: "abandoned" };

/** Follows one run. */
export interface RunListener {
  /** Is told of each event as it comes. */
  onEvent(event: RunEvent): void | Promise<void>;
  /** Is told once how the run ended, also when it failed or was left. */
  onEnd?(end: RunEnd): void | Promise<void>;
}

/** Makes a listener for each run, so that one watcher may follow many at a time. */
export type RunWatcher = (run: RunInfo) => RunListener;

/** Options of {@link watchRun}. */
export interface WatchRunOptions {
  /** Are shown every event, in this order. */
  readonly watchers: readonly RunWatcher[];
  /** @default "chat" */
  readonly name?: string | undefined;
  /** @default a random UUID */
  readonly id?: string | undefined;
  /** Is told when a listener fails; it hears no more of this run, which goes on. @default a warning of the process */
  readonly onListenerError?: ((error: unknown) => void) | undefined;
}

const KNOWN: Readonly<Record<keyof WatchRunOptions, OptionKind>> = {
  watchers: true,
  name: "text",
  id: "text",
  onListenerError: "function",
};

/** Throws a `TypeError` for a run that cannot be watched. */
function checkRun(events: unknown, options: WatchRunOptions): void {
  checkNeeded("The run that watchRun watches", events, GENERATOR_RULE);
  checkOptions(options, { owner: "watchRun", known: KNOWN });
  const { watchers }: { readonly watchers: unknown } = options;
  if (!Array.isArray(watchers) || !watchers.every((watcher) => typeof watcher === "function")) {
    throw new TypeError(
      "watchRun needs a list of watchers: { watchers: [createConsolePrinter()] }; of a log it is log.watcher.",
    );
  }
}

/** Lets watchers see the events of a run, such as `streamChat` yields them, and passes everything on unchanged. */
export async function* watchRun<Event extends RunEvent, Result>(
  events: AsyncGenerator<Event, Result>,
  options: WatchRunOptions,
): AsyncGenerator<Event, Result> {
  checkRun(events, options);
  const { watchers, name = "chat", id = randomUUID(), onListenerError = warn } = options;
  const run: RunInfo = { id, name, startedAt: new Date() };
  const listeners = new Set(watchers.map((watcher) => watcher(run)));
  const tell = async (call: (listener: RunListener) => void | Promise<void>): Promise<void> => {
    for (const listener of listeners) {
      try {
        await call(listener);
      } catch (error) {
        // Whoever watches must not break what is watched.
        listeners.delete(listener);
        onListenerError(error);
      }
    }
  };
  let end: RunEnd = { status: "abandoned" };
  try {
    const result = yield* passOn(events, async function* (event) {
      await tell((listener) => listener.onEvent(event));
      yield event;
    });
    end = { status: "ended", result };
    return result;
  } catch (error) {
    end = { status: "failed", error };
    throw error;
  } finally {
    await tell((listener) => listener.onEnd?.(end));
  }
}

function warn(error: unknown): void {
  process.emitWarning(`A listener of a chat failed and hears no more of it: ${errorMessage(error)}`);
}
