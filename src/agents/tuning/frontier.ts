/** What a candidate is judged by. */
export interface Standing {
  /** Higher is better. */
  readonly quality: number;
  /** Lower is better. */
  readonly cost: number;
}

/** Whether one is at least as good in both and better in one of them. */
function dominates(one: Standing, other: Standing): boolean {
  const notWorse = one.quality >= other.quality && one.cost <= other.cost;
  return notWorse && (one.quality > other.quality || one.cost < other.cost);
}

/** Those that no other one dominates, cheapest first. */
export function frontierOf<Item>(items: readonly Item[], standingOf: (item: Item) => Standing): readonly Item[] {
  return items
    .filter((item) => !items.some((other) => dominates(standingOf(other), standingOf(item))))
    .toSorted((left, right) => standingOf(left).cost - standingOf(right).cost);
}

/** All in the order in which to keep them: the frontier, then the frontier of the rest, …; in each the best first. */
export function rankByFrontiers<Item>(items: readonly Item[], standingOf: (item: Item) => Standing): readonly Item[] {
  const ranked: Item[] = [];
  let rest = items;
  while (rest.length > 0) {
    const front = new Set(frontierOf(rest, standingOf));
    ranked.push(...[...front].toSorted((left, right) => standingOf(right).quality - standingOf(left).quality));
    rest = rest.filter((item) => !front.has(item));
  }
  return ranked;
}
