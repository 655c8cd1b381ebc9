import { type DocumentMetadata, matchesMetadata } from "../../domain/document-metadata.ts";
import type { DocumentRecord } from "../../domain/document.ts";
import { slices } from "../../domain/slices.ts";
import { metadataEntries } from "../metadata-entries.ts";
import { formatMetadata, parseMetadata } from "../metadata-text.ts";
import type { CallOptions, StoreCandidate, StoreFilter } from "../vector-store.ts";
import type { KnownFacts } from "./collection-facts.ts";
import { documentPointId, OUTDATED_DOCUMENT } from "./document-payload.ts";
import { qdrantFilter } from "./filter.ts";
import { FIELD, fieldIndex, type Payload, textOf } from "./payload.ts";
import type { Operations, QdrantRequests } from "./requests.ts";

/** Metadata of documents by the documents' ids; documents without metadata are left out. */
export type MetadataById = ReadonlyMap<string, DocumentMetadata>;

/**
 * Keeps copies of documents' metadata in the payload of their chunks and windows, where a search's filter is evaluated.
 * New chunks get theirs from the record; a record with other metadata than the one before gives it to all its chunks.
 */
export interface ChunkMetadata {
  /** Reads the metadata of documents from their records; to be called before chunks are written. */
  readonly ofDocuments: (name: string, documentIds: readonly string[], options: CallOptions) => Promise<MetadataById>;
  /**
   * Adds the copies to the chunks of a collection that was made before there were any; to be awaited before anything is
   * written.
   */
  readonly ensure: (name: string, options: CallOptions) => Promise<void>;
  /** Operations that bring the copies in step with a new record, to be sent before it; none if they are. */
  readonly copyOperations: (name: string, document: DocumentRecord, options: CallOptions) => Promise<Operations>;
  /** Turns a filter into one over documents, for a collection without copies. */
  readonly byDocuments: (name: string, filter: StoreFilter, options: CallOptions) => Promise<StoreFilter>;
  /** Adds the metadata to candidates of a collection without copies. */
  readonly completed: (
    name: string,
    candidates: readonly StoreCandidate[],
    options: CallOptions,
  ) => Promise<readonly StoreCandidate[]>;
}

const RECORDS_PER_PAGE = 1000;
const DOCUMENTS_PER_OPERATION = 200;
const OPERATIONS_PER_REQUEST = 200;
/** With more documents than this, a warning says that copying their metadata takes a moment. */
const UNTOLD = 500;
const METADATA_FIELDS = [FIELD.documentId, "metadata"];

/** Mark on a record: its chunks may carry other metadata than the record. */
const COPYING = "copying";

function copyOperation(documentIds: readonly string[], metadata: DocumentMetadata | undefined): Operations[number] {
  const entries = metadataEntries(metadata);
  const selection = { kinds: ["chunk", "window"] as const, documentIds };
  if (entries.length > 0) {
    return { set_payload: { payload: { [FIELD.metadata]: entries }, filter: qdrantFilter(selection) } };
  }
  // Only points that have some, since Qdrant rewrites every point that it is told to change.
  return { delete_payload: { keys: [FIELD.metadata], filter: qdrantFilter({ ...selection, hasMetadata: true }) } };
}

/** Documents with the same metadata share operations: most often many have one team, one year. */
function copyOperations(documents: MetadataById): Operations {
  const alike = Map.groupBy(documents, ([, metadata]) => JSON.stringify(metadataEntries(metadata)));
  return [...alike.values()].flatMap((group) => {
    const ids = group.map(([id]) => id);
    return Array.from(slices(ids, DOCUMENTS_PER_OPERATION), (some) => copyOperation(some, group[0]?.[1]));
  });
}

function copiesAreMade(name: string): string {
  return `The chunks of the collection "${name}" get what is said of their documents, once: a version of before did not store it with them. The write goes on after that.`;
}

