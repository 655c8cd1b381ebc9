import { createRandom } from "../domain/seeded-random.ts";

/** Up to so many differences all combinations of signs are tried; 2 to this power is still fast. */
const MOST_EXACT = 14;
const DRAWS = 20_000;
const SEED = 42;
/** Sums that differ by rounding only are equal. */
const TINY = 1e-9;

/**
 * The two-sided p of a paired randomisation test: how often two means differ as much if the sign of each question's
 * difference is random (Fisher 1935; Smucker, Allan and Carterette 2007 for retrieval). Exact for up to 14 questions
 * that differ, else from 20,000 draws, which are the same in every run.
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
  // The observed signs count as one of the draws, so that p is never 0.
  return isExact ? asLarge / draws : (asLarge + 1) / (draws + 1);
}
