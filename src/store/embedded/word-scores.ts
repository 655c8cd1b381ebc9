import { inverseFrequency } from "../../lexical/term-weights.ts";
import { bytesOf, type EmbeddedDatabase, numberOf } from "./database.ts";
import { decodeEntries, ENTRY_LENGTH, ROWS_PER_BLOCK, weightAt } from "./postings.ts";

/** Scores of a collection's chunks by the words of a query. */
export interface WordScores {
  readonly idf: ReadonlyMap<number, number>;
  /** The query terms that no chunk has. */
  readonly absent: ReadonlySet<number>;
  /** Sum of weight × idf of the chunk in a row; 0 where it has none of the terms. */
  scoreOf(row: number): number;
  /** Rows of the chunks with the highest scores above 0, best first; of `allowed` only unless it is null. */
  best(limit: number, allowed: readonly number[] | null): readonly number[];
}

/** Scores every chunk of a collection that has one of the terms. */
export function scoreWords(
  database: EmbeddedDatabase,
  collection: { readonly id: number; readonly chunks: number },
  terms: readonly number[],
): WordScores {
  const sums = new Map<number, Float64Array>();
  const idf = new Map<number, number>();
  const absent = new Set<number>();
  const blocks = terms.length === 0 ? "[]" : JSON.stringify(blocksOf(database, collection.id));
  const select = database.statement(
    `SELECT block, entries FROM postings
     WHERE collection = ? AND block IN (SELECT value FROM json_each(?)) AND term = ?`,
  );
  for (const term of new Set(terms)) {
    const lists = select.all(collection.id, blocks, term).map((row) => ({
      block: numberOf(row["block"]),
      entries: decodeEntries(bytesOf(row["entries"])),
    }));
    const frequency = lists.reduce((sum, { entries }) => sum + entries.length / ENTRY_LENGTH, 0);
    const rarity = inverseFrequency(collection.chunks, frequency);
    idf.set(term, rarity);
    if (frequency === 0) absent.add(term);
    for (const { block, entries } of lists) {
      const sum = sums.get(block) ?? new Float64Array(ROWS_PER_BLOCK);
      sums.set(block, sum);
      addEntries(sum, entries, rarity);
    }
  }
  const scoreOf = (row: number): number => sums.get(Math.floor(row / ROWS_PER_BLOCK))?.[row % ROWS_PER_BLOCK] ?? 0;
  return {
    idf,
    absent,
    scoreOf,
    best: (limit, allowed) => (allowed === null ? bestOfAll(sums, limit) : bestOfSome(allowed, { limit, scoreOf })),
  };
}

/** The blocks of a collection, found by jumping from one to the next in the index. */
function blocksOf(database: EmbeddedDatabase, collection: number): number[] {
  const next = database.statement("SELECT min(block) AS block FROM postings WHERE collection = ? AND block > ?");
  const blocks: number[] = [];
  for (let last = -1; ;) {
    const block = next.get(collection, last)?.["block"];
    if (typeof block !== "number") return blocks;
    blocks.push(block);
    last = block;
  }
}

function addEntries(sum: Float64Array, entries: Uint16Array, rarity: number): void {
  for (let at = 0; at < entries.length; at += ENTRY_LENGTH) {
    const offset = entries[at] ?? 0;
    sum[offset] = (sum[offset] ?? 0) + weightAt(entries, at) * rarity;
  }
}

/** The best rows of all that have a score. */
function bestOfAll(sums: ReadonlyMap<number, Float64Array>, limit: number): readonly number[] {
  const best = createBest(limit);
  for (const [block, sum] of sums) {
    const first = block * ROWS_PER_BLOCK;
    for (let offset = 0; offset < sum.length; offset += 1) {
      const score = sum[offset] ?? 0;
      // This one comparison rejects most rows.
      if (score > best.worst) best.add(first + offset, score);
    }
  }
  return best.rows();
}

function bestOfSome(
  rows: readonly number[],
  { limit, scoreOf }: { readonly limit: number; readonly scoreOf: (row: number) => number },
): readonly number[] {
  const best = createBest(limit);
  for (const row of rows) {
    const score = scoreOf(row);
    if (score > best.worst) best.add(row, score);
  }
  return best.rows();
}

interface Best {
  /** A score must be larger than this to be added. */
  worst: number;
  add(row: number, score: number): void;
  /** Best first. */
  rows(): readonly number[];
}

function createBest(limit: number): Best {
  // Sorted from best to worst and never longer than the limit.
  const list: { readonly row: number; readonly score: number }[] = [];
  const best: Best = {
    worst: limit > 0 ? 0 : Infinity,
    add(row, score) {
      list.splice(placeOf(list, score), 0, { row, score });
      if (list.length > limit) list.pop();
      if (list.length === limit) best.worst = list.at(-1)?.score ?? 0;
    },
    rows: () => list.map(({ row }) => row),
  };
  return best;
}

/** The place of a score in a list that is sorted from best to worst. */
function placeOf(best: readonly { readonly score: number }[], score: number): number {
  let low = 0;
  let high = best.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((best[middle]?.score ?? 0) >= score) low = middle + 1;
    else high = middle;
  }
  return low;
}
