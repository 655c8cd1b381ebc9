import { createRandom } from "../../src/domain/seeded-random.ts";
import { v5 as uuidFromName } from "uuid";
import type { Chunk, ChunkPoint, IndexedChunk } from "../../src/domain/chunk.ts";
import type { CollectionSettings } from "../../src/domain/collection.ts";
import type { DocumentRecord } from "../../src/domain/document.ts";
import type { StoreCandidate, StoreQuery } from "../../src/store/vector-store.ts";

const NAMESPACE = "6f9619ff-8b86-4d01-b42d-00c04fc964ff";

/** Length of the vectors in the samples. */
export const DIMENSIONS: number = 8;

/** A UUID that is always the same for a name, since chunk and document ids are UUIDs. */
export function idOf(name: string): string {
  return uuidFromName(name, NAMESPACE);
}

/** Settings of a collection for vectors of `dimensions` numbers. */
export function sampleSettings(dimensions: number = DIMENSIONS): CollectionSettings {
  return {
    embedding: { model: "sample-model", dimensions, pooling: "mean", fingerprint: "f00d" },
    chunker: { name: "sentences", version: 3, chunkTokens: 150, overlapTokens: 0 },
    analyser: { version: 2, averageLength: 81.5 },
  };
}

/** What a sample chunk differs in from the others. */
export interface SampleOptions extends Partial<Omit<Chunk, "id" | "documentId">> {
  /** Name of the document; its id is made of it. */
  readonly document?: string;
  readonly terms?: Readonly<Record<number, number>>;
  readonly vectors?: readonly (readonly number[])[];
  readonly fingerprint?: string;
}

/** A chunk with its terms, without vectors. */
export function sampleChunk(name: string, options: SampleOptions = {}): IndexedChunk {
  const { document = "document", terms = {}, vectors: _vectors, fingerprint = `print-${name}`, ...rest } = options;
  const entries = Object.entries(terms).map(([index, value]) => [Number(index), value] as const);
  entries.sort(([left], [right]) => left - right);
  const text = rest.text ?? `Text of ${name}.`;
  return {
    chunk: {
      id: idOf(name),
      documentId: idOf(document),
      root: "/docs",
      source: `${document}.md`,
      title: null,
      language: "markdown",
      ordinal: 0,
      span: { start: 0, end: text.length },
      lines: { start: 1, end: 1 },
      page: null,
      symbol: null,
      signature: null,
      heading: null,
      ...rest,
      text,
    },
    terms: { indices: entries.map(([index]) => index), values: entries.map(([, value]) => value) },
    fingerprint,
  };
}

/** A chunk with its vectors; every vector is padded with zeros and brought to length one. */
export function samplePoint(name: string, options: SampleOptions = {}): ChunkPoint {
  return { ...sampleChunk(name, options), vectors: (options.vectors ?? [[1]]).map(unit) };
}

/** A document record that belongs to the chunks of the same document name. */
export function sampleDocument(name: string, options: Partial<DocumentRecord> = {}): DocumentRecord {
  return {
    id: idOf(name),
    root: "/docs",
    source: `${name}.md`,
    title: null,
    mediaType: "text/markdown",
    language: "markdown",
    bytes: 17,
    contentHash: `hash-${name}`,
    chunks: 1,
    textLength: 17,
    ingestedAt: "2026-01-02T03:04:05.678Z",
    ...options,
  };
}

/** A vector of length one that begins with the given numbers. */
export function unit(numbers: readonly number[]): Float32Array {
  const length = Math.hypot(...numbers);
  const vector = new Float32Array(DIMENSIONS);
  for (const [index, value] of numbers.entries()) vector[index] = value / length;
  return vector;
}

/** A query that asks for ten chunks of each ranking. */
export function sampleQuery(query: Partial<StoreQuery> = {}): StoreQuery {
  return { vector: null, terms: [], denseLimit: 10, lexicalLimit: 10, ...query };
}

/** Points with random vectors (one to three windows), terms, languages and documents. */
export function randomPoints(count: number, seed: number): ChunkPoint[] {
  const random = createRandom(seed);
  const languages = ["markdown", "typescript", "text"];
  const headings = ["Tides", "Tides > Spring", "tides"];
  return Array.from({ length: count }, (_, index) => {
    const windows = 1 + Math.floor(random() * 3);
    const terms: Record<number, number> = {};
    for (let term = 1; term <= 30; term += 1) if (random() < 6 / (5 + term)) terms[term * 7919] = 0.2 + 2 * random();
    return samplePoint(`random ${seed} ${index}`, {
      document: `document ${index % 7}`,
      root: index % 2 === 0 ? "/docs" : "/code",
      language: languages[index % 3] ?? "text",
      heading: headings[index % 5] ?? null,
      ordinal: index,
      terms,
      vectors: Array.from({ length: windows }, () => Array.from({ length: DIMENSIONS }, () => random() - 0.5)),
    });
  });
}

/** What a search has to find, worked out the slow way. */
export function expectedSearch(
  points: readonly ChunkPoint[],
  query: StoreQuery,
): { readonly candidates: StoreCandidate[]; readonly idf: Map<number, number> } {
  const idf = new Map(query.terms.map((term) => [term, inverseFrequency(points, term)]));
  const scored = points
    .filter(({ chunk }) => fits(chunk, query))
    .map(({ chunk, vectors, terms }) => ({
      chunk,
      dense: query.vector === null ? null : Math.max(...vectors.map((vector) => dot(vector, query.vector ?? vector))),
      lexical: terms.indices.reduce((sum, term, at) => sum + (terms.values[at] ?? 0) * (idf.get(term) ?? 0), 0),
    }));
  const byVector = query.vector === null ? [] : scored.toSorted((a, b) => (b.dense ?? 0) - (a.dense ?? 0));
  const byWords = scored.filter(({ lexical }) => lexical > 0).toSorted((a, b) => b.lexical - a.lexical);
  const candidates = new Set([...byVector.slice(0, query.denseLimit), ...byWords.slice(0, query.lexicalLimit)]);
  return { candidates: [...candidates], idf };
}

/** ln(1 + (N − df + 0.5) / (df + 0.5)). */
export function inverseFrequency(points: readonly IndexedChunk[], term: number): number {
  const frequency = points.filter(({ terms }) => terms.indices.includes(term)).length;
  return Math.log(1 + (points.length - frequency + 0.5) / (frequency + 0.5));
}

function fits(chunk: Chunk, { filter = {} }: StoreQuery): boolean {
  return (
    (filter.documentIds?.includes(chunk.documentId) ?? true) &&
    (filter.languages?.includes(chunk.language) ?? true) &&
    (filter.roots?.includes(chunk.root) ?? true) &&
    (filter.headings?.includes(chunk.heading ?? "") ?? true)
  );
}

function dot(left: Float32Array, right: Float32Array): number {
  return left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);
}
