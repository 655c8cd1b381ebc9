import { describe, expect, it } from "vitest";
import { guessMarkup } from "../../../ingest/loaders/guess-markup.ts";
import { loadedMade } from "./load-made.ts";

const RST = "Gates\n=====\n\n.. note:: Open ``gate`` at dawn.\n";
const ASCIIDOC = "mill-gate(1)\n============\n\n[verse]\n'mill gate' [-a]\n\n-a::\n\tAll of them.\n";
const MARKDOWN = "# Gates\n\n> All about gates.\n\n## Opening\n\nSee [locks](https://mill.example/locks).\n";

describe("guessMarkup", () => {
  it.each([
    ["reStructuredText", RST, "rst"],
    ["AsciiDoc", ASCIIDOC, "asciidoc"],
    ["Markdown", MARKDOWN, "markdown"],
    ["Markdown with line breaks of Windows", MARKDOWN.replaceAll("\n", "\r\n"), "markdown"],
  ])("knows %s by itself", (_, text, language) => {
    expect(guessMarkup(text)?.language).toBe(language);
  });

  it.each([
    ["prose with an underlined title", "Gates\n=====\n\nThey are of oak.\n"],
    [
      "settings with comments",
      "# Gates\n\nwidth = 4\n# the [old](https://mill.example) one\n# was wider\n\n# Lamps\n\noil = 2\n",
    ],
    ["code between fences", "```sh\n# one\n\n# two\n\n# three\n```\n"],
    ["a log", "2026-01-02 10:00 ==== start\n2026-01-02 10:01 ---- end\n"],
    ["one heading", "# Gates\n\n**Oak**\n"],
    ["a mail", "Dear Mara,\n\nthe gates:: are open.\n\n----\nFenwick\n"],
    ["nothing", ""],
  ])("says nothing of %s", (_, text) => {
    expect(guessMarkup(text)).toBeNull();
  });

  it("reads long texts in little time", () => {
    for (const part of ["# ", "# a\n\n", "= a\n", "a\n=\n", ":a:`", "``", "[source", "<<a", ".. a"]) {
      guessMarkup(part.repeat(100_000));
    }
    expect(guessMarkup(" ".repeat(300_000))).toBeNull();
  });

  it("decides how a text is read that has no other name", async () => {
    expect((await loadedMade("gates.txt", Buffer.from(RST))).text).toContain("# Gates\n");
    expect((await loadedMade("MILL-GATE", Buffer.from(ASCIIDOC))).text).toContain("- **-a:**");
    expect(await loadedMade("llms-full.txt", Buffer.from(MARKDOWN))).toMatchObject({
      title: "Gates",
      language: "markdown",
    });
    expect((await loadedMade("gates.md", Buffer.from(RST))).text).toBe(RST);
  });
});
