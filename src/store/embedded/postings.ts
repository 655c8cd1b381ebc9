import { bytesOf, type EmbeddedDatabase } from "./database.ts";

/**
 * How many chunk rows share one list of postings for each term. A list is always written as a whole: small blocks make
 * writing cheap, large ones reading.
 */
export const ROWS_PER_BLOCK = 2048;

/** Length of an entry in numbers of 16 bits: the row within the block, and the two halves of a 32-bit float. */
export const ENTRY_LENGTH = 3;

/** New weights of one term, by the row within the block; null removes the term from the chunk. */
type BlockChanges = Map<number, number | null>;

/**
 * Changes of the word index that are written together. Of several changes for a term and a chunk the last one counts.
 */
export interface PostingChanges {
  set(row: number, terms: { readonly indices: ArrayLike<number>; readonly values: ArrayLike<number> }): void;
  remove(row: number, indices: ArrayLike<number>): void;
  /** Writes everything down. */
  write(database: EmbeddedDatabase, collection: number): void;
}

/** Collects changes of the word index. */
export function createPostingChanges(): PostingChanges {
  const blocks = new Map<number, Map<number, BlockChanges>>();
  // Blocks with chunks that were indexed before: their lists may hold entries that have to go.
  const merged = new Set<number>();
  const change = (row: number, indices: ArrayLike<number>, newWeight: (at: number) => number | null): void => {
    const block = Math.floor(row / ROWS_PER_BLOCK);
    const offset = row % ROWS_PER_BLOCK;
    const terms = blocks.get(block) ?? new Map<number, BlockChanges>();
    blocks.set(block, terms);
    for (let at = 0; at < indices.length; at += 1) {
      const term = indices[at] ?? 0;
      const known = terms.get(term);
      if (known === undefined) terms.set(term, new Map([[offset, newWeight(at)]]));
      else known.set(offset, newWeight(at));
    }
  };
  return {
    set: (row, { indices, values }) => change(row, indices, (at) => values[at] ?? 0),
    remove(row, indices) {
      merged.add(Math.floor(row / ROWS_PER_BLOCK));
      change(row, indices, () => null);
    },
    write(database, collection) {
      for (const [block, terms] of blocks) {
        const write = merged.has(block) ? mergeList : appendList;
        // Sorted as the table is, so that its pages are visited one after the other.
        for (const [term, changes] of [...terms].toSorted(([left], [right]) => left - right)) {
          write(database, { collection, block, term }, changes);
        }
      }
      blocks.clear();
      merged.clear();
    },
  };
}

interface ListKey {
  readonly collection: number;
  readonly block: number;
  readonly term: number;
}

/** Adds chunks that are new to the index to a list. */
function appendList(database: EmbeddedDatabase, { collection, block, term }: ListKey, changes: BlockChanges): void {
  database
    .statement(
      `INSERT INTO postings VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET entries = CAST(entries || excluded.entries AS BLOB)`,
    )
    .run(collection, block, term, encodeEntries(changes));
}

/** Changes a list that may already hold weights of the same chunks. */
function mergeList(database: EmbeddedDatabase, { collection, block, term }: ListKey, changes: BlockChanges): void {
  const found = database
    .statement("SELECT entries FROM postings WHERE collection = ? AND block = ? AND term = ?")
    .get(collection, block, term);
  const known = found === undefined ? new Uint16Array() : decodeEntries(bytesOf(found["entries"]));
  const weights: BlockChanges = new Map();
  for (let at = 0; at < known.length; at += ENTRY_LENGTH) weights.set(known[at] ?? 0, weightAt(known, at));
  let changed = false;
  for (const [offset, weight] of changes) {
    const stored = weights.get(offset);
    if (weight === null) changed = weights.delete(offset) || changed;
    else if (stored !== Math.fround(weight)) {
      weights.set(offset, weight);
      changed = true;
    }
  }
  if (!changed) return;
  if (weights.size === 0) {
    database
      .statement("DELETE FROM postings WHERE collection = ? AND block = ? AND term = ?")
      .run(collection, block, term);
    return;
  }
  database.statement("REPLACE INTO postings VALUES (?, ?, ?, ?)").run(collection, block, term, encodeEntries(weights));
}

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

function encodeEntries(weights: BlockChanges): Uint8Array {
  const entries = new Uint16Array(ENTRY_LENGTH * weights.size);
  let at = 0;
  for (const [offset, weight] of weights) {
    float[0] = weight ?? 0;
    entries[at] = offset;
    entries[at + 1] = bits[0] ?? 0;
    entries[at + 2] = (bits[0] ?? 0) >>> 16;
    at += ENTRY_LENGTH;
  }
  return new Uint8Array(entries.buffer);
}

/** The weight of the entry that begins at a place of a list. */
export function weightAt(entries: Uint16Array, at: number): number {
  // Written in one step: a number that was written in halves is read ten times as slowly.
  bits[0] = (entries[at + 1] ?? 0) | ((entries[at + 2] ?? 0) << 16);
  return float[0] ?? 0;
}

/** A list as numbers, see {@link ENTRY_LENGTH}. */
export function decodeEntries(bytes: Uint8Array): Uint16Array {
  const aligned = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  return new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 2);
}
