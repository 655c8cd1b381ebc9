import { expect, it } from "vitest";
import type { DocumentCatalogue } from "../../src/retrieval/document-catalogue.ts";
import { resolveFilter } from "../../src/retrieval/resolve-filter.ts";
import type { StoreFilter } from "../../src/store/vector-store.ts";

const listing = (...sources: string[]): DocumentCatalogue => ({
  list: async () =>
    sources.map((source) => ({ id: `id of ${source}`, root: "/", source, title: null, language: "markdown" })),
});

it.each<[title: string, sources: string[], filter: StoreFilter | undefined]>([
  ["the documents that match", ["a.md", "b.txt"], { documentIds: ["id of a.md"] }],
  ["nothing to filter where all match", ["a.md", "c.md"], undefined],
  ["no document where there is none yet, whose chunks may be there already", [], { documentIds: [] }],
])("makes of a pattern %s", async (_title, sources, filter) => {
  expect(await resolveFilter({ source: "*.md" }, { catalogue: listing(...sources) })).toEqual(filter);
});

it("takes languages in any case, and files whose names begin with a dot", async () => {
  const catalogue = listing(".ci/notes.md", "a.txt");
  expect(await resolveFilter({ language: ["TypeScript", "go"], source: "**/*.md" }, { catalogue })).toEqual({
    languages: ["typescript", "go"],
    documentIds: ["id of .ci/notes.md"],
  });
});

it("refuses metadata that nothing can be compared with", async () => {
  await expect(resolveFilter({ metadata: { team: [] } }, { catalogue: listing() })).rejects.toMatchObject({
    code: "usage_invalid",
    message: expect.stringContaining('"team" is an empty list'),
  });
});
