import picomatch from "picomatch";
import type { SearchFilter } from "../domain/hit.ts";
import { CitewellError } from "../errors.ts";
import { allDocuments } from "../store/all-documents.ts";
import type { CallOptions, StoreFilter, VectorStore } from "../store/vector-store.ts";

/** Options of {@link resolveFilter}. */
export interface ResolveFilterOptions extends CallOptions {
  readonly store: VectorStore;
  readonly collection: string;
}

/** Turns globs over sources into the documents they match; languages and roots go to the store as they are. */
export async function resolveFilter(
  filter: SearchFilter | undefined,
  options: ResolveFilterOptions,
): Promise<StoreFilter | undefined> {
  if (filter === undefined) return undefined;
  const sources = listOf(filter.source);
  const languages = listOf(filter.language)?.map((language) => language.toLowerCase());
  const roots = listOf(filter.root);
  if (sources === undefined && languages === undefined && roots === undefined) return undefined;
  return {
    ...(sources === undefined ? {} : { documentIds: await matchingDocuments(sources, options) }),
    ...(languages === undefined ? {} : { languages }),
    ...(roots === undefined ? {} : { roots }),
  };
}

/**
 * Whether a source equals one of the patterns or is matched by one as a glob.
 *
 * @throws CitewellError `usage_invalid` for an empty pattern.
 */
export function sourceMatcher(patterns: readonly string[]): (source: string) => boolean {
  if (patterns.includes("")) {
    throw new CitewellError("usage_invalid", "A source is empty; give a path relative to its root, or a glob.");
  }
  const exact = new Set(patterns);
  const globs = patterns.map((pattern) => picomatch(pattern, { dot: true }));
  return (source) => exact.has(source) || globs.some((matches) => matches(source));
}

async function matchingDocuments(patterns: readonly string[], options: ResolveFilterOptions): Promise<string[]> {
  const matches = sourceMatcher(patterns);
  const ids: string[] = [];
  for await (const document of allDocuments(options.store, options.collection, options)) {
    if (matches(document.source)) ids.push(document.id);
  }
  return ids;
}

function listOf(value: string | readonly string[] | undefined): readonly string[] | undefined {
  if (value === undefined) return undefined;
  return typeof value === "string" ? [value] : value;
}
