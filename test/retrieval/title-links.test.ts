import { describe, expect, it } from "vitest";
import type { CatalogueEntry } from "../../src/retrieval/document-catalogue.ts";
import { createTitleLinks, createTitleLinksReader } from "../../src/retrieval/title-links.ts";

const links = createTitleLinks([
  { id: "lilu", title: "Lilu (mythology)" },
  { id: "york", title: "New York" },
  { id: "settings", title: "settings" },
  { id: "art", title: "Art" },
  { id: "untitled", title: null },
]);

describe("createTitleLinks", () => {
  it("finds titles as whole words, without the qualifier in brackets", () => {
    expect(links.linkedTitles("Demons like Lilu lived in New York.", "own")).toEqual([["lilu"], ["york"]]);
    expect(links.linkedTitles("Liluth moved to New\nYorkshire.", "own")).toEqual([]);
  });

  it("passes over a title of one word where any word would have its capital", () => {
    for (const text of ["Lilu came. \n", "He left. “Lilu came.”", "## Lilu\n\nA page.", "- Lilu", "see [Lilu](a.md)"]) {
      expect(links.linkedTitles(text, "own")).toEqual([]);
    }
    expect(links.linkedTitles("New York is large. Of Lilu, little is known.", "own")).toEqual([["york"], ["lilu"]]);
  });

  it("passes over the document itself, short titles and titles in small letters", () => {
    expect(links.linkedTitles("Lilu changed the settings of Art.", "lilu")).toEqual([]);
  });

  it("takes several documents of one title as one name, which none of them names by its own text", () => {
    const parts = createTitleLinks([
      { id: "york-1", title: "New York" },
      { id: "york-2", title: "New York (city)" },
      { id: "oslo", title: "Oslo Fjord" },
    ]);
    expect(parts.linkedTitles("New York is not on the Oslo Fjord.", "own")).toEqual([["york-1", "york-2"], ["oslo"]]);
    expect(parts.linkedTitles("New York is not on the Oslo Fjord.", "york-1")).toEqual([["oslo"]]);
  });

  it("passes over a title that more than fifty documents bear", () => {
    const bearers = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ id: `${index}`, title: "Read Me" }));
    expect(createTitleLinks(bearers(50)).linkedTitles("See the Read Me.", "own")).toEqual([
      Array.from({ length: 50 }, (_, index) => `${index}`),
    ]);
    expect(createTitleLinks(bearers(51)).linkedTitles("See the Read Me.", "own")).toEqual([]);
  });
});

it("makes links anew when the documents have changed, and only then", async () => {
  const entry = (title: string): CatalogueEntry => ({ id: title, root: "/", source: title, title, language: "text" });
  let entries = [entry("Oslo Fjord")];
  const read = createTitleLinksReader({ list: async () => entries });
  const first = await read();
  expect(await read()).toBe(first);
  entries = [entry("Blue Gate")];
  expect((await read()).linkedTitles("From the Blue Gate to the Oslo Fjord.", "own")).toEqual([["Blue Gate"]]);
});
