import { describe, expect, it } from "vitest";
import { withoutWrapping } from "../../src/web/words.ts";

describe("withoutWrapping", () => {
  it("joins what the edge of a page broke", () => {
    const text = "The agreement runs until 2027 and is extended by one year each time unless\nterminated with notice.";
    expect(withoutWrapping(text)).toBe(text.replace("\n", " "));
  });

  it("joins a sentence of a paged document in front of a capital letter too", () => {
    const text = "Für Hunde und Katzen ist die Zustimmung des\nVermieters erforderlich, die er nicht\nverweigern darf.";
    expect(withoutWrapping(text)).toBe(text);
    expect(withoutWrapping(text, { isSentence: true })).toBe(text.replace("\n", " "));
    const list = "The tenant may keep in the flat, without asking:\nHamsters";
    expect(withoutWrapping(list, { isSentence: true })).toBe(list);
  });

  it.each([
    "Opening hours of the harbour office in the old town:\nmornings only",
    "- one thing that is written in a rather long line of a list\n- another thing",
    "Article 9 – Term. The agreement runs until the year 2027.\n\nArticle 10 – Law.",
    "short line\nanother line",
    "const opened = await openEverySingleGateOf(harbour, lock,\n  weir);",
  ])("keeps the lines of %j", (text) => expect(withoutWrapping(text)).toBe(text));
});
