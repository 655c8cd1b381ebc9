import { describe, expect, it } from "vitest";
import { leaningOf, makeStandalone } from "../../../src/retrieval/question/standalone-question.ts";

const CERTIFICATE = { question: "How do I renew a certificate?", answer: "Run `renew` on Linux." };

describe("leaningOf", () => {
  it.each([
    "And on Windows?",
    "How do I change it?",
    "what about the second one",
    "Why?",
    "Is that safe?",
    "Do they have roles?",
    "What is the fee?",
    "any other ways",
    "filing fee",
    "thanks, how long does it last",
  ])("sees that a question leans on others: %s", (question) => {
    expect(leaningOf(question)).not.toBeNull();
  });

  it.each([
    "How do I renew a certificate?",
    "If the server stops working, does it lose data?",
    "Does citewell have telemetry?",
    "Why did the ingestion refuse to delete documents?",
    "npm ci shows EBADENGINE, is that a problem?",
    "What happens if the first model in my list is down?",
    "Can a chat program or another MCP client connect?",
    "Which file formats can be read by the loader?",
    "What did Mitsubishi rename its Forte to?",
    "Is there a limit on the size of an upload?",
  ])("sees that a question stands alone: %s", (question) => {
    expect(leaningOf(question)).toBeNull();
  });
});

describe("makeStandalone", () => {
  it("puts the question before in front, and for the search the answer's beginning too", () => {
    expect(makeStandalone("And on Windows?", [CERTIFICATE])).toEqual({
      text: "How do I renew a certificate? And on Windows?",
      search: "Run `renew` on Linux. How do I renew a certificate? And on Windows?",
      by: "rules",
      why: "it begins as a continuation",
      mayStandAlone: false,
    });
  });

  it("leaves it to the search whether a short sentence stands alone that points at nothing", () => {
    const mayStandAlone = (question: string): boolean | undefined =>
      makeStandalone(question, [CERTIFICATE])?.mayStandAlone;
    expect(mayStandAlone("What is the price?")).toBe(true);
    expect(["Since when?", "What is its price?", "And the price?"].map(mayStandAlone)).toEqual([false, false, false]);
  });

  it("goes back two questions where the last one leaned as well, and no further", () => {
    const turns = [
      { question: "Who wrote the manual?", answer: null },
      CERTIFICATE,
      { question: "And on Windows?", answer: null },
    ];
    expect(makeStandalone("How long does it last?", turns)?.text).toBe(
      "How do I renew a certificate? And on Windows? How long does it last?",
    );
  });

  it("takes a greeting or thanks for no part of what was said", () => {
    expect(makeStandalone("Thanks!", [CERTIFICATE])).toBeNull();
    const thanks = { question: "Thanks!", answer: null };
    expect(makeStandalone("And on Windows?", [CERTIFICATE, thanks])?.text).toBe(
      "How do I renew a certificate? And on Windows?",
    );
  });

  it("passes over the same question asked before", () => {
    const again = { question: "and on windows", answer: "Nothing was found." };
    expect(makeStandalone("And on Windows?", [CERTIFICATE, again, again])?.text).toBe(
      "How do I renew a certificate? And on Windows?",
    );
    expect(makeStandalone("And on Windows?", [again])).toBeNull();
  });

  it("leaves alone what stands alone, and what begins a conversation", () => {
    expect(makeStandalone("Which file formats can be read?", [CERTIFICATE])).toBeNull();
    expect(makeStandalone("And on Windows?", [])).toBeNull();
  });
});
