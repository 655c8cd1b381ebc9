import { describe, expect, it } from "vitest";
import { splitSentences } from "../../src/lexical/sentences.ts";

const sentences = (text: string): string[] => splitSentences(text).map(({ start, end }) => text.slice(start, end));

describe("splitSentences", () => {
  it("cuts behind marks and closing quotes, not behind abbreviations", () => {
    expect(sentences('Dr. Who came, e.g. today. "Really?" He left.')).toEqual([
      "Dr. Who came, e.g. today.",
      '"Really?"',
      "He left.",
    ]);
  });

  it("keeps a heading and its number together", () => {
    expect(sentences("### 2.5. Quorum\n## 3. Tolls")).toEqual(["### 2.5. Quorum", "## 3. Tolls"]);
  });

  it("takes the number of a list's item for no sentence", () => {
    expect(sentences("1. Stir. Wait.\n  12. Serve.\n1984. A year.")).toEqual([
      "1. Stir.",
      "Wait.",
      "12. Serve.",
      "1984.",
      "A year.",
    ]);
  });

  it("ends a sentence at each line break, whatever its kind", () => {
    expect(sentences("one\r\ntwo\rthree\nfour")).toEqual(["one", "two", "three", "four"]);
  });

  it("keeps lines of fenced code whole", () => {
    expect(sentences("```\na. b. c\n```\nText. More.")).toEqual(["```", "a. b. c", "```", "Text.", "More."]);
  });

  it("knows the marks of East Asian writing", () => {
    expect(sentences("東京。大阪。")).toEqual(["東京。", "大阪。"]);
  });

  it("loses nothing but white space", () => {
    const text = "  A b. C d!  \n\n e?? f… (g.) h \u{1F600}. ";
    expect(sentences(text).join("").replaceAll(/\s/g, "")).toBe(text.replaceAll(/\s/g, ""));
  });

  it("finds nothing in white space", () => {
    expect(sentences(" \n\t\n")).toEqual([]);
  });
});
