import { describe, expect, it } from "vitest";
import { visibleText } from "../../src/lexical/visible-text.ts";

describe("visibleText", () => {
  it.each([
    ["a link", "See [the `limit`](./errors.md#limit) first.", "See the `limit` first."],
    ["a link with brackets in words and target", "The [list[0]](https://a.example/x_(y)) item", "The list[0] item"],
    ["a wrapped link", "as [the long\nname](x.md) says", "as the long\nname says"],
    ["a link by reference", "The [`server`][Server] and [it][] listen", "The `server` and it listen"],
    [
      "links between notes",
      "Ask [[Mara Quist]] or [[People/Ole|the keeper]] of [[Locks/North#Key]]",
      "Ask Mara Quist or the keeper of North#Key",
    ],
    ["a note that is shown within", "![[plan.png]] The plan", " The plan"],
    ["an image, linked or not", "![Figure](a.svg) Text [![build](b.svg)](c)", " Text "],
    ["elements and comments", '<a id="x"></a>Press <kbd>Enter</kbd><!-- twice\n --> now<br>', "Press Enter now"],
    ["quoted blocks", "> [!NOTE]\n> One line\n> > and the next", "\nOne line\nand the next"],
    ["a definition", "sluice gate\n:   A gate for water.", "sluice gate:   A gate for water."],
    ["a definition without its term", ": A gate for water.", "A gate for water."],
  ])("leaves what is read of %s", (_name, written, expected) => {
    expect(visibleText(written).text).toBe(expected);
  });

  it.each([
    ["code", "Call `[a](b)` or `<b>`.\n\n```\n> [x](y)\n```\n"],
    ["types and places to fill in", "a Promise<void>, Array<string>, <your key>, 3 > 2"],
    ["conditions and lists of numbers", "if [[ -f gate ]] and [[1, 2], [3, 4]] or [[5]]"],
    ["an index and a call", "rows[0](1), take(x)[1](2)"],
    ["numbers of passages", "It is so. [1][2] And [3, 4]."],
    ["a colon in a line or at its end", "Note: the gate:\nopen : shut"],
    ["emphasis", "**bold**, _so_ [ ] open"],
  ])("leaves %s as it is", (_name, written) => {
    expect(visibleText(written).text).toBe(written);
  });

  it("keeps links where they are asked for", () => {
    expect(visibleText("> See [it](https://a.example)", { keepLinks: true }).text).toBe("See [it](https://a.example)");
  });

  it("leads back to what was written, links as a whole", () => {
    const written = "> Ask [the team](team.md) or\n> [us](us.md).";
    const seen = visibleText(written);
    const back = (words: string): string => {
      const start = seen.text.indexOf(words);
      const span = seen.writtenSpan({ start, end: start + words.length });
      return written.slice(span.start, span.end);
    };
    expect(seen.text).toBe("Ask the team or\nus.");
    expect(back("Ask the team")).toBe("Ask [the team](team.md)");
    expect(back("the team or\nus")).toBe("[the team](team.md) or\n> [us](us.md)");
    expect(back("team or")).toBe("team](team.md) or");
    expect(back("Ask")).toBe("Ask");
    expect(back("us.")).toBe("[us](us.md).");
  });

  it("reads a long line of open brackets in time", () => {
    const written = "[".repeat(20_000) + "](".repeat(2_000) + "<a ".repeat(20_000);
    expect(visibleText(written).text.length).toBeGreaterThan(0);
  });

  it.each(["![", "<!--", " "])("reads a long run of %j in a time that grows with its length", (mark) => {
    expect(visibleText(`a ${mark.repeat(100_000)}`).text).toBe(`a ${mark.repeat(100_000)}`);
  });
});
