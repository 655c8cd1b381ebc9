/** The ranks at which the references of a question were found, from 1; null for those that were not. */
export type FoundRanks = readonly (number | null)[];

/** The share of the references that are among the first k. */
export function recallAt(ranks: FoundRanks, k: number): number {
  return ranks.filter((rank) => rank !== null && rank <= k).length / Math.max(1, ranks.length);
}

/** One divided by the rank of the first reference found; 0 if none was. */
export function reciprocalRank(ranks: FoundRanks): number {
  const found = ranks.filter((rank) => rank !== null);
  return found.length === 0 ? 0 : 1 / Math.min(...found);
}

/**
 * nDCG at 10: the discounted gain of the first ten, divided by that of all references in a row. References at one rank
 * count once each.
 */
export function ndcgAt10(ranks: FoundRanks): number {
  const gain = ranks.reduce<number>((sum, rank) => sum + (rank === null || rank > 10 ? 0 : discount(rank)), 0);
  const ideal = Array.from({ length: Math.min(10, ranks.length) }, (_, index) => discount(index + 1));
  return ideal.length === 0 ? 0 : Math.min(1, gain / ideal.reduce((sum, value) => sum + value, 0));
}

function discount(rank: number): number {
  return 1 / Math.log2(rank + 1);
}