/** See {@link ChunkMetadata}. */
export function createChunkMetadata(
  { onCollection, retrieve, scroll, write }: QdrantRequests,
  { factsOf }: Pick<KnownFacts, "factsOf">,
): ChunkMetadata {
  const underWay = new Map<string, Promise<void>>();

  async function ofDocuments(
    name: string,
    documentIds: readonly string[],
    options: CallOptions,
  ): Promise<MetadataById> {
    const ids = [...new Set(documentIds)].map(documentPointId);
    return metadataById(await retrieve(name, ids, { ...options, fields: METADATA_FIELDS }));
  }

  async function* allMetadata(name: string, options: CallOptions): AsyncGenerator<MetadataById> {
    const records = { filter: qdrantFilter({ kinds: ["document"] }), limit: RECORDS_PER_PAGE };
    for await (const page of scroll(name, records, { ...options, fields: METADATA_FIELDS })) yield metadataById(page);
  }

  async function makeCopies(name: string, options: CallOptions): Promise<void> {
    let documents = 0;
    for await (const page of allMetadata(name, options)) {
      if (documents <= UNTOLD && documents + page.size > UNTOLD) process.emitWarning(copiesAreMade(name));
      documents += page.size;
      for (const operations of slices(copyOperations(page), OPERATIONS_PER_REQUEST)) {
        await write(name, operations, options);
      }
    }
    // The index is made last, since it says that the copies are complete.
    await onCollection(
      name,
      async (client, alias) => client.createPayloadIndex(alias, fieldIndex(FIELD.metadata)),
      options,
    );
    await factsOf(name, { ...options, fresh: true });
  }

  return {
    ofDocuments,

    async copyOperations(name, { id, metadata }, options) {
      const [known] = await retrieve(name, [documentPointId(id)], { ...options, fields: ["metadata", COPYING] });
      const { metadata: held = null, [COPYING]: isCopying = false } = known ?? {};
      if (held === formatMetadata(metadata) && isCopying === false) return [];
      const record = qdrantFilter({ kinds: ["document"], documentIds: [id] });
      // A batch is no transaction. If it stops half-way, the old record must not look like that of a complete document.
      const mark = { set_payload: { payload: { ...OUTDATED_DOCUMENT, [COPYING]: true }, filter: record } };
      return [...(known === undefined ? [] : [mark]), copyOperation([id], metadata)];
    },

    async ensure(name, options) {
      for (;;) {
        const { hasMetadata, creator } = await factsOf(name, options);
        if (hasMetadata) return;
        const known = underWay.get(creator);
        if (known === undefined) {
          const making = makeCopies(name, options).finally(() => underWay.delete(creator));
          underWay.set(creator, making);
          await making;
          return;
        }
        // Only one at a time: a second one could undo what is written after the first. If it fails or is cancelled, the
        // next caller tries again.
        await known.catch(() => undefined);
        options.signal?.throwIfAborted();
      }
    },

    async byDocuments(name, { metadata = {}, ...filter }, options) {
      if (Object.keys(metadata).length === 0) return filter;
      const wanted = filter.documentIds === undefined ? null : new Set(filter.documentIds);
      const documentIds: string[] = [];
      for await (const page of allMetadata(name, options)) {
        for (const [id, said] of page) {
          if ((wanted?.has(id) ?? true) && matchesMetadata(said, metadata)) documentIds.push(id);
        }
      }
      return { ...filter, documentIds };
    },

    async completed(name, candidates, options) {
      if (candidates.length === 0) return candidates;
      const known = await ofDocuments(
        name,
        candidates.map(({ chunk }) => chunk.documentId),
        options,
      );
      return candidates.map((candidate) => {
        const metadata = known.get(candidate.chunk.documentId);
        return metadata === undefined ? candidate : { ...candidate, metadata };
      });
    },
  };
}

function metadataById(records: readonly Payload[]): MetadataById {
  const known = new Map<string, DocumentMetadata>();
  for (const record of records) {
    const metadata = parseMetadata(record["metadata"]);
    if (metadata !== undefined) known.set(textOf(record, FIELD.documentId), metadata);
  }
  return known;
}
