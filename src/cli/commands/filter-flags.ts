import type { MetadataFilter } from "../../domain/document-metadata.ts";
import type { SearchFilter } from "../../domain/hit.ts";

/** Flags that say which documents are searched. */
export interface FilterFlags {
  /** Globs of sources. */
  readonly source?: readonly string[];
  readonly language?: readonly string[];
  readonly meta?: MetadataFilter;
}

/** The filter of a request; undefined without any such flag. */
export function filterOf({ source, language, meta: metadata }: FilterFlags): SearchFilter | undefined {
  const isOpen = source === undefined && language === undefined && metadata === undefined;
  return isOpen ? undefined : { source, language, metadata };
}
