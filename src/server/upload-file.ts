import { z } from "@hono/zod-openapi";
import type { SubmittedDocument } from "../domain/ingest.ts";
import type { Upload } from "./read-upload.ts";
import { metadataSchema } from "./schemas/metadata-schema.ts";

/** An upload that is not ingested yet. */
export interface KeptUpload {
  /** Id of its job. */
  readonly id: string;
  /** ISO 8601 time at which it was accepted. */
  readonly createdAt: string;
  readonly upload: Upload;
}

/** An upload with its place among those of the same time. */
export interface OrderedUpload extends KeptUpload {
  readonly order: number;
}

/** What stands in front of the contents, on a line of its own. */
const headerSchema = z.object({
  id: z.string(),
  createdAt: z.string(),
  order: z.int(),
  collection: z.string(),
  page: z.object({ url: z.string(), source: z.string().optional(), metadata: metadataSchema.optional() }).optional(),
  documents: z.array(
    z.object({
      source: z.string(),
      mediaType: z.string().optional(),
      metadata: metadataSchema.optional(),
      isText: z.boolean(),
      bytes: z.int().min(0),
    }),
  ),
});

const LINE_END = 0x0a;

/** An upload as a file: a line of JSON, then the contents of its documents one after the other. */
export function encodeUpload({ id, createdAt, order, upload }: OrderedUpload): Uint8Array {
  const { collection, page, documents } = upload;
  const contents = documents.map(({ content }) => (typeof content === "string" ? Buffer.from(content) : content));
  const described = documents.map(({ content, ...rest }, index) => ({
    ...rest,
    isText: typeof content === "string",
    bytes: contents[index]?.byteLength ?? 0,
  }));
  const header = JSON.stringify({ id, createdAt, order, collection, page, documents: described });
  return Buffer.concat([Buffer.from(`${header}\n`), ...contents]);
}

/** The upload in a file; null where it is none, or not a whole one. */
export function decodeUpload(file: Uint8Array): OrderedUpload | null {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const lineEnd = bytes.indexOf(LINE_END);
  const header = headerSchema.safeParse(parse(bytes.subarray(0, Math.max(lineEnd, 0)).toString()));
  if (!header.success) return null;
  const { id, createdAt, order, collection, page, documents } = header.data;
  const read: SubmittedDocument[] = [];
  let from = lineEnd + 1;
  for (const { source, mediaType, metadata, isText, bytes: size } of documents) {
    const content = bytes.subarray(from, from + size);
    from += size;
    read.push({ source, content: isText ? content.toString() : new Uint8Array(content), mediaType, metadata });
  }
  if (from !== bytes.byteLength) return null;
  return { id, createdAt, order, upload: { collection, documents: read, page } };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
