import { describe, expect, it } from "vitest";
import { loadMarkdown } from "../../../../ingest/loaders/markdown.ts";
import { importsComponents, loadMdx } from "../../../../ingest/loaders/markup/mdx.ts";
import { loadedMade } from "../load-made.ts";
import { keepsLines, markedLines } from "./line-markup.contract.ts";

/** The lines of the Markdown, without the blanks at their ends. */
const linesOf = (text: string): string[] =>
  loadMdx(text)
    .text.split("\n")
    .map((line) => line.trimEnd());

describe("Markdown with components", () => {
  it("loses statements, comments and tags, and keeps what stands between them", () => {
    expect(
      linesOf(
        'import A from "a";\nimport {\n  B,\n} from "b";\n\nexport const x = 1;\n\n{/* no\nwords */}\n<Steps>\n1. One\n</Steps>\n<p>\n**Type:** `x`\n</p>\n',
      ),
    ).toEqual(["", "", "", "", "", "", "", "", "", "", "1. One", "", "", "**Type:** `x`", "", ""]);
  });

  it("keeps what a component shows of its attributes", () => {
    expect(
      linesOf(
        '<TabItem label="npm" icon="x">\n<TabItem value="pnpm">\n**Added in:** <Since v="2.1" />\n<AddedIn version="3" /> <Badge text="new" />\n<Card\n  title="Gates"\n  href="/gates"\n  description={"All of them"}\n/>\n<ReadMore>See [more](x).</ReadMore>\n',
      ),
    ).toEqual([
      "**npm**",
      "**pnpm**",
      "**Added in:** Since 2.1",
      "Added in 3 new",
      "",
      "**[Gates](/gates)**",
      "",
      "All of them",
      "",
      "See [more](x).",
      "",
    ]);
  });

  it("leaves code, running HTML and what is no tag as it is written", () => {
    const text =
      'Use `<Image />` and <kbd>A</kbd>, 1 < 2, `{/* x */}`, {props.a}.\n\n```mdx\nimport A from "a"\n<Image />\n:::tip\n```\nimport duties apply to gates.\n';
    expect(loadMdx(text).text).toBe(text);
  });

  it("reads tags whose attributes hold braces, quotes and further tags", () => {
    expect(linesOf("A <B on={() => { go({ a: 1 }) }} {...rest} c='\"' d>word</B> b<>c</>\n")).toEqual([
      "A word bc",
      "",
    ]);
  });

  it("labels notes", () => {
    expect(
      linesOf(
        ":::tip[Look here]\nWords.\n:::\n\n:::caution\n- item\n:::\n:::note Title\n\nWords.\n:::\n:::info\nWords.\n:::\n",
      ),
    ).toEqual([
      "**Look here:**",
      "Words.",
      "",
      "",
      "**Caution.**",
      "- item",
      "",
      "**Title.**",
      "",
      "Words.",
      "",
      "",
      "**Info:** Words.",
      "",
      "",
    ]);
  });

  it("has the title and the metadata of its front matter, else its first heading", () => {
    expect(loadMdx('---\ntitle: Gates\ntag: a\n---\nimport A from "a"\n\nText\n')).toMatchObject({
      title: "Gates",
      metadata: { tag: "a" },
    });
    expect(loadMdx('import A from "a"\n\n# The gates {#gates}\n')).toMatchObject({
      title: "The gates",
      text: "\n\n# The gates\n",
    });
  });

  it("leaves the name under which a heading is linked out of titles, in plain Markdown too", () => {
    expect(loadMarkdown("# The gates {#the-gates}\n").title).toBe("The gates");
  });

  it("is found by its name, or by what it imports", async () => {
    const made = 'import Tabs from "@theme/Tabs";\n\n<Tabs>\n\nWords\n\n</Tabs>\n';
    expect((await loadedMade("a.mdx", Buffer.from("<Tabs>\nWords\n</Tabs>\n"))).text).toBe("\nWords\n\n");
    expect((await loadedMade("a.md", Buffer.from(made))).text).toBe("\n\n\n\nWords\n\n\n");
    expect((await loadedMade("a.md", Buffer.from("<Tabs>\n\nWords\n"))).text).toBe("<Tabs>\n\nWords\n");
    expect(importsComponents('```js\nimport a from "a";\n```\n')).toBe(false);
  });

  keepsLines(
    (text) => loadMdx(text).text,
    markedLines([
      "@",
      "",
      "# @ {#a}",
      'import @ from "a"',
      "export const a = {",
      "<Tab label='@'>",
      "<Tab",
      '  title="@"',
      "  b={{ c: `@` }}",
      ">",
      "/>",
      "</Tab> @",
      "{/* @",
      "*/} @",
      ":::tip[@]",
      ":::tip @",
      ":::",
      "```",
      "`@ <A",
      "- @",
      "<p>@</p>",
      "---",
      "{ @ }",
    ]),
    [
      "<",
      "<a ",
      '<A b="',
      "<A b={",
      "<A b ",
      "{/*",
      "{",
      "`",
      "`a\n",
      ":::a\n",
      ":::a[",
      "import a from 'b'\n",
      "import {\n",
      "# a {#",
      "# a" + " ".repeat(60_000),
      "<A" + " ".repeat(60_000),
    ],
  );
});
