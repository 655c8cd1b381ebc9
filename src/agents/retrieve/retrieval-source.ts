import type { Retrieve } from "../../retrieval/retrieve.ts";
import type { RetrieveTask } from "./prompts.ts";
import type { RetrieveConfig } from "./retrieve-config.ts";
import type { OpenedRetrieval, RetrieveUserProxyAgentOptions } from "./retrieve-proxy-options.ts";

/** Where a proxy's passages come from. */
export interface RetrievalSource {
  /** Opens the collection if that has not happened yet; resolves to the search for a task. */
  open(task?: RetrieveTask): Promise<Retrieve>;
  /** Closes what was opened. */
  close(): Promise<void>;
}

/** Options of {@link createRetrievalSource}. */
export interface RetrievalSourceOptions extends Pick<
  RetrieveUserProxyAgentOptions,
  "retrieve" | "retrieveCode" | "openRetrieval"
> {
  /** What is opened on the first question. */
  readonly config: RetrieveConfig;
}

/** Makes a source of what a proxy was given; nothing is opened yet. Opening rejects with a `TypeError` for nothing. */
export function createRetrievalSource(
  owner: string,
  { retrieve, retrieveCode, openRetrieval, config }: RetrievalSourceOptions,
): RetrievalSource {
  let opening: Promise<OpenedRetrieval> | null = null;
  return {
    async open(task) {
      if (retrieve !== undefined) return searchFor(task, { retrieve, retrieveCode });
      if (openRetrieval === undefined) {
        throw new TypeError(
          `${owner} has nothing to search: pass retrieve, or openRetrieval with a retrieveConfig that names docsPath.`,
        );
      }
      opening ??= openRetrieval(config);
      const own = opening;
      try {
        return searchFor(task, await own);
      } catch (error) {
        // The next question tries again.
        if (opening === own) opening = null;
        throw error;
      }
    },
    async close() {
      const opened = opening;
      opening = null;
      if (opened !== null) await (await opened).close();
    },
  };
}

function searchFor(
  task: RetrieveTask | undefined,
  { retrieve, retrieveCode }: { readonly retrieve: Retrieve; readonly retrieveCode?: Retrieve | undefined },
): Retrieve {
  return task === "code" ? (retrieveCode ?? retrieve) : retrieve;
}
