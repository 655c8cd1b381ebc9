import type { EvalQuestion } from "../../src/evaluation/eval-question.ts";

/** A question without labels of any kind. */
export const QUESTION: EvalQuestion = {
  id: "q",
  question: "How?",
  kind: "passages",
  unanswerable: false,
  references: [],
  answers: [],
  must: [],
  facts: [],
};
