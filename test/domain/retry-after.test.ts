import { expect, it } from "vitest";
import { parseRetryAfter } from "../../src/domain/retry-after.ts";

it.each([
  ["30", 30_000],
  [" 0 ", 0],
  ["1.5", 1_500],
  ["Fri, 20 Nov 2026 10:00:30 GMT", 30_000],
  ["Fri, 20 Nov 2026 09:00:00 GMT", 0],
  ["soon", null],
  ["", null],
])("reads %j as %j milliseconds", (value, expected) => {
  expect(parseRetryAfter(value, Date.parse("2026-11-20T10:00:00Z"))).toBe(expected);
});
