import { createRandom } from "../domain/seeded-random.ts";

/** Up to so many differences all signs are tried; 2 to this power sums are quickly made. */
const MOST_EXACT = 14;
const DRAWS = 20_000;
const SEED = 42;
/** Sums that differ by rounding only are equal. */
const TINY = 1e-9;

/**
 * How often chance alone makes two means differ as much (two-sided p): a paired randomisation test, which turns the sign
 * of each question's difference at random (Fisher 1935; Smucker, Allan and Carterette 2007 for retrieval). Exact for up
 * to 14 questions that differ, else from 20,000 draws that are the same at every run.
 */
export function pairedTest(differences: readonly number[]): number {
  const moved = differences.filter((difference) => Math.abs(difference) > TINY);
  if (moved.length === 0) return 1;
  const observed = Math.abs(moved.reduce((sum, one) => sum + one, 0)) - TINY;
  const isExact = moved.length <= MOST_EXACT;
  const draws = isExact ? 2 ** moved.length : DRAWS;
  const random = createRandom(SEED);
  let asLarge = 0;
  for (let draw = 0; draw < draws; draw += 1) {
    let sum = 0;
    for (const [index, one] of moved.entries()) {
      const isTurned = isExact ? ((draw >> index) & 1) === 1 : random() < 0.5;
      sum += isTurned ? -one : one;
    }
    if (Math.abs(sum) >= observed) asLarge += 1;
  }
  // The observed signs are one of the draws, so that no p is 0.
  return isExact ? asLarge / draws : (asLarge + 1) / (draws + 1);
}
