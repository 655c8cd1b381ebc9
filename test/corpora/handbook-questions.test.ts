import { describe, expect, it } from "vitest";
import { HANDBOOK, readPages, readQuestions } from "./read-corpus.ts";

const pages = new Map(readPages(HANDBOOK).map(({ source, text }) => [source, text]));
const questions = readQuestions(HANDBOOK);

describe("the handbook's questions", () => {
  it("are many, and some of them have no answer", () => {
    expect(questions.length).toBeGreaterThanOrEqual(40);
    expect(questions.filter(({ unanswerable }) => unanswerable === true).length).toBeGreaterThanOrEqual(8);
  });

  it("have ids and wordings of their own", () => {
    expect(new Set(questions.map(({ id }) => id)).size).toBe(questions.length);
    expect(new Set(questions.map(({ question }) => question.trim().toLowerCase())).size).toBe(questions.length);
  });

  it("have references exactly when they can be answered", () => {
    const wrong = questions.filter(
      ({ unanswerable, references }) => (references.length === 0) !== (unanswerable === true),
    );
    expect(wrong).toEqual([]);
  });

  it("refer to passages that stand once in their page", () => {
    const counts = questions.flatMap(({ id, references }) =>
      references.map(({ source, text }) => ({ id, source, times: (pages.get(source) ?? "").split(text).length - 1 })),
    );
    expect(counts.filter(({ times }) => times !== 1)).toEqual([]);
  });

  it("ask about every page", () => {
    const asked = new Set(questions.flatMap(({ references }) => references.map(({ source }) => source)));
    expect([...pages.keys()].filter((source) => !asked.has(source))).toEqual([]);
  });
});
