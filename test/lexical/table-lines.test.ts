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

  it.each([
    ["left and right aligned", "Lamp        Hours  Watts\nred lamp        4     10\nblue lamp      12      5"],
    ["with tabs", "Lamp\tHours\nred lamp\t4\nblue lamp\t12"],
  ])("finds columns that a gap keeps apart below their names, %s", (_, table) => {
    expect(kindsOf(`Lamps:\n${table}\nThat is all.`)).toEqual([null, "header", "row", "row", null]);
    expect(kindsOf(table.replaceAll("\n", "\n\n"))).toEqual([null, null, null]);
  });

  it("takes a rule below the first line for a sign that it names the columns, and rows with an empty cell as well", () => {
    const rows = "red lamp    4 hours\nblue lamp   all day";
    expect(kindsOf(`Lamp        Time\n--------    -------\n${rows}`)).toEqual(["header", "rule", "row", "row"]);
    expect(kindsOf(`Lamp        Time\n-------------------\n${rows}`)).toEqual(["header", "rule", "row", "row"]);
    const gaps = "Lamp    Hours  Watts\nred       4     10\nblue      9      5\ngreen            7";
    expect(kindsOf(gaps)).toEqual(["header", "row", "row", "row"]);
  });

  it.each([
    ["fields", "Name:   Mara Quist\nRole:   keeper\nPhone:  0555 12"],
    [
      "prose with two blanks",
      "It opens at 8.  It shuts at 9.\nThe lamp is red.  It hangs\nabove the 3 doors.  No more.",
    ],
    ["cells that stand below no name", "Lamp  Hours\nthe red lamp of the mill  4\nthe blue lamp of the yard  12"],
    ["list in three columns", "red lamp    \tmill  \tlit\nblue lamp   \tyard  \tout\ngreen lamp  \tgate  \tlit"],
    ["list of commands", ":lamp -\tturn it down\n:lamp -1\tthe same\n:lamp +1\tturn it up"],
    ["terms and what they mean", "Open    Somebody works on it\nClosed  It is done\nHeld    It waits for others"],
  ])("takes no %s for columns", (_, text) => {
    expect(kindsOf(text)).toEqual([null, null, null]);
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
    const columns = createTablePlaces(`Lamp  Hours\n${"red   4\n".repeat(20_000)}`);
    expect(columns(12)).toBe("row");
    expect(createTablePlaces(`a${" ".repeat(50_000)}\n`.repeat(3))(0)).toBeNull();
    expect(createTablePlaces(`|${" ".repeat(50_000)}\n|${"-".repeat(50_000)}x`)(0)).toBeNull();
  });
});
