import type { Schemas } from "@qdrant/js-client-rest";
import { wantedEntries } from "../metadata-entries.ts";
import { FIELD, type PointKind } from "./payload.ts";
import type { StoreFilter } from "../vector-store.ts";

/** Conditions on points beside a search's filter. */
export interface PointSelection {
  readonly kinds?: readonly PointKind[];
  readonly chunkIds?: readonly string[];
  readonly documentIds?: readonly string[];
  /** Ids of points. */
  readonly points?: readonly string[];
  /** Ids of points that are left out. */
  readonly exceptPoints?: readonly string[];
  /** Only points that carry metadata. */
  readonly hasMetadata?: true;
  readonly filter?: StoreFilter;
}

/** Qdrant's filter for a selection: every given key must hold. */
export function qdrantFilter({
  kinds,
  chunkIds,
  documentIds,
  points,
  exceptPoints = [],
  hasMetadata,
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
    ...anyOf(FIELD.heading, filter.headings),
    ...wantedEntries(filter.metadata).flatMap((entries) => anyOf(FIELD.metadata, entries)),
  ];
  const mustNot = [
    ...(exceptPoints.length === 0 ? [] : [{ has_id: [...exceptPoints] }]),
    ...(hasMetadata === undefined ? [] : [{ is_empty: { key: FIELD.metadata } }]),
  ];
  return { must, ...(mustNot.length > 0 && { must_not: mustNot }) };
}

/** Whether a filter cannot match anything: Qdrant is not asked then. */
export function matchesNothing({ documentIds, languages, roots, headings, metadata }: StoreFilter = {}): boolean {
  return [documentIds, languages, roots, headings, ...wantedEntries(metadata)].some((values) => values?.length === 0);
}

function anyOf(key: string, values: readonly string[] | undefined): Schemas["FieldCondition"][] {
  if (values === undefined) return [];
  const distinct = [...new Set(values)];
  const [only] = distinct;
  return [{ key, match: distinct.length === 1 && only !== undefined ? { value: only } : { any: distinct } }];
}
