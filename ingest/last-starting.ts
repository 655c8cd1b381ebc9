/** Index of the last of `count` entries, in the order of their starts, that starts at a place or before it; -1 for none. */
export function lastStarting(count: number, startOf: (index: number) => number, place: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (startOf(middle) <= place) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
