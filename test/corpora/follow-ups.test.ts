import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { HANDBOOK, readPage } from "./read-corpus.ts";

interface FollowUpLine {
  readonly id: string;
  readonly conversation: readonly string[];
  readonly question: string;
  readonly references: readonly { readonly source: string; readonly text: string }[];
}

const lines = readFileSync(join(HANDBOOK, "follow-ups.jsonl"), "utf8").trimEnd().split("\n");
const followUps = lines.map((line): FollowUpLine => JSON.parse(line));

describe("the handbook's follow-up questions", () => {
  it("have ids of their own and something before them", () => {
    expect(new Set(followUps.map(({ id }) => id)).size).toBe(followUps.length);
    expect(followUps.filter(({ conversation }) => conversation.length === 0)).toEqual([]);
  });

  it("refer to passages that stand once in their page", () => {
    const wrong = followUps.filter(({ references }) =>
      references.some(({ source, text }) => readPage(HANDBOOK, source).split(text).length !== 2),
    );
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });
});
