import { describe, expect, it } from "vitest";
import { loadJson } from "../../../ingest/loaders/json.ts";

const SOUP = {
  method: ["Boil the barley until it is soft.", "Stir in the leeks,\nand leave it for an hour."],
  needs: ["2 leeks", "1 cup of barley"],
  serves: 4,
  tested: true,
  note: null,
  tags: ["winter"],
  title: "Barley  soup",
};

describe("a JSON file of one record", () => {
  it("is an article: its title a heading, lists under their names, short values as entries", () => {
    expect(loadJson(JSON.stringify(SOUP, null, 2))).toEqual({
      title: "Barley soup",
      text: [
        "# Barley soup",
        "- serves: 4\n- tested: true\n- tags: winter",
        "## method\n\n- Boil the barley until it is soft.\n- Stir in the leeks, and leave it for an hour.",
        "## needs\n\n- 2 leeks\n- 1 cup of barley\n",
      ].join("\n\n"),
      format: { language: "jsonl", mediaType: "application/json" },
    });
  });

  it("has its text below the title, and is an article on one line as well", () => {
    const body = "The harbour of Vellin was built on piles, which the sea took away. ".repeat(20).trim();
    const { text, title } = loadJson(JSON.stringify({ id: 3, Name: "Vellin", Body: body, links: ["a", "b"] }));
    expect(title).toBe("Vellin");
    expect(text).toBe(`# Vellin\n\n${body}\n\n- id: 3\n\n## links\n\n- a\n- b\n`);
  });

  it("is an article in a language that writes no spaces", () => {
    const record = { title: "大麦のスープ", 作り方: ["大麦を柔らかくなるまで煮ます。", "ねぎを入れて混ぜます。"] };
    expect(loadJson(JSON.stringify(record)).text).toContain("## 作り方\n\n- 大麦を柔らかくなるまで煮ます。\n");
  });

  it.each([
    ["a package", { name: "vellin", description: "Reads tide tables.", scripts: { test: "vitest" }, files: ["dist"] }],
    [
      "a flat package",
      { name: "vellin", description: "Reads tide tables of any harbour.", main: "a.js", files: ["a"] },
    ],
    ["a Composer package", { name: "o/kesh", description: "Counts.", require: { php: "^8" }, keywords: ["a b c"] }],
    ["compiler settings", { compilerOptions: { strict: true, lib: ["es2024"] }, include: ["src"] }],
    ["a list of words", { title: "Words of this project", words: ["barley", "leek", "piles", "tide", "harbour"] }],
    ["paths", { name: "build", include: ["src/a file.ts", "test/of it.ts"], exclude: ["out of it"] }],
    [
      "a map",
      { type: "FeatureCollection", name: "Piers", features: [{ type: "Feature", properties: { name: "Old pier" } }] },
    ],
    ["a reply", { title: "Not found", status: 404, detail: "There is no such tide table. Ask for another." }],
    ["a reply with data", { name: "tides", message: "The table was read. Here it is.", data: [{ at: 3, height: 2 }] }],
    ["messages", { title: "Tides", empty: "There is nothing in the basket. Add a table.", bye: "See you soon. Bye." }],
    ["a record without a title", { ...SOUP, title: undefined }],
    ["a record with parts", { ...SOUP, more: { by: "Odra" } }],
    ["a list with lists", { ...SOUP, more: [["a"]] }],
    ["many fields", { ...SOUP, ...Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`k${at}`, "v"])) }],
    ["mostly data", { ...SOUP, hash: "ab12".repeat(100) }],
  ])("stays JSON where it is %s", (_, value) => {
    const text = JSON.stringify(value, null, 2);
    expect(loadJson(text)).toEqual({ text, title: null });
  });
});
