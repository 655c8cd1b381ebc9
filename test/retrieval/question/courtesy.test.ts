import { describe, expect, it } from "vitest";
import { interpretQuestion } from "../../../src/retrieval/question/interpret-question.ts";
import { asksForIntroduction, isSmallTalk, withoutCourtesy } from "../../../src/retrieval/question/courtesy.ts";

describe("withoutCourtesy", () => {
  it.each([
    ["Please tell me how to open the gate", "how to open the gate"],
    ["Hi, could you please explain what a sluice is? Thanks!", "what a sluice is"],
    ["Dear clerk, could you be so kind and tell me when it opens? Thanks a lot", "when it opens"],
    ["hello there! how do I open the gate?", "how do I open the gate?"],
    ["I'd like to know where the boats are kept", "where the boats are kept"],
    ["I want to open the gate", "how to open the gate"],
    ["We are trying to open the gate", "how to open the gate"],
    ["can you help me open the gate", "how to open the gate"],
    ["Does anybody know if the gate is open?", "the gate is open?"],
    ["I was wondering whether the gate is open", "the gate is open"],
    ["any idea why the gate is shut", "why the gate is shut"],
    ["I don't know how to open the gate", "how to open the gate"],
    ["I can't figure out why the gate is shut", "why the gate is shut"],
    ["I am not sure when it opens", "when it opens"],
    ["We forgot where the gate is", "where the gate is"],
    ["Can you remind me again, what is a sluice?", "what is a sluice?"],
    ["A customer asked me whether the gate is open", "the gate is open"],
    ["My boss wants to know how the gate opens", "how the gate opens"],
    ["Just wondering: is the gate open?", "is the gate open?"],
    ["Urgent: where is the key?", "where is the key?"],
    ["According to the documents, when does it open?", "when does it open?"],
    ["Quick question: where is the gate?", "where is the gate?"],
    ["How do I open the gate please", "How do I open the gate"],
    ["How do I open the gate? Thank you very much", "How do I open the gate"],
    ["Show me more about the gate", "the gate"],
    ["Describe how the gate is made", "how the gate is made"],
  ])("makes %j to %j", (question, expected) => {
    expect(withoutCourtesy(question)).toBe(expected);
  });

  it.each([
    "Can you open the gate?",
    "What does please mean?",
    "explain plan of the query",
    "Could the gate tell me something?",
    "Well water and sluices",
    "Help menu of the gate",
    "Do you know-how?",
    "Please",
    "Thanks!",
    "What is the question?",
    "Who wants to know the way?",
    "How can I see the gate?",
    "Can I use it?",
    "I can't find the key",
    "According to the charter, who opens it?",
    "Our customers asked for a gate",
    "Urgent repairs of the gate",
    "Remind the miller of the toll",
  ])("leaves %j as it is", (question) => {
    expect(withoutCourtesy(question)).toBe(question);
  });

  it("decides what is searched for, unless nothing is to be read in a question", async () => {
    const options = { queries: [], conversation: [], readNames: async () => [] };
    const asked = "Please tell me how to open the gate";
    const queriesOf = async (interpret: boolean) =>
      (await interpretQuestion(asked, { ...options, interpret })).queries.map(({ query }) => query);
    expect(await queriesOf(true)).toEqual(["how to open the gate"]);
    expect(await queriesOf(false)).toEqual([asked]);
  });
});

describe("isSmallTalk", () => {
  it.each([
    "hello",
    "Hi there!",
    "Thanks a lot :)",
    "ok, thank you!",
    "Good morning, how are you?",
    "Guten Tag",
    "Danke!",
    "bye",
  ])("says so of %j", (text) => expect(isSmallTalk(text)).toBe(true));

  it.each([
    "hello world program",
    "Thanks to whom was it built?",
    "hi-res images",
    "okay button",
    "Hi, when does it open?",
    "",
    "lift",
  ])("does not say so of %j", (text) => expect(isSmallTalk(text)).toBe(false));
});

describe("asksForIntroduction", () => {
  it.each([
    "hi there",
    "Thanks!",
    "help",
    "What can you do?",
    "Hi, who are you?",
    "What's in this collection?",
    "what can I ask you here",
    "Which documents do you have?",
    "show me all documents",
    "Can you tell me what documents are there?",
    "Welche Dokumente gibt es?",
  ])("says so of %j, whatever was said before", (text) => {
    expect(asksForIntroduction(text, { isFirst: true })).toBe(true);
    expect(asksForIntroduction(text, { isFirst: false })).toBe(true);
  });

  it.each(["What is this?", "what's this about", "How does this work?", "What is in here?"])(
    "says so of %j where nothing was said before",
    (text) => {
      expect(asksForIntroduction(text, { isFirst: true })).toBe(true);
      expect(asksForIntroduction(text, { isFirst: false })).toBe(false);
    },
  );

  it.each([
    "What is the service for?",
    "How does it work?",
    "What can you do about moths?",
    "Which documents do I need for the visa?",
    "What is this parameter for?",
    "Which files are ignored?",
    "help with the boiler",
    "Who are you insured with?",
  ])("does not say so of %j", (text) => expect(asksForIntroduction(text, { isFirst: true })).toBe(false));
});
