import { createManageDocuments } from "../../src/answering/manage-documents.ts";
import type { CallContext } from "../../src/mcp/mcp-context.ts";
import { createBackgroundSyncs } from "../../src/mcp/refresh/background-sync.ts";
import { ALL_ROOTS } from "../../src/mcp/own-roots.ts";
import { createIndexRefresher } from "../../src/mcp/refresh/refresh-index.ts";
import { searchCode } from "../../src/mcp/search-tools.ts";
import { toolSchemas } from "../../src/mcp/tool-schemas.ts";
import { createCodeFinder } from "../../src/retrieval/code/find-code.ts";
import type { EvalWorkspace } from "./eval-workspace.ts";
import type { ReadingTrace } from "./reading-trace.ts";

/** The second search is made when the first was in vain. */
const SECOND = { limit: 24, max_tokens: 12_000 };

/** Options of {@link readBySearch}. */
export interface SearchHabit {
  readonly text: string;
  readonly context: CallContext;
  /** `max_tokens` of the first search. */
  readonly maxTokens: number;
}

/** Looks for a task with the tool `search_code`: reads its text, then opens its files in order at the place it names. */
export async function readBySearch(trace: ReadingTrace, { text, context, maxTokens }: SearchHabit): Promise<void> {
  for (const call of [{ limit: 8, max_tokens: maxTokens }, SECOND]) {
    if (trace.done) return;
    const result = await searchCode(context, { task: text, ...call });
    const [content] = result.content;
    if (content?.type !== "text") throw new TypeError("search_code gave no text.");
    trace.search(content.text);
    for (const { path, start_line: line } of toolSchemas.searchCode.output.parse(result.structuredContent).hits) {
      if (trace.done) return;
      trace.open(path, line);
    }
  }
}

/** What `search_code` works with, where nothing changes meanwhile. */
export function createCallContext(
  {
    store,
    embedder,
    countTokens,
  }: Pick<EvalWorkspace, "store" | "embedder"> & { readonly countTokens: (text: string) => number },
  collection: string,
): CallContext {
  const findCode = createCodeFinder({ store, embedder, collection });
  const unused = (): never => {
    throw new TypeError("Only search_code is measured here.");
  };
  const measured: CallContext["useCases"] = {
    countTokens,
    findCode: ({ task, ...options }) => findCode(task, options),
    documents: createManageDocuments({ store }),
    answerQuestion: unused,
    searchCorpus: unused,
    ingestRoots: unused,
    collections: { list: unused, create: unused, remove: unused },
    conversations: { get: unused, remove: unused },
  };
  const refresher = createIndexRefresher({ useCases: measured, enabled: false });
  return {
    useCases: measured,
    collection,
    cwd: null,
    project: null,
    ownRoots: ALL_ROOTS,
    refresher,
    syncs: createBackgroundSyncs({ useCases: measured, refresher }),
    signal: new AbortController().signal,
    onProgress: () => undefined,
    refresh: async () => [],
  };
}
