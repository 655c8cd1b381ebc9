import type { Embedder } from "./embedder.ts";
import { toUnitLength } from "./vector-length.ts";

/** Options of {@link createHashingEmbedder}. */
export interface HashingEmbedderOptions {
  /**
   * Length of the vectors; at least 2.
   * @default 256
   */
  readonly dimensions?: number | undefined;
  /**
   * Tokens (words) it reads of one text, two reserved ones included, as a real model's window.
   * @default 256
   */
  readonly maxTokens?: number | undefined;
}

const RESERVED_TOKENS = 2;
const WORDS = /[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu;

/**
 * An embedder without a model: every word and every three letters of it are hashed to a place and a sign, so that texts
 * with words in common get similar vectors. Deterministic and fast; for tests and examples, not for real retrieval.
 * @throws TypeError when an option is out of range.
 */
export function createHashingEmbedder({ dimensions = 256, maxTokens = 256 }: HashingEmbedderOptions = {}): Embedder {
  if (!Number.isInteger(dimensions) || dimensions < 2)
    throw new TypeError(`dimensions must be 2 or more, not ${dimensions}`);
  if (!Number.isInteger(maxTokens) || maxTokens <= RESERVED_TOKENS) {
    throw new TypeError(`maxTokens must be more than ${RESERVED_TOKENS}, not ${maxTokens}`);
  }
  return {
    model: "hashing",
    fingerprint: `hashing-${dimensions}-${maxTokens}`,
    dimensions,
    pooling: "mean",
    maxTokens,
    reservedTokens: RESERVED_TOKENS,
    batchSize: 64,
    countTokens(text) {
      return wordsOf(text).length;
    },
    async embed(texts, { signal } = {}) {
      signal?.throwIfAborted();
      return texts.map((text) => hashedVector(wordsOf(text).slice(0, maxTokens - RESERVED_TOKENS), dimensions));
    },
    async close() {},
  };
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(WORDS) ?? [];
}

function hashedVector(words: readonly string[], dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  for (const word of words) {
    addFeature(vector, word, 1);
    const padded = `^${word}$`;
    for (let index = 0; index + 3 <= padded.length; index += 1) addFeature(vector, padded.slice(index, index + 3), 0.3);
  }
  return toUnitLength(vector);
}

function addFeature(vector: Float32Array, feature: string, weight: number): void {
  // FNV-1a with a final mix; the lowest bit gives the sign, the others the place.
  let hash = 0x811c9dc5;
  for (let index = 0; index < feature.length; index += 1) {
    hash = Math.imul(hash ^ feature.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = (hash ^ (hash >>> 13)) >>> 0;
  const place = (hash >>> 1) % vector.length;
  vector[place] = (vector[place] ?? 0) + (hash & 1 ? weight : -weight);
}
