import { createHash, hash as digest } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { v5 } from "uuid";
import type { Chunk, SparseVector } from "../src/domain/chunk.ts";

/** Namespace of every id. It must never change: no stored id would be recognised. */
const NAMESPACE = "5d0c7a0e-3f7b-5b1e-9a5c-6f1f6c0b7e21";

/** What identifies a document from one ingestion to the next. */
export interface DocumentIdentity {
  /** The name that readers use, even while a re-indexing fills another collection. */
  readonly collection: string;
  readonly root: string;
  readonly source: string;
}

/** What identifies a chunk, wherever in its document it stands. */
export interface ChunkIdentity extends DocumentIdentity {
  /** {@link hashOf} of the embedded text. */
  readonly hash: string;
  /** How many chunks with the same text stand before it in the document. */
  readonly occurrence: number;
}

/** UUIDv5 of (collection, root, source). */
export function documentId({ collection, root, source }: DocumentIdentity): string {
  return v5(JSON.stringify([collection, root, source]), NAMESPACE);
}

/** UUIDv5 of (collection, root, source, hash of the embedded text, occurrence number). */
export function chunkId({ collection, root, source, hash, occurrence }: ChunkIdentity): string {
  return v5(JSON.stringify([collection, root, source, hash, occurrence]), NAMESPACE);
}

/** SHA-256 of a text or of bytes, in hex. */
export function hashOf(content: string | Uint8Array): string {
  return digest("sha256", content);
}

/** SHA-256 of a file's bytes, in hex. */
export async function hashFile(file: string, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash, { signal });
  return hash.digest("hex");
}

/** Hash of everything stored of a chunk except its vectors, in 32 hex digits. */
export function chunkFingerprint(chunk: Chunk, terms: SparseVector): string {
  const { span, lines } = chunk;
  const payload = [
    [chunk.id, chunk.documentId, chunk.root, chunk.source, chunk.title, chunk.language, chunk.ordinal, chunk.text],
    [span.start, span.end, lines.start, lines.end, chunk.page, chunk.symbol, chunk.signature, chunk.heading],
  ];
  return createHash("sha256")
    .update(JSON.stringify(payload))
    .update(new Float64Array(terms.indices))
    .update(new Float64Array(terms.values))
    .digest("hex")
    .slice(0, 32);
}
