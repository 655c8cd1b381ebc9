import { bytesOf, type EmbeddedDatabase, numberOf } from "./embedded-database.ts";

/**
 * Chunk rows that share one list of postings. A list is written as a whole, so a small block makes writing cheap, a
 * large one makes reading cheap.
 */
const ROWS_PER_BLOCK = 2048;

/** A term's weights in the chunks of one block. */
interface Block {
  /** Chunk rows, counted from the block's first one. */
  readonly offsets: Uint16Array;
  readonly weights: Float32Array;
}

/** Changes of the word index that are written together: by term, the chunk rows with their new weight or null. */
export interface PostingChanges {
  set(row: number, terms: { readonly indices: ArrayLike<number>; readonly values: ArrayLike<number> }): void;
  remove(row: number, indices: ArrayLike<number>): void;
  /** Writes everything down. */
  write(database: EmbeddedDatabase, collection: number): void;
}

/** Collects changes of the word index; the last one said of a term and a chunk counts. */
export function createPostingChanges(): PostingChanges {
  const changes = new Map<number, Map<number, number | null>>();
  const change = (term: number, row: number, weight: number | null): void => {
    const rows = changes.get(term);
    if (rows === undefined) changes.set(term, new Map([[row, weight]]));
    else rows.set(row, weight);
  };
  return {
    set(row, { indices, values }) {
      for (let at = 0; at < indices.length; at += 1) change(indices[at] ?? 0, row, values[at] ?? 0);
    },
    remove(row, indices) {
      for (let at = 0; at < indices.length; at += 1) change(indices[at] ?? 0, row, null);
    },
    write(database, collection) {
      // In the order of the table, so that its pages are touched one after the other.
      const terms = [...changes.keys()].toSorted((left, right) => left - right);
      for (const term of terms) {
        for (const [block, offsets] of byBlock(changes.get(term) ?? new Map())) {
          writeBlock(database, { collection, term, block }, offsets);
        }
      }
      changes.clear();
    },
  };
}

/** What the words of a query say of the chunks. */
export interface WordScores {
  /** Sum of weight × idf by chunk row; a chunk without any of the terms is not in it. */
  readonly scores: ReadonlyMap<number, number>;
  readonly idf: ReadonlyMap<number, number>;
}

/** Scores every chunk of a collection that has one of the terms. */
export function scoreWords(
  database: EmbeddedDatabase,
  collection: { readonly id: number; readonly chunks: number },
  terms: readonly number[],
): WordScores {
  const select = database.statement("SELECT block, entries FROM postings WHERE collection = ? AND term = ?");
  const sums = new Map<number, Float64Array>();
  const idf = new Map<number, number>();
  for (const term of new Set(terms)) {
    const blocks = select.all(collection.id, term).map((row) => ({
      block: numberOf(row["block"]),
      ...decodeBlock(bytesOf(row["entries"])),
    }));
    const frequency = blocks.reduce((sum, { offsets }) => sum + offsets.length, 0);
    const rarity = Math.log(1 + (collection.chunks - frequency + 0.5) / (frequency + 0.5));
    idf.set(term, rarity);
    for (const { block, offsets, weights } of blocks) {
      const sum = sums.get(block) ?? new Float64Array(ROWS_PER_BLOCK);
      sums.set(block, sum);
      for (let at = 0; at < offsets.length; at += 1) {
        const offset = offsets[at] ?? 0;
        sum[offset] = (sum[offset] ?? 0) + (weights[at] ?? 0) * rarity;
      }
    }
  }
  return { scores: positiveScores(sums), idf };
}

function positiveScores(sums: ReadonlyMap<number, Float64Array>): Map<number, number> {
  const scores = new Map<number, number>();
  for (const [block, sum] of sums) {
    const first = block * ROWS_PER_BLOCK;
    for (let offset = 0; offset < sum.length; offset += 1) {
      const score = sum[offset] ?? 0;
      if (score > 0) scores.set(first + offset, score);
    }
  }
  return scores;
}

function byBlock(rows: ReadonlyMap<number, number | null>): Map<number, Map<number, number | null>> {
  const blocks = new Map<number, Map<number, number | null>>();
  for (const [row, weight] of rows) {
    const block = Math.floor(row / ROWS_PER_BLOCK);
    const offset = row % ROWS_PER_BLOCK;
    const offsets = blocks.get(block);
    if (offsets === undefined) blocks.set(block, new Map([[offset, weight]]));
    else offsets.set(offset, weight);
  }
  return blocks;
}

function writeBlock(
  database: EmbeddedDatabase,
  { collection, term, block }: { readonly collection: number; readonly term: number; readonly block: number },
  changes: ReadonlyMap<number, number | null>,
): void {
  const known = database
    .statement("SELECT entries FROM postings WHERE collection = ? AND term = ? AND block = ?")
    .get(collection, term, block);
  const entries = mergeBlock(known === undefined ? null : decodeBlock(bytesOf(known["entries"])), changes);
  if (entries.length > 0) {
    database.statement("REPLACE INTO postings VALUES (?, ?, ?, ?)").run(collection, term, block, entries);
  } else if (known !== undefined) {
    database
      .statement("DELETE FROM postings WHERE collection = ? AND term = ? AND block = ?")
      .run(collection, term, block);
  }
}

/** Encodes what stays of a block together with what is new: all weights, then all offsets. */
function mergeBlock(known: Block | null, changes: ReadonlyMap<number, number | null>): Uint8Array {
  const offsets: number[] = [];
  const weights: number[] = [];
  if (known !== null) {
    for (let at = 0; at < known.offsets.length; at += 1) {
      const offset = known.offsets[at] ?? 0;
      if (changes.has(offset)) continue;
      offsets.push(offset);
      weights.push(known.weights[at] ?? 0);
    }
  }
  for (const [offset, weight] of changes) {
    if (weight === null) continue;
    offsets.push(offset);
    weights.push(weight);
  }
  const entries = new Uint8Array(6 * offsets.length);
  new Float32Array(entries.buffer, 0, weights.length).set(weights);
  new Uint16Array(entries.buffer, 4 * weights.length, offsets.length).set(offsets);
  return entries;
}

function decodeBlock(entries: Uint8Array): Block {
  const aligned = entries.byteOffset % 4 === 0 ? entries : entries.slice();
  const count = aligned.byteLength / 6;
  return {
    weights: new Float32Array(aligned.buffer, aligned.byteOffset, count),
    offsets: new Uint16Array(aligned.buffer, aligned.byteOffset + 4 * count, count),
  };
}
