import { describe, expect, it } from "vitest";
import type { NamedDocument } from "../../../src/retrieval/question/named-document.ts";
import { findFilter, maySpeakOfPlace } from "../../../src/retrieval/question/question-filter.ts";

const NAMES: readonly NamedDocument[] = [
  { source: "README.md", title: "Parcel service", language: "markdown" },
  { source: "docs/api/keys.md", title: "Keys", language: "markdown" },
  { source: "docs/api/limits.md", title: null, language: "markdown" },
  { source: "docs/security.md", title: "Security", language: "markdown" },
  { source: "docs/getting-started.md", title: "First steps", language: "markdown" },
  { source: "docs/settings.md", title: "Settings", language: "markdown" },
  { source: "src/server.ts", title: null, language: "typescript" },
  { source: "src/routes/keys.ts", title: null, language: "typescript" },
  { source: "tools/report.py", title: null, language: "python" },
  { source: "tools/sums.py", title: null, language: "python" },
];

const find = (question: string): ReturnType<typeof findFilter> => findFilter(question, { names: NAMES });

describe("findFilter", () => {
  it.each([
    ["How are keys renewed in the API docs?", { source: ["docs/api/**"] }, "How are keys renewed?"],
    ["According to the security guide, who may read?", { source: ["docs/security.md"] }, "who may read?"],
    ["What does the security guide say about roles?", { source: ["docs/security.md"] }, "roles?"],
    [
      "Which port is used, in the getting started page?",
      { source: ["docs/getting-started.md"] },
      "Which port is used?",
    ],
    ["Which limits stand on the First Steps page?", { source: ["docs/getting-started.md"] }, "Which limits stand?"],
    ["How is it installed in the README?", { source: ["README.md"] }, "How is it installed?"],
    ["where is the timeout set in server.ts", { source: ["src/server.ts"] }, "where is the timeout set"],
    ["where is the timeout set in `src/server.ts`?", { source: ["src/server.ts"] }, "where is the timeout set?"],
    ["Who checks keys in src/routes?", { source: ["src/routes/keys.ts"] }, "Who checks keys?"],
    ["How are sums rounded in the Python code?", { language: ["python"] }, "How are sums rounded?"],
    ["Where are keys read in the TypeScript sources?", { language: ["typescript"] }, "Where are keys read?"],
  ])("reads a place of the collection: %s", (question, filter, rest) => {
    expect(find(question)).toMatchObject({ filter, rest });
    expect(maySpeakOfPlace(question)).toBe(true);
  });

  it.each([
    "How do I change the port in the settings file?",
    "How are errors handled in TypeScript?",
    "How are keys renewed in the billing docs?",
    "What stands in main.ts?",
    "How does it run in Node.js?",
    "What changed in the Java code?",
    "How are parcels found in a guide for beginners?",
    "Is it good on the security side?",
  ])("leaves other words alone: %s", (question) => {
    expect(find(question)).toBeNull();
  });

  it("keeps the whole question as the query where nothing else would be left", () => {
    expect(find("What is in the README?")).toMatchObject({
      filter: { source: ["README.md"] },
      words: "in the README",
      rest: "What is in the README?",
    });
  });

  it("finds a file whose name macOS stores with its marks apart", () => {
    const names = ["Übung/Käfer.md", "a.md", "b.md"].map((source) => ({
      source: source.normalize("NFD"),
      title: null,
      language: "markdown",
    }));
    const filter = { source: ["Übung/Käfer.md".normalize("NFD")] };
    expect(findFilter("What is said of legs in Übung/Käfer.md?", { names })?.filter).toEqual(filter);
  });

  it("takes the outermost folders of a name, and what is called so before what lies in them", () => {
    const question = "Which tea is served, in the harbour guide?";
    const place = (source: string): NamedDocument => ({ source, title: null, language: "markdown" });
    const folders = ["a/harbour/x/Harbours/tea.md", "b/harbour/inn.md", "c.md", "d.md", "e.md"].map(place);
    expect(findFilter(question, { names: folders })?.filter).toEqual({ source: ["a/harbour/**", "b/harbour/**"] });
    const named = [...folders, place("f/harbour.md")];
    expect(findFilter(question, { names: named })?.filter).toEqual({ source: ["f/harbour.md"] });
    const code = [...folders, { ...place("f/harbour.ts"), language: "typescript" }];
    expect(findFilter(question, { names: code })?.filter).toEqual({ source: ["a/harbour/**", "b/harbour/**"] });
  });

  it("reads no place that most of the collection lies in", () => {
    expect(findFilter("How are keys renewed in the API docs?", { names: NAMES.slice(1, 3) })).toBeNull();
    expect(findFilter("How is it in the Python code?", { names: NAMES.slice(8) })).toBeNull();
  });

  it("leaves to the request what the request filters itself", () => {
    const question = "How are sums rounded in the Python code of the first steps page?";
    expect(findFilter("Who may read, in the security guide?", { names: NAMES, own: { source: "src/**" } })).toBeNull();
    expect(findFilter("Who may read, in the security guide?", { names: NAMES, own: { root: "/a" } })).toBeNull();
    expect(findFilter(question, { names: NAMES, own: { language: "typescript" } })).toBeNull();
    expect(findFilter(question, { names: NAMES, own: { source: "tools/**" } })).toMatchObject({
      filter: { language: ["python"] },
    });
  });
});
