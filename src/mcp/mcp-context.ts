import type { UseCases } from "../answering/use-cases.ts";
import type { IndexRefresher } from "./refresh-index.ts";

/** What every tool works with. */
export interface McpContext {
  readonly useCases: Pick<
    UseCases,
    "answerQuestion" | "searchCorpus" | "findCode" | "documents" | "collections" | "ingestRoots" | "countTokens"
  >;
  /** The collection of calls that name none. */
  readonly collection: string;
  /** Folder that relative paths of `sync_index` are taken from; null refuses paths, as for clients on other machines. */
  readonly cwd: string | null;
  readonly refresher: IndexRefresher;
}
