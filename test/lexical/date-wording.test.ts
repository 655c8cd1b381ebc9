import { describe, expect, it } from "vitest";
import { otherDateWording } from "../../src/lexical/date-wording.ts";
import { interpretQuestion } from "../../src/retrieval/question/interpret-question.ts";

describe("otherDateWording", () => {
  it.each([
    ["What happened on 14 June 2025?", "What happened on 2025-06-14?"],
    ["What happened on the 3rd of May 2011?", "What happened on the 2011-05-03?"],
    ["Who met on June 14th, 2025?", "Who met on 2025-06-14?"],
    ["Was war am 1. März 2020 los?", "Was war am 2020-03-01 los?"],
    ["¿Qué pasó el 14 de junio de 2025?", "¿Qué pasó el 2025-06-14?"],
    ["Who was there in May 2011?", "Who was there in 2011-05?"],
    ["What happened on 2025-06-14?", "What happened on 14 June 2025?"],
    ["Was war am 1.3.2020 los?", "Was war am 1 March 2020 los?"],
    ["decisions of 2011-05", "decisions of May 2011"],
  ])("makes %j to %j", (question, expected) => {
    expect(otherDateWording(question)).toBe(expected);
  });

  it.each([
    "What may I do in 2025?",
    "Who won in 2011?",
    "Which version is 1.2.3?",
    "What is in section 12.5.2019.4?",
    "Call 2025-06-141",
    "What happened on 6/14/2025?",
    "marching 2020 soldiers",
  ])("finds no date in %j", (question) => {
    expect(otherDateWording(question)).toBeNull();
  });

  it("is searched for beside the question", async () => {
    const options = { interpret: true, queries: [], conversation: [], readNames: async () => [] };
    const { queries, fusion } = await interpretQuestion("Who met on 14 June 2025?", options);
    expect(queries.map(({ query, reason }) => [query, reason])).toEqual([
      ["Who met on 14 June 2025?", "asked"],
      ["Who met on 2025-06-14?", "date"],
    ]);
    expect(fusion).toBe("best");
  });
});
