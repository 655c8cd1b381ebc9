import { describe, expect, it } from "vitest";
import { isUploadName } from "../../src/domain/document.ts";

describe("isUploadName", () => {
  it.each(["notes.md", "a b/ü.md", "https://example.com", "http://example.com/a/?b=c#d", "x".repeat(1_000)])(
    "takes %j",
    (name) => {
      expect(isUploadName(name)).toBe(true);
    },
  );

  it.each([
    "",
    "/etc/a",
    "a//b",
    " ",
    "a/ /b",
    "a/../b",
    "./a",
    "a\\b",
    "a\nb",
    "\ud800",
    "https://",
    "https://[",
    "x".repeat(1_001),
  ])("refuses %j", (name) => {
    expect(isUploadName(name)).toBe(false);
  });
});
