import { describe, expect, it } from "vitest";
import type { CatalogueEntry } from "../../src/retrieval/document-catalogue.ts";
import { createTitleLinks, createTitleLinksReader, type TitleLinks } from "../../src/retrieval/title-links.ts";

/** What a text of a document names: documents by their ids, articles by id and heading. */
function named(
  links: TitleLinks,
  text: string,
  { own = "own", under = null }: { readonly own?: string; readonly under?: string | null } = {},
): string[][] {
  return links
    .linkedTitles({ text, documentId: own, heading: under })
    .map((bearers) =>
      bearers.map(({ documentId, heading }) => (heading === null ? documentId : `${documentId}: ${heading}`)),
    );
}

const demons = createTitleLinks([
  { id: "lilu", title: "Lilu (mythology)" },
  { id: "york", title: "New York" },
  { id: "settings", title: "settings" },
  { id: "art", title: "Art" },
  { id: "untitled", title: null },
]);

describe("createTitleLinks", () => {
  it("finds titles as whole words, without the qualifier in brackets", () => {
    expect(named(demons, "Demons like Lilu lived in New York.")).toEqual([["lilu"], ["york"]]);
    expect(named(demons, "Liluth moved to New\nYorkshire.")).toEqual([]);
  });

  it("passes over a title of one word where any word would have its capital", () => {
    for (const text of ["Lilu came. \n", "He left. “Lilu came.”", "## Lilu\n\nA page.", "- Lilu", "see [Lilu](a.md)"]) {
      expect(named(demons, text)).toEqual([]);
    }
    expect(named(demons, "New York is large. Of Lilu, little is known.")).toEqual([["york"], ["lilu"]]);
  });

  it("passes over the document itself, short titles and titles in small letters", () => {
    expect(named(demons, "Lilu changed the settings of Art.", { own: "lilu" })).toEqual([]);
  });

  it("takes several documents of one title as one name, which none of them names by its own text", () => {
    const parts = createTitleLinks([
      { id: "york-1", title: "New York" },
      { id: "york-2", title: "New York (city)" },
      { id: "oslo", title: "Oslo Fjord" },
    ]);
    expect(named(parts, "New York is not on the Oslo Fjord.")).toEqual([["york-1", "york-2"], ["oslo"]]);
    expect(named(parts, "New York is not on the Oslo Fjord.", { own: "york-1" })).toEqual([["oslo"]]);
  });

  it("passes over a title that more than fifty documents bear", () => {
    const bearers = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ id: `${index}`, title: "Read Me" }));
    expect(named(createTitleLinks(bearers(50)), "See the Read Me.")).toEqual([
      Array.from({ length: 50 }, (_, index) => `${index}`),
    ]);
    expect(named(createTitleLinks(bearers(51)), "See the Read Me.")).toEqual([]);
  });
});

describe("articles of one document", () => {
  const wiki = createTitleLinks([
    { id: "wiki", title: "The Wiki", articles: ["The Wiki", "Odra Kesh", "Vellin (town)", "Harbour"] },
    { id: "kesh", title: "Odra Kesh" },
  ]);

  it("are named by their headings, apart from the document", () => {
    expect(named(wiki, "Painted by Odra Kesh, as The Wiki says.")).toEqual([["wiki: Odra Kesh", "kesh"], ["wiki"]]);
    expect(named(wiki, "It stands in Vellin, near the Harbour.")).toEqual([["wiki: Vellin (town)"], ["wiki: Harbour"]]);
  });

  it("are not named by their own text, whatever heading it stands under", () => {
    for (const under of ["Vellin (town)", "Vellin (town) > History"]) {
      expect(named(wiki, "In Vellin lived Odra Kesh.", { own: "wiki", under })).toEqual([["wiki: Odra Kesh", "kesh"]]);
    }
    expect(named(wiki, "In Vellin lived Odra Kesh.", { own: "kesh" })).toEqual([["wiki: Vellin (town)"]]);
  });
});

it("makes links anew when the documents have changed, and only then", async () => {
  const entry = (title: string): CatalogueEntry => ({ id: title, root: "/", source: title, title, language: "text" });
  let entries = [entry("Oslo Fjord")];
  const read = createTitleLinksReader({ list: async () => entries });
  const first = await read();
  expect(await read()).toBe(first);
  entries = [entry("Blue Gate")];
  expect(named(await read(), "From the Blue Gate to the Oslo Fjord.")).toEqual([["Blue Gate"]]);
});
