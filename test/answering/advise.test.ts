import { describe, expect, it } from "vitest";
import { adviceOn } from "../../src/answering/advise.ts";

describe("adviceOn", () => {
  it.each([
    "Summarise the lease",
    "How many contracts are there?",
    "Compare the two",
    "Fasse die Mail zusammen",
    "Translate it",
  ])("says of %j that it may need a language model, where there is none", (question) => {
    expect(adviceOn({ question, status: "insufficient", model: "extractive" })).toEqual([
      expect.stringMatching(/^This may need a language model.*OPENAI_API_KEY/),
    ]);
    expect(adviceOn({ question, status: "insufficient", model: "gpt" })).toEqual([]);
  });

  it("says nothing where there is an answer, or nothing to say", () => {
    expect(adviceOn({ question: "How many gates are there?", status: "answered", model: "extractive" })).toEqual([]);
    expect(adviceOn({ question: "When does it open?", status: "insufficient", model: "extractive" })).toEqual([]);
  });
});
