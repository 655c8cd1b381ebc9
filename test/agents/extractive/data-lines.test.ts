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
