import { describe, expect, it } from "vitest";
import { createTitleLinks } from "../../src/retrieval/title-links.ts";

const links = createTitleLinks([
  { id: "lilu", title: "Lilu (mythology)" },
  { id: "york", title: "New York" },
  { id: "settings", title: "settings" },
  { id: "art", title: "Art" },
  { id: "untitled", title: null },
]);

describe("createTitleLinks", () => {
  it("finds titles as whole words, without the qualifier in brackets", () => {
    expect(links.linkedDocuments("Demons like Lilu lived in New York.", "own")).toEqual(["lilu", "york"]);
    expect(links.linkedDocuments("Liluth moved to New\nYorkshire.", "own")).toEqual([]);
  });

  it("passes over a title of one word where any word would have its capital", () => {
    for (const text of ["Lilu came. \n", "He left. “Lilu came.”", "## Lilu\n\nA page.", "- Lilu", "see [Lilu](a.md)"]) {
      expect(links.linkedDocuments(text, "own")).toEqual([]);
    }
    expect(links.linkedDocuments("New York is large. Of Lilu, little is known.", "own")).toEqual(["york", "lilu"]);
  });

  it("passes over the document itself, short titles and titles in small letters", () => {
    expect(links.linkedDocuments("Lilu changed the settings of Art.", "lilu")).toEqual([]);
  });
});
