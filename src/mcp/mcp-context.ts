import type { UseCases } from "../answering/use-cases.ts";
import type { BackgroundSyncs } from "./refresh/background-sync.ts";
import type { OwnRoots } from "./own-roots.ts";
import type { IndexProgress } from "./refresh/index-run.ts";
import type { IndexRefresher, RefreshOptions } from "./refresh/refresh-index.ts";

/** What every tool works with. */
export interface McpContext {
  readonly useCases: Pick<
    UseCases,
    | "answerQuestion"
    | "searchCorpus"
    | "findCode"
    | "documents"
    | "collections"
    | "conversations"
    | "ingestRoots"
    | "countTokens"
  >;
  /** The collection of calls that name none. */
  readonly collection: string;
  /** Folder that relative paths of `sync_index` are taken from; null refuses paths, as for clients on other machines. */
  readonly cwd: string | null;
  /** The project that is indexed when it is first asked about; null if nothing is indexed without being asked. */
  readonly project: string | null;
  /** Which stored roots may be read again. */
  readonly ownRoots: OwnRoots;
  readonly refresher: IndexRefresher;
  readonly syncs: BackgroundSyncs;
}

/** A sentence on what is under way in a collection, whoever began it; null if nothing is. */
export function describeWork(
  { syncs, refresher }: Pick<McpContext, "syncs" | "refresher">,
  collection: string,
): string | null {
  return syncs.describe(collection) ?? refresher.describe(collection);
}

/** What one call of a tool works with. */
export interface CallContext extends McpContext {
  /** Aborts when the client cancels the call or goes away. */
  readonly signal: AbortSignal;
  /** Reports the progress of an indexing to the client, if it asked for that. */
  readonly onProgress: (progress: IndexProgress) => void;
  /** Brings a collection in step; resolves to sentences that a caller should know about its index. */
  readonly refresh: (collection: string, options?: Pick<RefreshOptions, "atOnce">) => Promise<readonly string[]>;
}
