import { z } from "@hono/zod-openapi";
import type { Chunk } from "../../domain/chunk.ts";
import type { CollectionInfo } from "../../domain/collection.ts";
import { type DocumentRecord, isComplete, type PageSpan } from "../../domain/document.ts";
import type { IngestReport } from "../../domain/ingest.ts";
import { linesSchema, spanSchema } from "./answer-schema.ts";
import type { Job } from "../jobs.ts";
import { metadataSchema } from "./metadata-schema.ts";
import { problemSchema } from "./problem-schema.ts";

/** A document in a listing. */
export type DocumentItem = Pick<
  DocumentRecord,
  "id" | "root" | "source" | "title" | "mediaType" | "language" | "bytes" | "chunks" | "ingestedAt"
> &
  Required<Pick<DocumentRecord, "metadata">> & {
    /** Whether it is stored as a whole; an incomplete one is being ingested, or its ingestion was interrupted. */
    readonly state: "complete" | "incomplete";
  };

const documentFields = {
  id: z.string(),
  root: z.string().describe("What was given to `ingest`, or `uploads`."),
  source: z.string().describe("Path relative to its root, or an address."),
  title: z.string().nullable(),
  mediaType: z.string(),
  language: z.string(),
  bytes: z.int().describe("Size of the file or of the text that was sent."),
  chunks: z.int(),
  ingestedAt: z.string().describe("ISO 8601, in UTC."),
  metadata: metadataSchema,
  state: z.enum(["complete", "incomplete"]).openapi({
    description: "An incomplete document is being ingested, or its ingestion was interrupted and has yet to go on.",
  }),
};

/** A document in a listing, as it leaves the server. */
export const documentItemSchema: z.ZodType<DocumentItem> = z.object(documentFields).openapi("Document");

/** The listed part of a document's record, in the published order. */
export function documentItem(record: DocumentRecord): DocumentItem {
  const { id, root, source, title, mediaType, language, bytes, chunks, ingestedAt, metadata = {} } = record;
  const state = isComplete(record) ? "complete" : "incomplete";
  return { id, root, source, title, mediaType, language, bytes, chunks, ingestedAt, metadata, state };
}

const pageSchema: z.ZodType<PageSpan> = z
  .object({ page: z.int(), start: z.int(), end: z.int() })
  .openapi("Page", { description: "Where a page with text on it lies, in UTF-16 code units of the text." });

const chunkSchema: z.ZodType<Chunk> = z
  .object({
    id: z.string(),
    documentId: z.string(),
    root: z.string(),
    source: z.string(),
    title: z.string().nullable(),
    language: z.string(),
    ordinal: z.int(),
    text: z.string(),
    span: spanSchema,
    lines: linesSchema,
    page: z.int().nullable(),
    symbol: z.string().nullable(),
    signature: z.string().nullable(),
    heading: z.string().nullable(),
  })
  .openapi("Chunk");

/** A document with its text and chunks. */
export interface DocumentDetail extends Omit<DocumentItem, "chunks"> {
  readonly text: string;
  /** Where each page lies in the text; empty for a document without pages. */
  readonly pages: readonly PageSpan[];
  readonly chunks: readonly Chunk[];
}

/** A document with its text and chunks, as it leaves the server. */
export const documentDetailSchema: z.ZodType<DocumentDetail> = z
  .object({ ...documentFields, text: z.string(), pages: z.array(pageSchema), chunks: z.array(chunkSchema) })
  .openapi("DocumentDetail");

const count = z.int().min(0);

const fileSchema = z.object({
  source: z.string(),
  root: z.string(),
  status: z.enum(["added", "changed", "unchanged", "removed", "skipped", "failed"]),
  reason: z.string(),
});

const reportSchema: z.ZodType<IngestReport> = z
  .object({
    collection: z.string(),
    store: z.string(),
    embeddingModel: z.string(),
    documents: z.object({
      added: count,
      changed: count,
      unchanged: count,
      removed: count,
      skipped: count,
      failed: count,
    }),
    chunks: z
      .object({ embedded: count, reused: count, deleted: count, total: count })
      .describe("`reused`: not embedded, since their vectors were known."),
    tokens: count.describe("Tokens that were embedded."),
    bytes: count.describe("Bytes read of added and changed documents."),
    seconds: z.number(),
    chunksPerSecond: z.number(),
    notes: z.array(z.string()).optional().describe("What went wrong beside the documents, such as a damaged cache."),
    files: z.array(fileSchema).describe("Files that were skipped or that failed."),
    noted: z.array(fileSchema).optional().describe("Files with a note on how they were read."),
  })
  .openapi("IngestReport");

/** A job, as it leaves the server. */
export const jobSchema: z.ZodType<Job> = z
  .object({
    id: z.string(),
    collection: z.string(),
    state: z.enum(["queued", "running", "done", "failed"]),
    progress: z.object({
      filesDone: count,
      filesTotal: count,
      bytesDone: count,
      bytesTotal: count,
      chunksDone: count,
    }),
    // Not `nullable()`: for a named schema that becomes an `allOf`, which no null passes.
    report: z.union([reportSchema, z.null()]),
    error: z.union([problemSchema, z.null()]),
    createdAt: z.string(),
    startedAt: z.string().nullable().describe("Null while it is queued."),
    endedAt: z.string().nullable().describe("Null until it is done or has failed."),
  })
  .openapi("Job");

/** A collection, as it leaves the server. */
export const collectionSchema: z.ZodType<CollectionInfo> = z
  .object({
    name: z.string(),
    settings: z.object({
      embedding: z.object({
        model: z.string(),
        dimensions: z.int(),
        pooling: z.string(),
        fingerprint: z.string(),
      }),
      chunker: z.object({
        name: z.enum(["sentences", "recursive", "token", "markdown", "autogen"]),
        version: z.int(),
        chunkTokens: z.int(),
        overlapTokens: z.int(),
      }),
      analyser: z.object({ version: z.int(), averageLength: z.number() }),
    }),
    documents: count,
    chunks: count,
    createdAt: z.string(),
    reindexing: z
      .object({ documents: count, chunks: count })
      .optional()
      .describe("How far a re-indexing has come that goes on or was interrupted."),
  })
  .openapi("Collection");
