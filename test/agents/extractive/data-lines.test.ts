import { describe, expect, it } from "vitest";
import { sentencesOf } from "../../../src/agents/extractive/passage-sentences.ts";
import { makeHit } from "../made-up-corpus.ts";

const linesOf = (text: string, language = "yaml"): readonly string[] =>
  sentencesOf({ marker: 1, hit: makeHit(text, { language, title: null }) }).map(
    ({ label = "-", text: line }) => `${label} | ${line}`,
  );

describe("lines of YAML", () => {
  it("stand under the keys above them, which are called by what names them", () => {
    const text = [
      "paths:",
      "  /lamps:",
      "    post:",
      "      summary: Light a lamp",
      "      parameters:",
      "        - name: colour",
      "          description: Red, or green.",
      "      responses:",
      '        "409":',
      "          description: The lamp burns already.",
      "port: 80",
    ].join("\n");
    expect(linesOf(text)).toEqual([
      "paths › /lamps › post (Light a lamp) | summary: Light a lamp",
      "paths › /lamps › post (Light a lamp) › parameters › colour | name: colour",
      "paths › /lamps › post (Light a lamp) › parameters › colour | description: Red, or green.",
      "paths › /lamps › post (Light a lamp) › responses › 409 | description: The lamp burns already.",
      " | port: 80",
    ]);
  });

  it("are texts over several lines, comments and bare items too", () => {
    const text =
      "# Shines at night.\nlamp:\n  about: |\n    It is red.\n    It is old.\n\n    It hangs.\n  oils:\n    - whale\n    - rape";
    expect(linesOf(text)).toEqual([
      " | Shines at night.",
      "lamp › about | It is red. It is old.",
      "lamp › about | It hangs.",
      "lamp › oils | whale",
      "lamp › oils | rape",
    ]);
  });

  it("stand under the right keys where the passage begins deeper", () => {
    const text = "      colours:\n        - red\n        - green\n      oil: rape\n    gate:\n      width: 4";
    expect(linesOf(text)).toEqual(["colours | red", "colours | green", " | oil: rape", "gate | width: 4"]);
  });

  it("are quoted to the letter at their places", () => {
    const text = "lamp:\n  colour:   red\n";
    const [line] = sentencesOf({ marker: 1, hit: makeHit(text, { language: "yaml" }) });
    expect(text.slice(line?.span.start, line?.span.end)).toBe("colour:   red");
  });

  it("stay code for a question that asks for code", () => {
    const hit = makeHit("lamp:\n  colour: red", { language: "yaml" });
    expect(sentencesOf({ marker: 1, hit }, { keepCode: true }).map(({ kind }) => kind)).toEqual(["code", "code"]);
  });
});

it("lines of JSON are read in the same way", () => {
  const text = '{\n  "lamp": {\n    "name": "Red one",\n    "hours": [\n      7,\n      9\n    ]\n  }\n}';
  expect(linesOf(text, "json")).toEqual([
    'lamp (Red one) | "name": "Red one",',
    "lamp (Red one) › hours | 7,",
    "lamp (Red one) › hours | 9",
  ]);
});

describe("objects of JSON", () => {
  it("are called by a name that stands below what it names, and leave out what is empty", () => {
    const text = '{\n  "oils": [\n    "rape"\n  ],\n  "tags": [],\n  "title": "Red lamp"\n}';
    expect(linesOf(text, "json")).toEqual(['Red lamp › oils | "rape"', 'Red lamp | "title": "Red lamp"']);
  });

  it("are told from each other in a list", () => {
    const text =
      '    "hours": 7\n  },\n  {\n    "hours": 9,\n    "name": "Red lamp"\n  },\n  {\n    "name": "Blue lamp",\n    "hours": 3\n  }';
    expect(linesOf(text, "json")).toEqual([
      ' | "hours": 7',
      'Red lamp | "hours": 9,',
      'Red lamp | "name": "Red lamp"',
      'Blue lamp | "name": "Blue lamp",',
      'Blue lamp | "hours": 3',
    ]);
  });
});
