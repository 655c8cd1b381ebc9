import { expect, it } from "vitest";
import { packLines } from "../../../ingest/chunking/pack-lines.ts";

it("looks at lines a limited number of times, wherever the best cuts lie", () => {
  const count = 3_000;
  const text = "x\n".repeat(count);
  const lines = Array.from({ length: count }, (_, at) => ({
    start: 2 * at,
    end: 2 * at + 1,
    tokens: 1,
    isRest: false,
  }));
  let looks = 0;
  // Each cut would be best behind the first line of what is left.
  const levels = new Proxy<number[]>([], {
    get: (_, at) => {
      looks += 1;
      return Number(at);
    },
  });
  const regions = [...packLines(lines, { text, levels, budget: 10, maxLines: 10 })];
  expect(looks).toBeLessThan(50 * count);
  expect(regions.every(({ from, to }) => to - from <= 10)).toBe(true);
  expect(regions.map(({ from }) => from)).toEqual([0, ...regions.slice(0, -1).map(({ to }) => to)]);
  expect(regions.at(-1)?.to).toBe(count);
});
