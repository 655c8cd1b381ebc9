import { describe, expect, it } from "vitest";
import { sentencesOf } from "../../../src/agents/extractive/passage-sentences.ts";
import { scoreSentences } from "../../../src/agents/extractive/score-sentences.ts";
import { makeHit } from "../made-up-corpus.ts";

const kindsOf = (text: string): string[] =>
  sentencesOf({ marker: 1, hit: makeHit(text) }).map((sentence) => `${sentence.kind}: ${sentence.text}`);

describe("blocks of code in a passage", () => {
  it("are told from the prose around them", () => {
    expect(kindsOf("Open it:\n\n```sh\nsluice open\n```\n\nThe gate opens.")).toEqual([
      "prose: Open it:",
      "fence: ```sh",
      "code: sluice open",
      "fence: ```",
      "prose: The gate opens.",
    ]);
  });

  it("may have lost their first or their last line", () => {
    expect(kindsOf("sluice open\n```\n\nThe gate opens.")).toEqual([
      "code: sluice open",
      "fence: ```",
      "prose: The gate opens.",
    ]);
    expect(kindsOf("The gate opens like this:\n\n```\nsluice open\n\nsluice wait")).toEqual([
      "prose: The gate opens like this:",
      "fence: ```",
      "code: sluice open",
      "code: sluice wait",
    ]);
  });

  it("are not begun by underlines of tildes", () => {
    expect(kindsOf("Gates\n~~~~~\n\nThe gate opens.\n\nLocks\n~~~~~\n\nThe lock is full.")).toEqual([
      "heading: Gates",
      "heading: ~~~~~",
      "prose: The gate opens.",
      "heading: Locks",
      "heading: ~~~~~",
      "prose: The lock is full.",
    ]);
  });

  it("end where prose begins, if nothing closes them", () => {
    expect(kindsOf("```\nsluice open\n\nThe gate opens.\n\nIt closes at dusk.").slice(-2)).toEqual([
      "prose: The gate opens.",
      "prose: It closes at dusk.",
    ]);
  });

  it("hold the fences of other blocks", () => {
    expect(kindsOf("````md\n```\nsluice\n```\n````\nThe gate opens.").slice(1, 4)).toEqual([
      "code: ```",
      "code: sluice",
      "code: ```",
    ]);
  });
});

describe("titles without marks of their own", () => {
  it.each([
    [
      "Opening gates\n=============\n\nTurn the wheel.",
      ["heading: Opening gates", "heading: =============", "prose: Turn the wheel."],
    ],
    ["= Opening gates =\nTurn the wheel.", ["heading: = Opening gates =", "prose: Turn the wheel."]],
    ["= = Opening gates = =\n\nTurn the wheel.", ["heading: = = Opening gates = =", "prose: Turn the wheel."]],
    ["**Opening gates**\n\nTurn the wheel.", ["heading: **Opening gates**", "prose: Turn the wheel."]],
  ])("are headings: %j", (text, kinds) => {
    expect(kindsOf(text)).toEqual(kinds);
    const [last] = sentencesOf({ marker: 1, hit: makeHit(text, { title: null }) }).slice(-1);
    expect(last?.headings.trim()).toBe("Opening gates");
  });

  it("have the levels of their marks", () => {
    const text = "= Canal =\n\n== Gates ==\nOpen.\n\n== Locks ==\nFull.\n\nBasins\n======\n\nEmpty.";
    const sentences = sentencesOf({ marker: 1, hit: makeHit(text, { title: null }) });
    const headings = sentences.filter(({ kind }) => kind === "prose").map((one) => one.headings.trim());
    expect(headings).toEqual(["Canal\nGates", "Canal\nLocks", "Basins"]);
  });

  it.each([
    "The gate opens.\n---------------",
    "The gate opens\nand shuts\n---",
    "The gate opens\n***\nIt shuts.",
    "**Default**\nForty centimetres.",
    "x = y = z",
  ])("are not seen in other lines: %j", (text) => {
    expect(kindsOf(text)[0]).toMatch(/^prose: /);
  });
});

describe("headings above a sentence", () => {
  it("are those that it stands under, not the ones beside them", () => {
    const text = "# Canal\n\n## Gates\n\nOpen.\n\n### North\n\nShut.\n\n## Locks\n\n| Name |\n| --- |\n| Old |";
    const sentences = sentencesOf({ marker: 1, hit: makeHit(text, { title: null }) });
    const headingsOf = (word: string): readonly string[] =>
      sentences
        .find((sentence) => sentence.text.includes(word))
        ?.headings.split("\n")
        .filter((heading) => heading !== "") ?? [];
    expect(headingsOf("Open")).toEqual(["Canal", "Gates"]);
    expect(headingsOf("Shut")).toEqual(["Canal", "Gates", "North"]);
    expect(headingsOf("Old")).toEqual(["Canal", "Locks", "| Name |"]);
  });
});

describe("a sentence that only points at another page", () => {
  it("stands behind one that says something, however long it is", () => {
    const text =
      "See [the locks](locks.md) for an overview of how to open the gate of a lock.\n\nThe keeper opens each gate by hand.";
    const question = "How do I open the gate of a lock?";
    const [best] = scoreSentences(sentencesOf({ marker: 1, hit: makeHit(text) }), { question });
    expect(best?.sentence.text).toBe("The keeper opens each gate by hand.");
  });
});

describe("a list's item", () => {
  it("goes on below its words, however deep the list is indented", () => {
    expect(kindsOf("- Gates\n  * `north`: opens for boats,\n    rafts and ships\n  * `south`: is shut.")).toEqual([
      "list: Gates",
      "list: `north`: opens for boats,\n    rafts and ships",
      "list: `south`: is shut.",
    ]);
  });

  it("ends where its sentence does", () => {
    expect(kindsOf("- It opens.\n  Boats pass.")).toEqual(["list: It opens.", "prose: Boats pass."]);
  });
});

describe("the target of a link", () => {
  it("is no sentence, unless addresses are asked for", () => {
    const hit = makeHit("The [gate] is old.\n\n[gate]: /gates.html");
    const textsOf = (keepLinks: boolean): readonly string[] =>
      sentencesOf({ marker: 1, hit }, { keepLinks }).map(({ text }) => text);
    expect(textsOf(false)).toEqual(["The [gate] is old."]);
    expect(textsOf(true)).toContain("[gate]: /gates.html");
  });
});

describe("what says nothing by itself", () => {
  const best = (question: string, text: string): string | undefined =>
    scoreSentences(sentencesOf({ marker: 1, hit: makeHit(text) }), { question })[0]?.sentence.text;

  it("stands behind its own answer where it is a question", () => {
    const text = "Why is the gate of the lock painted red?\n\nRed can be seen from far away.\n\nBoats pass at noon.";
    expect(best("Why is the gate of the lock painted red?", text)).toBe("Red can be seen from far away.");
  });

  it("stands behind a sentence where it is a name alone", () => {
    expect(best("What does openGate do?", "`openGate`\n\nCalls of openGate lift the gate.")).toBe(
      "Calls of openGate lift the gate.",
    );
  });
});
