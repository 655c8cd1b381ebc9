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

it.each<[pattern: string, sources: readonly string[]]>([
  ["src/app", ["src/app/a.ts", "src/app/b/c.ts"]],
  ["src/app/", ["src/app/a.ts", "src/app/b/c.ts"]],
  ["./src/app", ["src/app/a.ts", "src/app/b/c.ts"]],
  ["src/app/a.ts", ["src/app/a.ts"]],
  ["/home/me/project/src/app", ["src/app/a.ts", "src/app/b/c.ts"]],
  ["/home/me/project/src/*.ts", ["src/app.ts"]],
  ["/home/me/project", ["src/app/a.ts", "src/app/b/c.ts", "src/app.ts", "app/[id]/page.ts"]],
  ["app/[id]/page.ts", ["app/[id]/page.ts"]],
  ["src/a", []],
  ["app", ["app/[id]/page.ts"]],
  ["app/[id]", ["app/[id]/page.ts"]],
])("takes %s as a folder or a file, relative to a root or with its whole path", async (pattern, sources) => {
  const known = ["src/app/a.ts", "src/app/b/c.ts", "src/app.ts", "app/[id]/page.ts"];
  const all = [...known, "other.md"].map((source, index) => ({
    id: source,
    root: index < known.length ? "/home/me/project" : "/home/me/notes",
    source,
    title: null,
    language: "typescript",
  }));
  const resolved = await resolveFilter({ source: pattern }, { catalogue: { list: async () => all } });
  expect(resolved).toEqual({ documentIds: sources });
});

it("takes a dot as all there is", async () => {
  expect(await resolveFilter({ source: "." }, { catalogue: listing("a.md", "b/c.txt") })).toBeUndefined();
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
