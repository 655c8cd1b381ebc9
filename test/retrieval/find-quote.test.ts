import { describe, expect, it } from "vitest";
import { findQuote } from "../../src/retrieval/find-quote.ts";

function found(quote: string, text: string): string | null {
  const span = findQuote(quote, text);
  return span === null ? null : text.slice(span.start, span.end);
}

describe("findQuote", () => {
  it("passes over the kind of white space, quotation marks and dashes, and the case of the first letter", () => {
    expect(found("The “new” key-holder", "so the\n  'new' key–holder")).toBeNull();
    expect(found("The “new” key-holder", 'so the\n  "new" key–holder left')).toBe('the\n  "new" key–holder');
    expect(found("… or later …", "now or later.")).toBe("or later");
    for (const quote of ["", " ", "…", "..."]) expect(findQuote(quote, "… or later ... ")).toBeNull();
  });

  it("takes every sign as it is, and no other case than that of the first letter", () => {
    expect(found("Costs (a+b)* [now]?  $1.5 |", "it costs (a+b)* [now]?\n$1.5 | in all")).toBe(
      "costs (a+b)* [now]?\n$1.5 |",
    );
    expect(found("a.b  c", "axb c a.b c")).toBe("a.b c");
    expect(found("it’s  here", "It's here")).toBe("It's here");
    expect(found("the Key  here", "the key here")).toBeNull();
  });

  it("looks for what a model repeated without end as for any other text", () => {
    const row = "| ".repeat(20_000);
    expect(found(row, "Name | Size")).toBeNull();
    expect(found(`Name  ${row}`, `The name\n${row}`)).toBe(`name\n${row.trim()}`);
    expect(found(`x${" ".repeat(100_000)}y`, `a\nx y${" ".repeat(100_000)}z`)).toBe("x y");
  });

  it("finds a term and its definition on two lines", () => {
    const text = "Gates:\n\nsluice\n:  A gate for water.\n";
    expect(findQuote("sluice: A gate for water.", text)).toEqual({ start: 8, end: 35 });
  });

  it("finds words that the text has links and marks of quoted blocks in", () => {
    const text = "> To return your own page, use\n> [`setNotFound`](Server.md#not-found) in the\n> response.";
    expect(found("use `setNotFound` in the response", text)).toBe(
      "use\n> [`setNotFound`](Server.md#not-found) in the\n> response",
    );
    expect(found("use [`setNotFound`](elsewhere.md) in", text)).toBe("use\n> [`setNotFound`](Server.md#not-found) in");
    expect(found("use `setFound` in the response", text)).toBeNull();
  });
});
