import { resolve as resolvePath } from "node:path";
import { checkNeeded, checkOptions, type OptionKind, type ValueRule } from "../../domain/check-options.ts";
import type { ChunkPoint } from "../../domain/chunk.ts";
import { IN_MEMORY, type PackedPoints, type VectorMemory } from "./protocol.ts";
import { openEmbeddedConnections } from "./connections.ts";
import { slices } from "../../domain/slices.ts";
import { checkVectors } from "../check-vectors.ts";
import { cutText } from "../text-parts.ts";
import type { VectorStore } from "../vector-store.ts";

/** Chunks for one write: enough to spread the cost of a write, few enough that a search does not wait long for it. */
const BATCH_SIZE = 256;

/** Parts of a text in one message to the thread: a megabyte or two, so that a long text is not copied as a whole. */
const PARTS_PER_MESSAGE = 32;

const VECTOR_MEMORY: VectorMemory = { from: 2000, upTo: 500_000_000, atOnce: false };

/** Options of {@link openEmbeddedStore}. */
export interface EmbeddedStoreOptions {
  /**
   * Path of the database file, made with its folder by the first write when there is none; `:memory:` for a store that ends with
   * `close()`. All collections lie in it. It must be on a local disk; several processes of one machine may use it.
   */
  readonly file: string;
  /**
   * How long a write waits for other processes that write, in milliseconds; then it rejects with `collection_busy`.
   * @default 30000
   */
  readonly busyTimeoutMs?: number | undefined;
  /**
   * Which collections' vectors are also kept in memory, one byte for each number: 40 MB for 100,000 vectors of 384
   * numbers, in each of the two threads that search. Searches then find the same in a tenth of the time. The vectors
   * are read after the first search and released after ten minutes without one. `{ upTo: 0 }` keeps none.
   * @default { from: 2000, upTo: 500_000_000, atOnce: false }
   */
  readonly vectorMemory?: Partial<VectorMemory> | undefined;
}

const KNOWN: Readonly<Record<keyof EmbeddedStoreOptions, OptionKind>> = {
  file: true,
  busyTimeoutMs: "amount",
  vectorMemory: "object",
};

const FILE_RULE: ValueRule = [
  'a path, such as "notes.db", or ":memory:"',
  (value) => typeof value === "string" && value.trim() !== "",
];

const INSTEAD: Readonly<Record<string, string>> = {
  path: "write file",
  dataFolder: "write file, the path of the database itself",
};

/**
 * Opens the store that needs no server: SQLite with sqlite-vec, in a thread of its own. It is meant for up to some
 * 100,000 chunks, since every search by vector looks at all of them.
 *
 * @throws CitewellError `store_unavailable` when the file cannot be opened, belongs to another program or to a newer
 * version. Where there is no file yet, the first write rejects with it, or with `store_full` when there is no room.
 */
export async function openEmbeddedStore(options: EmbeddedStoreOptions): Promise<VectorStore> {
  checkOptions(options, { owner: "openEmbeddedStore", known: KNOWN, instead: INSTEAD });
  const { file, busyTimeoutMs = 30_000, vectorMemory } = options;
  checkNeeded("openEmbeddedStore.file", file, FILE_RULE);
  const location = file === IN_MEMORY ? file : resolvePath(file);
  const { call, close } = await openEmbeddedConnections({
    file: location,
    busyTimeoutMs,
    vectorMemory: { ...VECTOR_MEMORY, ...vectorMemory },
  });

  return {
    kind: "embedded",
    location,
    maxBatchSize: BATCH_SIZE,
    listCollections: (callOptions) => call("listCollections", [], callOptions),
    describeCollection: (name, callOptions) => call("describeCollection", [name], callOptions),
    createCollection: (name, settings, callOptions) => call("createCollection", [name, settings], callOptions),
    deleteCollection: (name, callOptions) => call("deleteCollection", [name], callOptions),
    promoteCollection: (from, to, callOptions) => call("promoteCollection", [from, to], callOptions),
    async listDocuments(name, { limit, cursor = null, ...callOptions }) {
      if (!Number.isInteger(limit) || limit < 1) throw new TypeError(`"limit" is a whole number from 1, got ${limit}`);
      return call("listDocuments", [name, { limit, cursor }], callOptions);
    },
    documentsVersion: (name, callOptions) => call("documentsVersion", [name], callOptions),
    getDocument: (name, id, callOptions) => call("getDocument", [name, id], callOptions),
    async putDocument(name, document, text, callOptions) {
      if (text === null) return call("putDocument", [name, document, null], callOptions);
      const [first = [], ...rest] = slices(cutText(text), PARTS_PER_MESSAGE);
      // Until its last part is there, the document counts as incomplete.
      const begun = rest.length === 0 ? document : { ...document, contentHash: "" };
      await call("putDocument", [name, begun, first], callOptions);
      for (const parts of rest) await call("appendText", [name, document.id, parts], callOptions);
      if (rest.length > 0) await call("putDocument", [name, document, null], callOptions);
    },
    touchDocuments: (name, seen, callOptions) => call("touchDocuments", [name, seen], callOptions),
    deleteDocuments: (name, ids, callOptions) => call("deleteDocuments", [name, ids], callOptions),
    readSpans: (name, spans, callOptions) => call("readSpans", [name, spans], callOptions),
    chunkStates: (name, documentId, callOptions) => call("chunkStates", [name, documentId], callOptions),
    listChunks: (name, documentId, callOptions) => call("listChunks", [name, documentId], callOptions),
    async upsertChunks(name, points, callOptions) {
      checkVectors(points);
      const packed = packPoints(points);
      return call("upsertChunks", [name, packed], { ...callOptions, transfer: [packed.vectors.buffer] });
    },
    refreshChunks: (name, chunks, callOptions) => call("refreshChunks", [name, chunks], callOptions),
    deleteChunks: (name, ids, callOptions) => call("deleteChunks", [name, ids], callOptions),
    search: (name, query, callOptions) => call("search", [name, query], callOptions),
    acquireLease: (name, claim, callOptions) => call("acquireLease", [name, claim], callOptions),
    releaseLease: (name, owner, callOptions) => call("releaseLease", [name, owner], callOptions),
    ping: (callOptions) => call("ping", [], callOptions),
    verify: (callOptions) => call("verify", [], callOptions),
    close,
  };
}

/** Copies all vectors into one array, so that the caller's own arrays stay usable. */
function packPoints(points: readonly ChunkPoint[]): PackedPoints {
  const vectors = points.flatMap((point) => point.vectors);
  const packed = new Float32Array(vectors.reduce((sum, { length }) => sum + length, 0));
  let position = 0;
  for (const vector of vectors) {
    packed.set(vector, position);
    position += vector.length;
  }
  return {
    chunks: points.map(({ chunk, terms, fingerprint }) => ({ chunk, terms, fingerprint })),
    vectorLengths: points.map((point) => point.vectors.map(({ length }) => length)),
    vectors: packed,
  };
}
