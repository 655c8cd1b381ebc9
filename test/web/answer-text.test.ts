import { describe, expect, it } from "vitest";
import { answerText } from "../../src/web/answer-text.ts";
import { CITATION, fakeAnswer } from "../server/fake-use-cases.ts";

describe("answerText", () => {
  it("holds the question, the answer, and each cited place with its quote", () => {
    expect(answerText(fakeAnswer("How do I install it?"))).toBe(
      [
        "How do I install it?",
        "Run `npm install --global citewell` once. [1]",
        `Sources\n[1] guide/install.md, line 4\n    “${CITATION.quote}”`,
      ].join("\n\n"),
    );
  });

  it("names the page where there are pages, and puts a quote of several lines on one", () => {
    const citation = { ...CITATION, page: 3, lines: { start: 4, end: 5 }, quote: "one\n  two" };
    const text = answerText({ ...fakeAnswer("?"), citations: [citation] });
    expect(text).toContain("[1] guide/install.md, lines 4–5 · page 3\n    “one two”");
  });

  it("has no list of sources where nothing is cited", () => {
    expect(answerText({ ...fakeAnswer("?"), answer: "I do not know.", citations: [] })).toBe("?\n\nI do not know.");
  });
});
