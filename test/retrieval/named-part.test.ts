import { describe, expect, it } from "vitest";
import { createIngestCorpus } from "../../ingest/ingest-corpus.ts";
import { runToEnd } from "../../src/domain/run-to-end.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { termIndex } from "../../src/lexical/term-index.ts";
import { createRetriever } from "../../src/retrieval/create-retriever.ts";
import { createNamedTest } from "../../src/retrieval/named-part.ts";
import { createFolder } from "../ingest/temporary-folder.ts";
import { openStoreKind } from "../support/open-store-kind.ts";

describe("createNamedTest", () => {
  const query = (...worth: (readonly [string, number])[]) => ({
    terms: worth.map(([term]) => term),
    idf: new Map(worth.map(([term, value]) => [termIndex(term), value])),
  });

  it("is true from six tenths of a query's idf in title and headings", () => {
    const isNamed = createNamedTest([query(["soup", 4], ["bean", 2], ["make", 4])]);
    expect(isNamed({ title: "Bean soup", heading: null })).toBe(true);
    expect(isNamed({ title: "Soups", heading: "With beans" })).toBe(true);
    expect(isNamed({ title: "Soup", heading: null })).toBe(false);
    expect(isNamed({ title: null, heading: null })).toBe(false);
  });

  it("is true where one of several queries is named, and never for words that tell nothing", () => {
    expect(createNamedTest([query(["tea", 5]), query(["soup", 5])])({ title: "Soup", heading: null })).toBe(true);
    expect(createNamedTest([query(["soup", 0])])({ title: "Soup", heading: null })).toBe(false);
    expect(createNamedTest([query()])({ title: "Soup", heading: null })).toBe(false);
  });
});

describe("a search for what a document is called", () => {
  const page = (name: string): string =>
    `# ${name}\n\n${name} is eaten warm. Everybody likes ${name}.\n\n## Parts\n\n- two cups of water\n- a leek\n- some salt\n\n` +
    "## Steps\n\n1. Cut the leek into rings.\n2. Boil the water and put them in.\n3. Wait for an hour, then salt it.\n";

  async function search(query: string) {
    const store = await openStoreKind("embedded");
    const embedder = createHashingEmbedder({ dimensions: 16 });
    const others = Object.fromEntries(
      ["Plum cake", "Pear tart", "Oat bread"].map((name) => [`${name}.md`, page(name)]),
    );
    const folder = await createFolder({ ...others, "soup.md": page("Bean soup") });
    await runToEnd(
      createIngestCorpus({ store, embedder })({ collection: "default", roots: [folder.path], chunkTokens: 30 }),
    );
    return createRetriever({ store, embedder, collection: "default", chunkTokens: 30 })(query, { explain: true });
  }

  it("brings all of it, parts that do not repeat the name too", async () => {
    const { hits, explain } = await search("bean soup");
    expect(hits.map(({ source }) => source)).toEqual(["soup.md"]);
    expect(hits[0]?.text).toContain("- some salt");
    expect(hits[0]?.text).toContain("then salt it.");
    // Else the test would hold without the rule.
    expect(explain?.candidates.some(({ score, fate }) => fate === "joined" && score < (explain.stopScore ?? 0))).toBe(
      true,
    );
  });

  it("is trimmed as usual where the question is about something in it", async () => {
    const { hits } = await search("Which leek, how much water and what salt belongs into bean soup?");
    expect(hits[0]?.source).toBe("soup.md");
    expect(hits[0]?.text).not.toContain("everybody likes");
  });
});
