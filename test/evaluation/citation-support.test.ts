import { describe, expect, it } from "vitest";
import { citedStatements, isSupported } from "../../src/evaluation/citation-support.ts";

describe("citedStatements", () => {
  it("takes the sentence before each marker", () => {
    expect(citedStatements("It rains. The sea is salty. [1] Sand is dry [2][3].\n\n- A list item [1]")).toEqual([
      { marker: 1, statement: "The sea is salty." },
      { marker: 2, statement: "Sand is dry" },
      { marker: 3, statement: "Sand is dry" },
      { marker: 1, statement: "- A list item" },
    ]);
  });
});

describe("isSupported", () => {
  it.each([
    ["The tower is 31 metres tall.", "It is a tower, 31 metres tall, of brick.", true],
    ["The tower is 32 metres tall.", "It is a tower, 31 metres tall, of brick.", false],
    ["Cats sleep all day long", "The tower is of brick.", false],
    ["", "The tower is of brick.", false],
    ["Brick towers stand long.", "Towers are of brick, mostly.", true],
    ["Brick towers stand for long.", "Towers are of brick, mostly.", false],
  ])("says of %j and %j: %j", (statement, quote, expected) => {
    expect(isSupported(statement, quote)).toBe(expected);
  });
});
