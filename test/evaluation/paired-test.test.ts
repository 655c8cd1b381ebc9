import { describe, expect, it } from "vitest";
import { createRandom } from "../../src/domain/seeded-random.ts";
import { pairedTest } from "../../src/evaluation/paired-test.ts";

const times = (count: number, value: number): readonly number[] => Array.from({ length: count }, () => value);

describe("pairedTest", () => {
  it("counts the signs exactly where few questions differ, whatever the others are", () => {
    expect(pairedTest([-1, -1, -1])).toBe(2 / 8);
    expect(pairedTest([...times(6, -1), ...times(100, 0)])).toBe(2 / 64);
    expect(pairedTest([1, -1])).toBe(1);
    expect(pairedTest(times(5, 0))).toBe(1);
  });

  it("draws signs where many differ, the same ones at every run", () => {
    const differences = [...times(20, 0.5), ...times(10, -0.5)];
    const p = pairedTest(differences);
    // The two-sided sign test of 20 against 10.
    expect(p).toBeGreaterThan(0.092);
    expect(p).toBeLessThan(0.106);
    expect(pairedTest(differences)).toBe(p);
    // No draw but the observed one.
    expect(pairedTest(times(40, -1))).toBe(1 / 20_001);
  });

  it("tries all signs of up to fourteen questions", () => {
    expect(pairedTest(times(14, -1))).toBe(2 / 2 ** 14);
    expect(pairedTest(times(15, -1))).not.toBe(2 / 2 ** 15);
  });

  it("takes sums for equal that differ by rounding only", () => {
    const random = createRandom(1);
    for (let run = 0; run < 200; run += 1) {
      const whole = Array.from({ length: 6 }, () => Math.floor(random() * 10) - 4);
      expect(pairedTest(whole.map((one) => one / 10)), String(whole)).toBe(pairedTest(whole));
    }
  });
});
