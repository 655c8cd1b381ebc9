import { expect, it } from "vitest";
import { putInPlace } from "../src/put-in-place.ts";

/** Renames nothing, and fails so many times before. */
function stubborn(code: string, times: number) {
  const waited: number[] = [];
  let left = times;
  const move = async (): Promise<void> => {
    left -= 1;
    if (left >= 0) throw Object.assign(new Error("in the way"), { code });
  };
  return { waited, options: { move, wait: async (ms: number) => waited.push(ms) } };
}

it("tries again on Windows while somebody has a file open", async () => {
  const { waited, options } = stubborn("EPERM", 3);
  await putInPlace("draft", "file", { platform: "win32", ...options });
  expect(waited).toEqual([10, 20, 50]);
});

it("gives up on Windows after about a second, with the last error", async () => {
  const { waited, options } = stubborn("EBUSY", 100);
  await expect(putInPlace("draft", "file", { platform: "win32", ...options })).rejects.toMatchObject({ code: "EBUSY" });
  expect(waited.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(1_500);
});

it.each([
  ["win32", "ENOSPC"],
  ["linux", "EPERM"],
] as const)("fails at once on %s for %s", async (platform, code) => {
  const { waited, options } = stubborn(code, 1);
  await expect(putInPlace("draft", "file", { platform, ...options })).rejects.toMatchObject({ code });
  expect(waited).toEqual([]);
});
