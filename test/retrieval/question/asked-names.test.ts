import { describe, expect, it } from "vitest";
import { askedNames, entryPattern } from "../../../src/retrieval/question/asked-names.ts";

describe("askedNames", () => {
  it.each([
    ["What does `mill run` do?", ["mill run"]],
    ["What does --lamp-oil=north do?", ["--lamp-oil"]],
    ["What does mill grind -a do?", ["-a"]],
    ["What does %an mean?", ["%an"]],
    ["What is the default of lamp.oilLevel?", ["lamp.oilLevel"]],
    ["Why is gate_width ignored?", ["gate_width"]],
    ["What does LAMP_OIL do", ["LAMP_OIL"]],
    ["What does gateWidth mean?", ["gateWidth"]],
    ["What does the cascade option do?", ["cascade"]],
    ["What is the difference between gate:open and gate:shut?", ["gate:open", "gate:shut"]],
    ["What are the client directives?", []],
    ["Which other option is there?", []],
    ["What does the environment variable do?", []],
    ["What is a well-known gate in the U.S., e.g. a sluice?", []],
    ["What is in notes.md and at https://mill.example/a_b?", []],
    ["When did the general take command at half-past two?", []],
    ["Is it 10-20 or 2.5 metres wide?", []],
  ])("reads from %j: %j", (question, names) => {
    expect(askedNames(question)).toEqual(names);
  });
});

describe("askedNames of long texts", () => {
  it.each(["a_", "a_a.", "a.", "aA", "`", "--a", "the a "])("reads %j again and again", (part) => {
    expect(askedNames(part.repeat(100_000)).length).toBeLessThan(5);
  });
});

describe("entryPattern", () => {
  it.each([
    ["## --lamp", "--lamp", true],
    ["### `--lamp`, `--oil-lamp`", "--oil-lamp", true],
    ["#### `mill.grind(corn)`", "mill.grind", true],
    ["- **`-a`,**\t\n  **`--all`:** Opens all.", "--all", true],
    ["* `--lamp` - lights it", "--lamp", true],
    ["| lamp_oil | 4 |", "lamp_oil", true],
    ["| `gate` | `lamp_oil` |", "lamp_oil", false],
    ["  -a, --all   opens all", "--all", true],
    ["**lamp.oil:** How full it is.", "lamp.oil", true],
    ["Text.\n\n- `lamp.oil`: How full it is.", "lamp.oil", true],
    ["- `--lamp-oil`: How full it is.", "--lamp", false],
    ["- Set `--lamp` for it.", "--lamp", false],
    ["Set `--lamp` for it.", "--lamp", false],
    ["- `lamp.oil` takes a number.", "lamp.oil", false],
    ["## lamp.oil in the mill", "lamp.oil", false],
    ["- `--lamp COLOUR`: Lights it.", "--lamp", true],
    ["- `-l <colour>`, `--lamp=<colour>`: Lights it.", "--lamp", true],
    ["- lamp: it is lit.", "lamp", false],
  ])("tells whether %j is what is said of %j in particular: %j", (text, name, expected) => {
    expect(entryPattern(name).test(text)).toBe(expected);
  });

  it("reads long lines in little time", () => {
    for (const part of ["- `a`, ", "#".repeat(6) + " a ", " ", "- **a,** ", "| a "]) {
      expect(entryPattern("--lamp").test(part.repeat(20_000))).toBe(false);
    }
  });
});
