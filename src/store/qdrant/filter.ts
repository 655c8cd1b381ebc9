import type { Schemas } from "@qdrant/js-client-rest";
import { FIELD, type PointKind } from "./payload.ts";
import type { StoreFilter } from "../vector-store.ts";

/** What a point has to be, beside what a search's filter asks. */
export interface PointSelection {
  readonly kinds?: readonly PointKind[];
  readonly chunkIds?: readonly string[];
  readonly documentIds?: readonly string[];
  /** Ids of points. */
  readonly points?: readonly string[];
  /** Ids of points that are left out. */
  readonly exceptPoints?: readonly string[];
  readonly filter?: StoreFilter;
}

/** Qdrant's filter for a selection: every given key must hold. */
export function qdrantFilter({
  kinds,
  chunkIds,
  documentIds,
  points,
  exceptPoints,
  filter = {},
}: PointSelection): Schemas["Filter"] {
  const must = [
    ...(points === undefined ? [] : [{ has_id: [...points] }]),
    ...anyOf(FIELD.kind, kinds),
    ...anyOf(FIELD.chunkId, chunkIds),
    ...anyOf(FIELD.documentId, documentIds),
    ...anyOf(FIELD.documentId, filter.documentIds),
    ...anyOf(FIELD.language, filter.languages),
    ...anyOf(FIELD.root, filter.roots),
  ];
  return {
    must,
    ...(exceptPoints !== undefined && exceptPoints.length > 0 && { must_not: [{ has_id: [...exceptPoints] }] }),
  };
}

/** Whether a filter cannot match anything: Qdrant is not asked then. */
export function matchesNothing({ documentIds, languages, roots }: StoreFilter = {}): boolean {
  return [documentIds, languages, roots].some((values) => values?.length === 0);
}

function anyOf(key: string, values: readonly string[] | undefined): Schemas["FieldCondition"][] {
  if (values === undefined) return [];
  const distinct = [...new Set(values)];
  const [only] = distinct;
  return [{ key, match: distinct.length === 1 && only !== undefined ? { value: only } : { any: distinct } }];
}
