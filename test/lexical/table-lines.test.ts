import { describe, expect, it } from "vitest";
import { createTablePlaces } from "../../src/lexical/table-lines.ts";

function kindsOf(text: string, options?: { isPart?: boolean }): readonly (string | null)[] {
  const tableAt = createTablePlaces(text, options);
  return Array.from(text.matchAll(/[^\r\n]+/g), ({ index, 0: line }) => tableAt(index + line.search(/\S/)));
}

describe("createTablePlaces", () => {
  it("finds tables with and without bars at the ends of lines", () => {
    expect(kindsOf("Lamps:\nname | hours\n--- | :-:\nred | 4\nblue | 9\n\na | b")).toEqual([
      null,
      "header",
      "rule",
      "row",
      "row",
      null,
    ]);
    expect(kindsOf("| name | hours |\r\n|---|---|\r\n| red | 4 |\r\nProse.")).toEqual(["header", "rule", "row", null]);
    expect(kindsOf("  name | hours |\n  ---|---\n  red | 4")).toEqual(["header", "rule", "row"]);
  });

  it("takes no bars of prose or code for a table without the rule below its header", () => {
    expect(kindsOf("true | false\nopen | shut")).toEqual([null, null]);
    expect(kindsOf("name | hours\n---\nred | 4")).toEqual([null, null, null]);
    expect(kindsOf("one | two | three\n--- | ---\nred | 4")).toEqual([null, null, null]);
    expect(kindsOf("a \\| b\n---|---")).toEqual([null, null]);
    expect(kindsOf("name | hours\n\n---|---")).toEqual([null, null]);
  });

  it("reads rows where a part of a text begins within a table", () => {
    const text = "red | 4\nblue | 9\nProse.";
    expect(kindsOf(text, { isPart: true })).toEqual(["row", "row", null]);
    expect(kindsOf(text)).toEqual([null, null, null]);
    expect(kindsOf("red | 4\nProse.", { isPart: true })).toEqual([null, null]);
    expect(kindsOf("    cat x | wc\n    cat y | wc", { isPart: true })).toEqual([null, null]);
    expect(kindsOf("name | hours\n---|---\nred | 4", { isPart: true })).toEqual(["header", "rule", "row"]);
  });

  it("reads a long text in one pass", () => {
    const text = `name | hours\n---|---\n${"red | 4\n".repeat(20_000)}`;
    const tableAt = createTablePlaces(text);
    expect(tableAt(text.length - 5)).toBe("row");
    expect(createTablePlaces(`|${" ".repeat(50_000)}\n|${"-".repeat(50_000)}x`)(0)).toBeNull();
  });
});
