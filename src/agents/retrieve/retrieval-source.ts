import { untilAborted } from "../../domain/until-aborted.ts";
import type { Retrieve } from "../../retrieval/retrieve.ts";
import type { RetrieveTask } from "./prompts.ts";
import type { RetrieveConfig } from "./retrieve-config.ts";
import type { OpenedRetrieval, RetrieveUserProxyAgentOptions } from "./retrieve-proxy-options.ts";

/** Where a proxy's passages come from. */
export interface RetrievalSource {
  /**
   * Opens the collection if that has not happened yet; resolves to the search for a task. An abort ends the waiting at once,
   * and the opening too where no other question waits for it.
   */
  open(task?: RetrieveTask, signal?: AbortSignal): Promise<Retrieve>;
  /** Closes what was opened; what is still being opened is broken off. */
  close(): Promise<void>;
}

/** Options of {@link createRetrievalSource}. */
export interface RetrievalSourceOptions extends Pick<
  RetrieveUserProxyAgentOptions,
  "retrieve" | "retrieveCode" | "openRetrieval" | "onIngest"
> {
  /** What is opened on the first question. */
  readonly config: RetrieveConfig;
}

/** Makes a source of what a proxy was given; nothing is opened yet. Opening rejects with a `TypeError` for nothing. */
export function createRetrievalSource(
  owner: string,
  { retrieve, retrieveCode, openRetrieval, onIngest, config }: RetrievalSourceOptions,
): RetrievalSource {
  let current: Opening | null = null;
  const begin = (open: NonNullable<typeof openRetrieval>): Opening => {
    const abort = new AbortController();
    const opened = open(config, { signal: abort.signal, ...(onIngest && { onIngest }) });
    return { opened, abort, waiting: 0 };
  };
  return {
    async open(task, signal) {
      signal?.throwIfAborted();
      if (retrieve !== undefined) return searchFor(task, { retrieve, retrieveCode });
      if (openRetrieval === undefined) {
        throw new TypeError(
          `${owner} has nothing to search: pass retrieve, or openRetrieval with a retrieveConfig that names docsPath.`,
        );
      }
      const own = (current ??= begin(openRetrieval));
      own.waiting += 1;
      try {
        return searchFor(task, await untilAborted(own.opened, signal));
      } catch (error) {
        // The next question tries again.
        if (current === own && (own.waiting === 1 || signal?.aborted !== true)) current = null;
        if (own.waiting === 1) own.abort.abort(error);
        throw error;
      } finally {
        own.waiting -= 1;
      }
    },
    async close() {
      const closing = current;
      current = null;
      if (closing === null) return;
      const reason = new DOMException(`The search of ${owner} was closed.`, "AbortError");
      closing.abort.abort(reason);
      try {
        await (await closing.opened).close();
      } catch (error) {
        if (error !== reason) throw error;
      }
    },
  };
}

/** A collection that is being opened, or is open, with how many questions wait for that. */
interface Opening {
  readonly opened: Promise<OpenedRetrieval>;
  readonly abort: AbortController;
  waiting: number;
}

function searchFor(
  task: RetrieveTask | undefined,
  { retrieve, retrieveCode }: { readonly retrieve: Retrieve; readonly retrieveCode?: Retrieve | undefined },
): Retrieve {
  return task === "code" ? (retrieveCode ?? retrieve) : retrieve;
}
