import { describe, expect, it } from "vitest";
import { withoutWrapping } from "../../src/web/words.ts";

describe("withoutWrapping", () => {
  it("joins what the edge of a page broke", () => {
    const text = "The agreement runs until 2027 and is extended by one year each time unless\nterminated with notice.";
    expect(withoutWrapping(text)).toBe(text.replace("\n", " "));
  });

  it.each([
    "Opening hours of the harbour office in the old town:\nmornings only",
    "- one thing that is written in a rather long line of a list\n- another thing",
    "Article 9 – Term. The agreement runs until the year 2027.\n\nArticle 10 – Law.",
    "short line\nanother line",
    "const opened = await openEverySingleGateOf(harbour, lock,\n  weir);",
  ])("keeps the lines of %j", (text) => expect(withoutWrapping(text)).toBe(text));
});
