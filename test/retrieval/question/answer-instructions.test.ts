import { describe, expect, it } from "vitest";
import { withoutInstructions } from "../../../src/retrieval/question/answer-instructions.ts";

const QUESTION = "How long is the canal?";

describe("withoutInstructions", () => {
  it.each([
    `Please answer the following question: ${QUESTION}`,
    `Question: ${QUESTION}`,
    `Q: ${QUESTION}`,
    `Answer this question based on the documents: ${QUESTION}`,
    `Using the provided context, answer the question.\n\nQuestion: ${QUESTION}\nAnswer:`,
    `You are a helpful assistant. Use only the provided documents. If you do not know the answer, say so.\n\n${QUESTION}`,
    `${QUESTION} Answer in one sentence.`,
    `${QUESTION} Please answer briefly and cite your sources.`,
    `${QUESTION} Explain step by step.`,
    `${QUESTION} Don't make anything up. Keep it short.`,
    `${QUESTION} Return only JSON.`,
  ])("leaves out what only says how to answer: %s", (text) => {
    expect(withoutInstructions(text)).toBe(QUESTION);
  });

  it("leaves them out beside words that are no sentence, and beside an order", () => {
    expect(withoutInstructions("length of the canal\nAnswer in two sentences.")).toBe("length of the canal");
    expect(withoutInstructions("Describe the canal. Be brief.")).toBe("Describe the canal.");
    expect(withoutInstructions("Question: why are the answers so short")).toBe("why are the answers so short");
  });

  it.each([
    "How does it cite its sources?",
    "Cite the sources of an answer",
    "You are an expert in canals. How long is it?",
    "We have a wiki. Explain the format.",
    "Which question does the canal leave: how long, or how deep?",
    "Answer in one sentence.",
    "Why is the answer so short? Is it the context?",
  ])("keeps what says something, or is all there is: %s", (text) => {
    expect(withoutInstructions(text)).toBe(text);
  });

  it("keeps a long text as it is", () => {
    const text = `${QUESTION} ${"Answer in one sentence. ".repeat(50)}`;
    expect(withoutInstructions(text)).toBe(text);
  });
});
