import { v5 as uuidFromName } from "uuid";
import type { ChunkPoint } from "../../src/domain/chunk.ts";
import type { CollectionSettings } from "../../src/domain/collection.ts";
import { createRandom } from "../../src/domain/seeded-random.ts";

const NAMESPACE = "0d0b6a5e-6a63-4d4e-9a54-3f0e0a4c7f10";
const CHUNKS_PER_DOCUMENT = 50;
const VOCABULARY = 40_000;
// As measured on 3,600 chunks of prose and code: 97 distinct terms a chunk, the commonest in about half of them, the
// hundredth in one of twelve.
const TERMS_PER_CHUNK = 97;
const HEAD = 20;
const QUERY_TERMS = 7;
const TOPICS = 500;

/** Length of the made-up vectors: that of the bundled model. */
export const MADE_UP_DIMENSIONS = 384;

/** Settings of a collection for made-up chunks. */
export const MADE_UP_SETTINGS: CollectionSettings = {
  embedding: { model: "made-up", dimensions: MADE_UP_DIMENSIONS, pooling: "mean", fingerprint: "bench" },
  chunker: { name: "sentences", version: 1, chunkTokens: 150, overlapTokens: 0 },
  analyser: { version: 1, averageLength: 80 },
};

/** A chunk that is always the same for a number: text of 150 tokens, terms as frequent as in prose, a vector near its topic's. */
export function madeUpPoint(index: number): ChunkPoint {
  const random = createRandom(index + 1);
  const document = Math.floor(index / CHUNKS_PER_DOCUMENT);
  const indices = madeUpTerms(TERMS_PER_CHUNK, random).toSorted((left, right) => left - right);
  const text = `Chunk ${index}: ${"some words of prose that fill a chunk ".repeat(15)}`;
  return {
    chunk: {
      id: uuidFromName(`chunk ${index}`, NAMESPACE),
      documentId: madeUpDocumentId(document),
      root: "/bench/documents",
      source: `folder/document-${document}.md`,
      title: `Document ${document}`,
      language: `language ${document % 10}`,
      ordinal: index % CHUNKS_PER_DOCUMENT,
      text,
      span: { start: index * text.length, end: (index + 1) * text.length },
      lines: { start: index, end: index + 5 },
      page: null,
      symbol: null,
      signature: null,
      heading: null,
    },
    terms: { indices, values: indices.map(() => 0.2 + 2 * random()) },
    fingerprint: `fingerprint ${index}`,
    vectors: [nearTopic(document, random)],
  };
}

/** Vector and terms of a question that is always the same for a number. */
export function madeUpQuestion(index: number): { readonly vector: Float32Array; readonly terms: number[] } {
  const random = createRandom(-1 - index);
  return { vector: nearTopic(Math.floor(random() * TOPICS), random), terms: madeUpTerms(QUERY_TERMS, random) };
}

/** Id of the document that holds the made-up chunks from fifty times its number. */
export function madeUpDocumentId(document: number): string {
  return uuidFromName(`document ${document}`, NAMESPACE);
}

/** Distinct terms; the one of rank r is drawn 1 / (r + 20) times as often as one of rank 0 would be. */
function madeUpTerms(count: number, random: () => number): number[] {
  const terms = new Set<number>();
  while (terms.size < count) {
    const rank = Math.floor(HEAD * ((VOCABULARY + HEAD) / HEAD) ** random() - HEAD);
    // Spread over the whole range, as hashes are.
    terms.add(Math.imul(rank + 1, 2_654_435_761) >>> 1);
  }
  return [...terms];
}

const topics = new Map<number, Float32Array>();

function nearTopic(number: number, random: () => number): Float32Array {
  const topic = number % TOPICS;
  const centre = topics.get(topic) ?? randomUnit(createRandom(1e6 + topic));
  topics.set(topic, centre);
  const noise = randomUnit(random);
  const closeness = 0.4 + 0.6 * random();
  return unit(noise.map((value, at) => value + closeness * (centre[at] ?? 0)));
}

function randomUnit(random: () => number): Float32Array {
  return unit(Float32Array.from({ length: MADE_UP_DIMENSIONS }, () => random() + random() - 1));
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return vector.map((value) => value / length);
}
