/**
 * The optimal string alignment distance: how many letters are left out, added, replaced, or swapped with their
 * neighbour; `limit` + 1 if there are more than `limit`.
 */
export function editDistance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) > limit) return limit + 1;
  // Cells further from the diagonal than the limit cannot lead to a distance within it.
  const far = limit + 1;
  let before: number[] = [];
  let above = Array.from({ length: Math.min(right.length, limit) + 1 }, (_, at) => at);
  for (let row = 1; row <= left.length; row += 1) {
    const line = row <= limit ? [row] : [];
    let least = line[0] ?? far;
    for (let column = Math.max(1, row - limit); column <= Math.min(right.length, row + limit); column += 1) {
      const isSame = left[row - 1] === right[column - 1];
      const isSwapped =
        row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      const distance = Math.min(
        (above[column] ?? far) + 1,
        (line[column - 1] ?? far) + 1,
        (above[column - 1] ?? far) + (isSame ? 0 : 1),
        isSwapped ? (before[column - 2] ?? far) + 1 : far,
      );
      line[column] = distance;
      least = Math.min(least, distance);
    }
    if (least > limit) return far;
    before = above;
    above = line;
  }
  return Math.min(above[right.length] ?? far, far);
}
