import { describe, expect, it } from "vitest";
import { questionInMessage } from "../../../src/retrieval/question/question-in-message.ts";

describe("questionInMessage", () => {
  it.each([
    ["We are a small club. How do we pay the toll?", "How do we pay the toll?"],
    ["How do we pay the toll? We tried it yesterday.", "How do we pay the toll?"],
    ["Hello, I have an old boat. Is the north gate open? Best regards, Anna", "Is the north gate open?"],
    ["We are new. Where is the gate? It rains. Who has the key of it?", "Where is the gate? Who has the key of it?"],
    ["We are a club of twelve; how do we pay the toll?", "how do we pay the toll?"],
    ["I have a boat with two masts, can I use the north gate?", "can I use the north gate?"],
    ["The gate is shut since Monday - who has the key of that gate?", "who has the key of that gate?"],
    ["The mill's gate is stuck, what has to be oiled at the hinges?", "what has to be oiled at the hinges?"],
    ["the boat is old, it is wet. what does the toll cost", "what does the toll cost"],
  ])("finds in %j %j", (message, question) => {
    expect(questionInMessage(message)).toBe(question);
  });

  it.each([
    "How do we pay the toll?",
    "How do we pay the toll? Who opens the gate?",
    "The gate is shut. The toll is paid.",
    // Nothing else is told.
    "How do we pay the toll? Thank you.",
    // Alone it says too little.
    "The gate of the mill is shut. What does that mean?",
    "If the gate is shut, how do we pay the toll?",
    "When we have paid the toll, who opens the north gate?",
    "In the winter, how do we pay the toll?",
    "On a boat that is old, is there a toll to pay?",
    "How do we pay the toll, is there a desk for it?",
    "Can we pay the toll at night, and who opens the gate?",
    "What I need is a gate. It should be old.",
    "How do we pay the toll? ".padEnd(1_100, "The gate is shut. "),
  ])("takes %j for what it is", (text) => {
    expect(questionInMessage(text)).toBeNull();
  });
});
