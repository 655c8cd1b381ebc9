import { describe, expect, it } from "vitest";
import { answerCues } from "../../src/agents/answer-type.ts";
import { chooseSentences } from "../../src/agents/choose-sentences.ts";
import { opposition } from "../../src/agents/opposition.ts";
import { sentencesOf } from "../../src/agents/passage-sentences.ts";
import { scoreSentences } from "../../src/agents/score-sentences.ts";
import { makeHit } from "./made-up-corpus.ts";

const rank = (question: string, text: string): readonly string[] =>
  scoreSentences(sentencesOf({ marker: 1, hit: makeHit(text) }), { question }).map(({ sentence }) => sentence.text);

describe("answerCues", () => {
  it.each([
    ["When was the mill built?", "It opened in 1890.", "It opened late."],
    ["When was the 1890 mill closed?", "It closed in 1931.", "The mill of 1890 closed."],
    ["How many sails has it?", "It has four sails.", "It has sails."],
    ["Where does it stand?", "It stands near Lindmouth.", "It stands."],
    ["Why is the door shut?", "It is shut because of the wind.", "It is shut."],
    ["What is a sluice?", "A sluice is a gate for water.", "Sluices open at noon."],
    ["How do I open the gate?", "To open it, turn the wheel.", "The gate was opened."],
  ])("knows for %j that %j answers better than %j", (question, better, worse) => {
    const weigh = (sentence: string): number =>
      answerCues(question).reduce((sum, { weight, holds }) => sum + (holds(sentence) ? weight : 0), 0);
    expect(weigh(better)).toBeGreaterThan(weigh(worse));
  });

  it("takes a clause for no question", () => {
    expect(answerCues("What happens when a file is deleted?")).toEqual([]);
    expect(answerCues("Does it keep the folder where I put it?")).toEqual([]);
  });
});

describe("opposition", () => {
  it("finds a sentence that tells how to get what is to be kept away", () => {
    const opposes = opposition("How do I keep passwords out of the archive?");
    expect(opposes("`--keep-all` keeps passwords in the archive instead of blotting them out.")).toBeGreaterThan(0);
    expect(opposes("Passwords are left out of the archive.")).toBeLessThan(0);
    expect(opposes("Passwords are short.")).toBe(0);
    expect(opposition("How do I keep passwords?")("`--keep-all` keeps passwords.")).toBe(0);
  });

  it("finds a sentence about another number of the same thing", () => {
    const opposes = opposition("What does exit code 3 mean?");
    expect(opposes("Exit code 4 means out of reach.")).toBeGreaterThan(0);
    expect(opposes("Exit code 3 means partly failed.")).toBe(0);
    expect(opposes("Some files failed.")).toBe(0);
  });
});

describe("scoreSentences", () => {
  it("puts what keeps secrets out before what lets them in", () => {
    const [first] = rank(
      "How do I keep secrets out of the index?",
      "To keep secrets in the index, give `--allow-secrets`. Secrets are left out of the index by themselves.",
    );
    expect(first).toBe("Secrets are left out of the index by themselves.");
  });

  it("puts a pointer to another page last", () => {
    const text = "See [ingesting](ingesting.md). Ingesting reads every file once.";
    expect(rank("What does ingesting do?", text)[0]).toBe("Ingesting reads every file once.");
  });

  it("gives a sentence the words of the one before it", () => {
    const [first] = rank(
      "When was the lighthouse of Lindmouth built?",
      [
        "The lighthouse of Lindmouth is white. It was built in 1874.",
        "Boats are built here. They were new in 1874.",
      ].join("\n\n"),
    );
    expect(first).toBe("It was built in 1874.");
  });
});

describe("chooseSentences", () => {
  it("prefers what adds something to what repeats the best", () => {
    const text =
      "The tide turns twice a day. The tide turns twice each day here. A tide turns for six hours before it rests.";
    const ranked = scoreSentences(sentencesOf({ marker: 1, hit: makeHit(text) }), {
      question: "When does the tide turn?",
    });
    const chosen = chooseSentences(ranked, { limit: 2 }).map(({ sentence }) => sentence.text);
    expect(chosen).toHaveLength(2);
    expect(chosen[1]).toBe("A tide turns for six hours before it rests.");
    expect(chooseSentences([], { limit: 3 })).toEqual([]);
  });
});

describe("sentencesOf", () => {
  const cut = (text: string): readonly (readonly [string, string])[] =>
    sentencesOf({ marker: 1, hit: makeHit(text) }).map(({ kind, text: sentence }) => [kind, sentence]);

  it("keeps inline code and ellipses whole", () => {
    expect(cut("Run `tool one … --watch` again. It goes on … and ends.")).toEqual([
      ["prose", "Run `tool one … --watch` again."],
      ["prose", "It goes on … and ends."],
    ]);
  });

  it("knows a passage that begins within code", () => {
    expect(cut("run();\n```\n\nThis is prose.")).toEqual([
      ["code", "run();"],
      ["fence", "```"],
      ["prose", "This is prose."],
    ]);
  });

  it("takes the head of a table for a heading", () => {
    expect(cut("| name | size |\n|---|---|\n| sail | 4 |").map(([kind]) => kind)).toEqual([
      "heading",
      "heading",
      "table",
    ]);
  });
});
