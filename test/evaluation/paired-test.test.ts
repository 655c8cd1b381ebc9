import { describe, expect, it } from "vitest";
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
    expect(p).toBeGreaterThan(0.08);
    expect(p).toBeLessThan(0.12);
    expect(pairedTest(differences)).toBe(p);
    expect(pairedTest(times(40, -1))).toBeLessThan(0.001);
  });
});
