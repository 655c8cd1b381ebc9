import { validate as isUuid } from "uuid";
import type { Span } from "../../domain/document.ts";
import { slices } from "../../domain/slices.ts";
import { CitewellError } from "../../errors.ts";
import type { ChunkMetadata } from "./chunk-metadata.ts";
import { qdrantFilter } from "./filter.ts";
import {
  documentOf,
  documentPoint,
  documentPointId,
  OUTDATED_DOCUMENT,
  STORED_LENGTH_FIELDS,
  storedLengthOf,
  textPartOf,
  textPoint,
  textPointId,
} from "./document-payload.ts";
import type { Payload } from "./payload.ts";
import type { FieldOptions, Operations, QdrantRequests } from "./requests.ts";
import { cutText, joinSpan, partsOfSpan, type TextPart } from "../text-parts.ts";
import type { CallOptions, VectorStore } from "../vector-store.ts";

/** The part of a store that deals with documents and their texts. */
export type QdrantDocuments = Pick<
  VectorStore,
  "listDocuments" | "getDocument" | "putDocument" | "touchDocuments" | "deleteDocuments" | "readSpans"
>;

// A part has 96 kB of UTF-8 at most: 64 of them stay far below the server's 32 MB for a request.
const PARTS_PER_REQUEST = 64;
const TOUCHES_PER_REQUEST = 200;
// As for chunks: a server in strict mode may refuse more (`max_query_limit`).
const DOCUMENTS_PER_PAGE = 1000;

/** Documents as points of the kind `document`, their texts as points of the kind `text`. */
export function createQdrantDocuments(
  requests: QdrantRequests,
  { ensure, copyOperations }: Pick<ChunkMetadata, "ensure" | "copyOperations">,
): QdrantDocuments {
  const { onCollection, requireCollection, write } = requests;

  async function retrieve(name: string, ids: readonly string[], options: FieldOptions): Promise<Payload[]> {
    const found: Payload[] = [];
    for (const some of slices(ids, PARTS_PER_REQUEST)) found.push(...(await requests.retrieve(name, some, options)));
    return found;
  }

  return {
    async listDocuments(name, { limit, cursor, ...options }) {
      if (!Number.isInteger(limit) || limit < 1) {
        throw new TypeError(`\`limit\` has to be a whole number from 1, not ${limit}.`);
      }
      if (cursor !== undefined && !isUuid(cursor)) {
        const message = `The cursor "${cursor.slice(0, 60)}" does not come from a listing of documents: leave it out to start with the first page.`;
        throw new CitewellError("usage_invalid", message, { problems: [{ path: "cursor", message }] });
      }
      const request = {
        filter: qdrantFilter({ kinds: ["document"] }),
        limit: Math.min(limit, DOCUMENTS_PER_PAGE),
        with_payload: true,
        with_vector: false,
        offset: cursor,
      };
      const page = await onCollection(name, async (client, alias) => client.scroll(alias, request), options);
      return {
        documents: page.points.map(({ payload }) => documentOf(payload ?? {})),
        nextCursor: typeof page.next_page_offset === "string" ? page.next_page_offset : null,
      };
    },

    async getDocument(name, id, options = {}) {
      const [payload] = await retrieve(name, [documentPointId(id)], options);
      return payload === undefined ? null : documentOf(payload);
    },

    async putDocument(name, document, text, options = {}) {
      await ensure(name, options);
      const parts = text === null ? [] : cutText(text);
      const pointOf = (part: TextPart): ReturnType<typeof textPoint> => textPoint(document.id, part);
      // Parts that do not fit into the last request are sent before it.
      const ahead = parts.splice(0, Math.max(0, parts.length - PARTS_PER_REQUEST));
      for (const some of slices(ahead, PARTS_PER_REQUEST)) {
        await write(name, [{ upsert: { points: some.map(pointOf) } }], options);
      }
      const stale = qdrantFilter({
        kinds: ["text"],
        documentIds: [document.id],
        exceptPoints: [...ahead, ...parts].map(({ part }) => textPointId(document.id, part)),
      });
      const operations: Operations = [
        ...(parts.length === 0 ? [] : [{ upsert: { points: parts.map(pointOf) } }]),
        ...(text === null ? [] : [{ delete: { filter: stale } }]),
        ...(await copyOperations(name, document, options)),
        // The record comes last, since it says that the document is complete.
        { upsert: { points: [documentPoint(document, text?.length ?? document.textLength)] } },
      ];
      await write(name, operations, options);
    },

    async touchDocuments(name, seen, options = {}) {
      if (seen.length === 0) return requireCollection(name, options);
      for (const some of slices(seen, TOUCHES_PER_REQUEST)) {
        const operations = some.map(({ id, modifiedAt }) => ({
          // By a filter, which ignores unknown ids; with ids they would be an error.
          set_payload: {
            payload: { modified_at: modifiedAt },
            filter: qdrantFilter({ kinds: ["document"], documentIds: [id] }),
          },
        }));
        await write(name, operations, options);
      }
    },

    async deleteDocuments(name, ids, options = {}) {
      if (ids.length === 0) {
        await requireCollection(name, options);
        return 0;
      }
      const chunks = { filter: qdrantFilter({ kinds: ["chunk"], documentIds: ids }), exact: true };
      const records = qdrantFilter({ kinds: ["document"], documentIds: ids });
      const operations: Operations = [
        // A batch is no transaction. If it stops half-way, the record must not look like that of a complete document.
        { set_payload: { payload: OUTDATED_DOCUMENT, filter: records } },
        { delete: { filter: qdrantFilter({ kinds: ["chunk", "window", "text"], documentIds: ids }) } },
        { delete: { filter: records } },
      ];
      const { count } = await onCollection(name, async (client, alias) => client.count(alias, chunks), options);
      await write(name, operations, options);
      return count;
    },

    async readSpans(name, spans, options = {}) {
      if (spans.length === 0) {
        await requireCollection(name, options);
        return [];
      }
      const lengths = await textLengths(name, spans, options);
      const needed = new Map<string, { documentId: string; part: number }>();
      for (const { documentId, span } of spans) {
        for (const part of partsOfSpan(span, lengths.get(documentId) ?? 0)) {
          needed.set(textPointId(documentId, part), { documentId, part });
        }
      }
      const parts = new Map<string, TextPart>();
      for (const payload of await retrieve(name, [...needed.keys()], options)) {
        const part = textPartOf(payload);
        parts.set(textPointId(part.documentId, part.part), part);
      }
      return spans.map(({ documentId, span }) => {
        const length = lengths.get(documentId);
        if (length === undefined) return null;
        const wanted = partsOfSpan(span, length).map(
          (part) => parts.get(textPointId(documentId, part)) ?? incomplete(name, documentId),
        );
        return joinSpan(wanted, span);
      });
    },
  };

  async function textLengths(
    name: string,
    spans: readonly { readonly documentId: string; readonly span: Span }[],
    options: CallOptions,
  ): Promise<ReadonlyMap<string, number>> {
    const ids = [...new Set(spans.map(({ documentId }) => documentPointId(documentId)))];
    const payloads = await retrieve(name, ids, { ...options, fields: STORED_LENGTH_FIELDS });
    return new Map(payloads.map(storedLengthOf));
  }
}

function incomplete(name: string, documentId: string): never {
  throw new CitewellError(
    "store_failed",
    `A part of the text of document ${documentId} is missing in the collection "${name}"; it may be about to be replaced. Try again, else ingest its root once more.`,
    { retryable: true },
  );
}
