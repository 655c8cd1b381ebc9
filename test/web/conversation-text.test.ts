import { describe, expect, it } from "vitest";
import { conversationFileName, conversationText } from "../../src/web/conversation-text.ts";
import { fakeAnswer } from "../server/fake-use-cases.ts";

describe("a conversation as a file", () => {
  it("keeps a pasted question on the line of its heading", () => {
    expect(conversationText([fakeAnswer("Why\n\ndoes this fail?")])).toMatch(/^## Why does this fail\?\n\nRun/);
  });

  it("is named after the first question, or after nothing that a file may not be called", () => {
    expect(conversationFileName([fakeAnswer("Was heißt „fällig“?")])).toBe("Was-heisst-fallig.md");
    expect(conversationFileName([fakeAnswer("../..")])).toBe("conversation.md");
    expect(conversationFileName([fakeAnswer("דמי השכירות")])).toBe("conversation.md");
    expect(conversationFileName([fakeAnswer("word ".repeat(100))]).length).toBeLessThan(70);
  });
});
