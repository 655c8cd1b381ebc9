import { expect, it } from "vitest";
import { histogram } from "../../src/evaluation/html-plots.ts";

it("counts each share in one bar, also where it lies on the edge of two", () => {
  const shares = [0, 0.1, 0.2, 0.4, 0.4, 0.6, 0.8, 0.9, 1, 1];
  expect(/aria-label="([^"]*)"/.exec(histogram(shares))?.[1]).toBe(
    "0: 1, ≤20: 2, ≤40: 2, ≤60: 1, ≤80: 1, &#60;100: 1, 100: 2",
  );
});
