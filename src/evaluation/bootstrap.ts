import { createRandom } from "../domain/seeded-random.ts";

/** A mean with the middle 95 % of its bootstrap distribution. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** Number of values. */
  readonly n: number;
}

/** Options of {@link bootstrapMean}. */
export interface BootstrapOptions {
  /**
   * Seed of the random numbers; the same seed gives the same interval.
   * @default 42
   */
  readonly seed?: number;
  /**
   * How often the values are drawn anew.
   * @default 2000
   */
  readonly resamples?: number;
}

/** The mean of values with its percentile bootstrap interval. */
export function bootstrapMean(values: readonly number[], options: BootstrapOptions = {}): Interval {
  const { seed = 42, resamples = 2_000 } = options;
  const n = values.length;
  if (n === 0) return { mean: 0, low: 0, high: 0, n };
  const random = createRandom(seed);
  const means = Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let draw = 0; draw < n; draw += 1) sum += values[Math.floor(random() * n)] ?? 0;
    return sum / n;
  }).toSorted((left, right) => left - right);
  const at = (share: number): number => means[Math.min(resamples - 1, Math.floor(share * resamples))] ?? 0;
  return { mean: values.reduce((sum, value) => sum + value, 0) / n, low: at(0.025), high: at(0.975), n };
}
