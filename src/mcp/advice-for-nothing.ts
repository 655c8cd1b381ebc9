import { languagesOf } from "./collection-languages.ts";
import type { CallContext } from "./mcp-context.ts";
import { SMALL } from "./tool-result.ts";

/** A search that found nothing, with what it was limited to. */
export interface EmptySearch {
  readonly collection: string;
  readonly path?: readonly string[] | undefined;
  readonly language?: readonly string[] | undefined;
  readonly metadata?: unknown;
  readonly maxTokens: number;
}

/** Advice for a search that found nothing, as notes of its result. */
export async function adviceForNothing(
  context: CallContext,
  { collection, path, language, metadata, maxTokens }: EmptySearch,
): Promise<readonly string[]> {
  if (maxTokens < SMALL) return [];
  if (language !== undefined) {
    const there = await languagesOf(context, collection);
    const known = new Set(there.map((one) => one.toLowerCase()));
    const unknown = language.filter((one) => !known.has(one.toLowerCase()));
    if (unknown.length > 0)
      return [`No document is in ${unknown.join(", ")}; there are: ${there.toSorted().join(", ")}.`];
  }
  const filters = Object.entries({ path, language, metadata }).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  );
  if (filters.length > 0) return [`Only documents that fit ${filters.join(" and ")} were searched; try without.`];
  return ["Try other words, or index_status for what is there."];
}
