import { describe, expect, it } from "vitest";
import { sentencesOf } from "../../../src/agents/extractive/passage-sentences.ts";
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
      "prose: Gates",
      "heading: ~~~~~",
      "prose: The gate opens.",
      "prose: Locks",
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
