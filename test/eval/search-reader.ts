import type { UseCases } from "../../src/answering/use-cases.ts";
import type { CallContext } from "../../src/mcp/mcp-context.ts";
import { searchCode } from "../../src/mcp/search-tools.ts";
import { toolSchemas } from "../../src/mcp/tool-schemas.ts";
import type { ReadingTrace } from "./reading-trace.ts";

/** Files of the first search and of the second, which is made when the first was in vain. */
const LIMITS: readonly number[] = [8, 24];
const MAX_TOKENS: readonly number[] = [4_000, 12_000];

/** Looks for a task with the tool `search_code`: reads its text, then opens its files in order at the place it names. */
export async function readBySearch(trace: ReadingTrace, text: string, context: CallContext): Promise<void> {
  for (const [index, limit] of LIMITS.entries()) {
    if (trace.done) return;
    const result = await searchCode(context, { task: text, limit, max_tokens: MAX_TOKENS[index] ?? 4_000 });
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
  useCases: Pick<UseCases, "findCode" | "countTokens">,
  collection: string,
): CallContext {
  const unused = (): never => {
    throw new TypeError("Only search_code is measured here.");
  };
  return {
    useCases: {
      ...useCases,
      answerQuestion: unused,
      searchCorpus: unused,
      ingestRoots: unused,
      documents: { list: unused, get: unused, remove: unused, removeSources: unused },
      collections: { list: unused, create: unused, remove: unused },
    },
    collection,
    cwd: null,
    project: null,
    refresher: {
      enabled: false,
      refresh: async () => [],
      describe: () => null,
      forget: () => undefined,
      close: async () => undefined,
    },
    signal: new AbortController().signal,
    onProgress: () => undefined,
    refresh: async () => [],
  };
}
