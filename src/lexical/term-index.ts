const CACHE_SIZE = 200_000;

const encoder = new TextEncoder();
const cache = new Map<string, number>();

/**
 * Number of a term in a sparse vector: |int32(murmur3_32(utf-8 term, seed 0))|, as Qdrant's own `qdrant/bm25` model
 * computes it.
 */
export function termIndex(term: string): number {
  const known = cache.get(term);
  if (known !== undefined) return known;
  const index = Math.abs(murmur3(encoder.encode(term)));
  if (cache.size >= CACHE_SIZE) cache.clear();
  cache.set(term, index);
  return index;
}

/** MurmurHash3, 32 bit, x86 variant, seed 0 (Austin Appleby, public domain), as a signed integer. */
function murmur3(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const blocksEnd = bytes.length - (bytes.length % 4);
  let hash = 0;
  for (let index = 0; index < blocksEnd; index += 4) {
    hash ^= scramble(view.getUint32(index, true));
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let index = bytes.length - 1; index >= blocksEnd; index -= 1) tail = (tail << 8) | view.getUint8(index);
  if (blocksEnd < bytes.length) hash ^= scramble(tail);
  hash ^= bytes.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function scramble(block: number): number {
  const mixed = Math.imul(block, 0xcc9e2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
}
