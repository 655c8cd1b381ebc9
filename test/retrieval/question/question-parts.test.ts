import { describe, expect, it } from "vitest";
import { questionParts, statementsOf } from "../../../src/retrieval/question/question-parts.ts";

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

describe("statementsOf", () => {
  it("parts a long sentence where it goes on to the next thing", () => {
    const question =
      "Which harbour company, whose crane fell into the northern basin last winter according to the Gull, is also the owner of the steam ferry that the island council wants to replace, while its former director sold shares to the fishing fleet?";
    expect(statementsOf(question)).toEqual([
      {
        text: "Which harbour company, whose crane fell into the northern basin last winter according to the Gull",
        weight: 0.85,
      },
      {
        text: "is also the owner of the steam ferry that the island council wants to replace",
        weight: 0.85,
      },
      { text: "its former director sold shares to the fishing fleet?", weight: 0.85 },
    ]);
  });

  it("lets a statement of a few words go with the whole", () => {
    const question =
      "Does the Gull's article on the northern basin blame the crane company for last winter's accident, while the Herald's report on the island ferry praises its careful captain, and is it true?";
    expect(statementsOf(question)?.map(({ text }) => text)).toEqual([
      "Does the Gull's article on the northern basin blame the crane company for last winter's accident",
      "the Herald's report on the island ferry praises its careful captain",
    ]);
  });

  it.each([
    "Who repaired the crane, and is it true that the ferry is late?",
    "Which of the cranes in the northern basin that the harbour company bought second hand from a shipyard abroad needs new cables, bearings, paint or brakes?",
    "The crane in the northern basin fell over last winter, and the ferry has been late ever since that day. Which company owns the crane, and is the ferry insured?",
  ])("keeps a short question, one statement and a text of several sentences whole: %s", (question) => {
    expect(statementsOf(question)).toBeNull();
  });

  it("takes a sentence of very many statements for a text", () => {
    const one = "and the harbour company painted its old northern crane green again";
    expect(statementsOf(`Who says so, ${Array.from({ length: 6 }, () => one).join(", ")}?`)).toBeNull();
  });
});
