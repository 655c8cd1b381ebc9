import { describe, expect, it } from "vitest";
import { writeExtractiveAnswer } from "../../../src/agents/extractive/extractive-answer.ts";
import { sentencesOf } from "../../../src/agents/extractive/passage-sentences.ts";
import { scoreSentences } from "../../../src/agents/extractive/score-sentences.ts";
import { findWholeList } from "../../../src/agents/extractive/whole-list.ts";
import { makeHit } from "../made-up-corpus.ts";

const rank = (question: string, text: string, source = "guide.md"): readonly string[] =>
  scoreSentences(sentencesOf({ marker: 1, hit: makeHit(text, { source }) }), { question }).map(
    ({ sentence }) => sentence.text,
  );

function answer(question: string, text: string): string {
  const sentences = sentencesOf({ marker: 1, hit: makeHit(text) });
  const ranked = scoreSentences(sentences, { question });
  return writeExtractiveAnswer({
    question,
    sentences,
    list: findWholeList(question, sentences),
    ranked,
    isPartial: false,
  });
}

const SETTINGS = [
  "## lamp_oil",
  "",
  "- **Type:** `number`",
  "- **Default:** `4`",
  "",
  "How full the vessel is that hangs above the gate.",
  "",
  "## gate_width",
  "",
  "With lamp_oil set, the lamp_oil of what the gate does is read from `lamp_oil`.",
].join("\n");

describe("the entry for a name", () => {
  it("answers before what only mentions the name", () => {
    expect(rank("What does lamp_oil do?", SETTINGS)[0]).toBe("How full the vessel is that hangs above the gate.");
  });

  it("answers with its default where that is asked for", () => {
    expect(rank("What is the default value of lamp_oil?", SETTINGS)[0]).toBe("**Default:** `4`");
  });

  it("answers with the default of nothing else", () => {
    const ranked = rank("What is the default value of lamp_oil?", `${SETTINGS}\n\n- **Default:** \`9\``);
    expect(ranked.indexOf("**Default:** `9`")).toBeGreaterThan(2);
  });

  it("answers for an option of one letter, which is no word", () => {
    const text =
      "- **`-a`,**\t\n  **`--all`:**\t\n  Takes each door at once.\n\nThe command `mill grind` grinds what the mill has.";
    expect(rank("What does mill grind -a do?", text)[0]).toContain("Takes each door at once.");
  });

  it("is no more than a cue where the name is only mentioned", () => {
    const text =
      "- `--lamp`: Lights it.\n\nCan the mill be open at night? Yes, the mill is open at night with `--lamp` and a keeper.";
    expect(rank("Can the mill be open at night with --lamp?", text)[0]).toContain("Yes");
  });
});

describe("notes about releases", () => {
  it("answer behind other sentences, unless somebody asks what changed", () => {
    const text = "The lamp of the gate was mended.";
    const other = { marker: 2, hit: makeHit("The lamp of a gate is green.", { source: "guide.md" }) };
    const first = { marker: 1, hit: makeHit(text, { source: "CHANGELOG.md" }) };
    const best = (question: string): string | undefined =>
      scoreSentences([...sentencesOf(first), ...sentencesOf(other)], { question })[0]?.sentence.text;
    expect(best("What about the lamp of the gate?")).toBe("The lamp of a gate is green.");
    expect(best("What changed about the lamp of the gate?")).toBe(text);
  });
});

describe("writeExtractiveAnswer for names", () => {
  it("says of two things what each is, with the name where the sentence lacks it", () => {
    const text =
      "## `gate:load`\n\n- **Order:** High\n\nOpens at once.\n\n## `gate:idle`\n\nOpens when the boats rest.";
    expect(answer("What is the difference between gate:load and gate:idle?", text)).toBe(
      "**gate:load:** Opens at once. [1]\n\n**gate:idle:** Opens when the boats rest. [1]",
    );
    const prose =
      "A **lock** means that water is held.\n\nA **weir** means that water falls.\n\nLocks and weirs differ.";
    expect(answer("What is the difference between a lock and a weir?", prose)).toBe(
      "A **lock** means that water is held. [1]\n\nA **weir** means that water falls. [1]",
    );
  });

  it("takes what only says what the two things are called", () => {
    const one = "Some floods come from the sea. These are called class A floods.";
    const other = "Others come down the river. These are called class B floods.";
    const both = "Whoever fears class A and class B floods buys a boat.";
    expect(answer("What is the difference between class A and class B floods?", `${both}\n\n${one}\n\n${other}`)).toBe(
      `${one} [1]\n\n${other} [1]`,
    );
  });
});

describe("sentencesOf", () => {
  it("takes the label of a tab right above or below code for a heading", () => {
    const text = "Open it.\n\n```sh\nopen\n```\n**fish**\n```sh\nopen --fish\n```\n";
    const kinds = sentencesOf({ marker: 1, hit: makeHit(text) }).map(({ text: seen, kind }) => [seen, kind]);
    expect(kinds).toContainEqual(["**fish**", "heading"]);
  });

  it("leaves out the lines around notes", () => {
    const text = ":::tip[Look]\nOpen it at dawn.\n:::\n\nDouble: colons :: stay.";
    expect(sentencesOf({ marker: 1, hit: makeHit(text) }).map(({ text: seen }) => seen)).toEqual([
      "Open it at dawn.",
      "Double: colons :: stay.",
    ]);
  });
});
