import { describe, expect, it } from "vitest";
import { questionParts } from "../../../src/retrieval/question/question-parts.ts";

const textsOf = (question: string): readonly string[] | null =>
  questionParts(question)?.map(({ text }) => text) ?? null;

describe("questionParts", () => {
  it("parts questions that follow each other, which count more than clauses of one", () => {
    expect(questionParts("How large may an upload be? Which chunker is the default?")).toEqual([
      { text: "How large may an upload be?", weight: 0.95 },
      { text: "Which chunker is the default?", weight: 0.95 },
    ]);
    expect(questionParts("How large may an upload be, and which chunker is the default?")).toEqual([
      { text: "How large may an upload be", weight: 0.75 },
      { text: "which chunker is the default?", weight: 0.75 },
    ]);
  });

  it.each([
    "How do I back up and restore the store?",
    "What is Qdrant and how do I back it up?",
    "Who composed the music, and when did he die?",
    "Which stores are there? What is their limit?",
    "Can it read PDF files? Thanks.",
    "In June 1884, where did Tesla relocate?",
  ])("keeps together what is one question, or leans on itself: %s", (question) => {
    expect(textsOf(question)).toBeNull();
  });

  it("takes a long list of questions for a text", () => {
    expect(textsOf("Who painted the harbour mural? ".repeat(6))).toBeNull();
  });
});
