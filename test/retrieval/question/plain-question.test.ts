import { describe, expect, it } from "vitest";
import { plainQuestion } from "../../../src/retrieval/question/plain-question.ts";

describe("plainQuestion", () => {
  it.each([
    ["What is meant by sluice?", "what is sluice?"],
    ["What do you mean by a sluice gate?", "what is a sluice gate?"],
    ['What does the charter mean by "flood"?', 'what is "flood"?'],
    ["What's the meaning of sluice?", "what is sluice?"],
    ["Please give me the exact definition of a sluice.", "what is a sluice?"],
    ["Definition of sluice gate", "what is sluice gate?"],
    ["How is a sluice defined?", "what is a sluice?"],
    ["How does the charter define a flood?", "what is a flood?"],
    ["what exactly is a sluice", "what is a sluice?"],
    ["So what is a sluice, exactly?", "what is a sluice?"],
    ["What does the term sluice mean?", "What does sluice mean?"],
    ["What is the best way to open the gate?", "how to open the gate?"],
    ["Is there a way to open the gate?", "how to open the gate?"],
    ["Is it possible to open the gate?", "can I open the gate?"],
    ["Am I able to open the gate?", "can I open the gate?"],
    ["What is the reason that the gate is shut?", "why the gate is shut?"],
    ["How come the gate is shut?", "why the gate is shut?"],
  ])("makes %j to %j", (question, plain) => {
    expect(plainQuestion(question)).toBe(plain);
  });

  it.each([
    "How is the toll defined and who pays it?",
    "What exactly happens when the gate is shut?",
    "What does the definition file hold?",
    "What terms mean the same?",
    "How do I define a gate?",
    "What is the best gate?",
    "Which way to the gate?",
    "Is it possible that the gate opens?",
    "What is the reason for the toll?",
    "What counts as a flood?",
  ])("leaves %j as it is", (question) => {
    expect(plainQuestion(question)).toBe(question);
  });
});
