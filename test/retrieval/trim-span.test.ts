import { describe, expect, it } from "vitest";
import { cutPlaced, trimToTerms } from "../../src/retrieval/trim-span.ts";

const text = "First.\r\nNothing here.\r\nThe cat sat.\nMiddle line.\nA cat again. Dogs bark. More.\nEnd.";
const placed = { text, span: { start: 100, end: 100 + text.length }, lines: { start: 7, end: 12 } };

describe("trimToTerms", () => {
  it("drops what lies further than a sentence from the terms and keeps the offsets exact", () => {
    const trimmed = trimToTerms(placed, new Set(["cat"]));
    expect(trimmed.text).toBe("Nothing here.\r\nThe cat sat.\nMiddle line.\nA cat again. Dogs bark.");
    expect(trimmed.span).toEqual({ start: 100 + text.indexOf("Nothing"), end: 100 + text.indexOf(" More") });
    expect(trimmed.lines).toEqual({ start: 8, end: 11 });
  });

  it("keeps what says a term in another form", () => {
    const isRelated = (sentence: string): boolean => sentence.includes("Dogs");
    expect(trimToTerms(placed, new Set(["end"]), { isRelated }).text).toBe("A cat again. Dogs bark. More.\nEnd.");
  });

  it("keeps who says it in a chat", () => {
    const chat = "Jon: I know nothing.\nMara: I am late. It rained. We lost time. The cat sat on my coat. Well.";
    const span = { start: 0, end: chat.length };
    const { text: left } = trimToTerms({ text: chat, span, lines: { start: 1, end: 2 } }, new Set(["cat"]));
    expect(left).toBe("Mara: I am late. It rained. We lost time. The cat sat on my coat. Well.");
  });

  it("keeps the indentation of the first line that is left", () => {
    const list = "lamps:\n  - bright\n  - old\n  - red cat";
    const trimmed = trimToTerms(
      { text: list, span: { start: 10, end: 10 + list.length }, lines: { start: 3, end: 6 } },
      new Set(["red"]),
    );
    expect(trimmed.text).toBe("  - old\n  - red cat");
    expect(trimmed.span.start).toBe(10 + list.indexOf("  - old"));
  });

  it("never cuts a block of code in two", () => {
    const code =
      "Far away.\nNear it.\n```sh\nfirst step\nsecond step\ncat food\nlast step\nvery last step\n```\nAfter it.\nFar off.";
    const span = { start: 0, end: code.length };
    const trimmed = trimToTerms({ text: code, span, lines: { start: 1, end: 11 } }, new Set(["cat"]));
    expect(trimmed.text.startsWith("```sh\n")).toBe(true);
    expect(trimmed.text.endsWith("\n```")).toBe(true);
  });

  it("keeps a block whole of which only a fence stands beside the terms", () => {
    const trimmed = (code: string): string =>
      trimToTerms({ text: code, span: { start: 0, end: code.length }, lines: { start: 1, end: 9 } }, new Set(["cat"]))
        .text;
    const block = "```sh\nfirst step\nsecond step\n```";
    expect(trimmed(`Far away.\nNear it.\n${block}\nThe cat sat.`)).toBe(`${block}\nThe cat sat.`);
    expect(trimmed(`The cat sat.\n${block}\nAfter it.\nFar off.`)).toBe(`The cat sat.\n${block}`);
  });

  it("takes each line of code for a unit, however long it is, and keeps its indentation", () => {
    const lines = [
      "    const everything = collectAllOfTheAnimals(inThisHouse, andInTheGarden, withoutBirds)",
      "    const somebody = whoeverFeedsThemInTheMorning(everything, beforeBreakfastIsReady)",
      "    feed(cat)",
      "    const after = whatIsLeftOfTheFoodInTheKitchen(somebody, everything, afterBreakfast)",
      "    return after",
    ];
    const code = lines.join("\n");
    const place = { text: code, span: { start: 50, end: 50 + code.length }, lines: { start: 3, end: 7 } };
    const trimmed = trimToTerms(place, new Set(["cat"]), { isCode: true });
    expect(trimmed.text).toBe(lines.slice(1, 4).join("\n"));
    expect(trimmed.lines).toEqual({ start: 4, end: 6 });
  });

  it("takes what looks like a fence in code for a line like any other", () => {
    const code = ["def far(): pass", "text = marks(", "```", "cat()", "```", ")", "def last(): pass"].join("\n");
    const place = { text: code, span: { start: 0, end: code.length }, lines: { start: 1, end: 7 } };
    expect(trimToTerms(place, new Set(["cat"]), { isCode: true }).text).toBe("```\ncat()\n```");
    expect(trimToTerms(place, new Set(["text"]), { isCode: true }).lines).toEqual({ start: 1, end: 3 });
  });

  it("keeps no rule across the page beside the terms", () => {
    const page = "tags: [house]\n\n---\n\nThe cat sat.\n\n***\n\nA dog.\n";
    const trimmed = trimToTerms(
      { text: page, span: { start: 0, end: page.length }, lines: { start: 1, end: 9 } },
      new Set(["cat"]),
    );
    expect(trimmed).toEqual({ text: "The cat sat.", span: { start: 20, end: 32 }, lines: { start: 5, end: 5 } });
  });

  it("keeps a text whole that has none of the terms", () => {
    expect(trimToTerms(placed, new Set(["horse"]))).toEqual(placed);
  });
});

it("counts the lines of a part without the breaks behind it", () => {
  const start = text.indexOf("The cat");
  const end = text.indexOf("Middle");
  expect(cutPlaced(placed, { start, end })).toEqual({
    text: "The cat sat.\n",
    span: { start: 100 + start, end: 100 + end },
    lines: { start: 9, end: 9 },
  });
});
