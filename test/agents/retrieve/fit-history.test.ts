import { describe, expect, it } from "vitest";
import { fitHistory } from "../../../src/agents/retrieve/fit-history.ts";
import type { ChatMessage } from "../../../src/domain/message.ts";

const asked = (content: string): ChatMessage => ({ role: "user", content });
const answered = (content: string): ChatMessage => ({ role: "assistant", content });

describe("fitHistory", () => {
  it("leaves a history alone that takes half of the budget", () => {
    const history = [asked("a".repeat(150)), answered("b".repeat(150))];
    expect(fitHistory(history, 200)).toEqual(history);
  });

  it("drops the oldest messages, and an answer whose question is gone", () => {
    const history = [asked("old"), answered("c".repeat(150)), asked("a".repeat(150)), answered("b".repeat(150))];
    expect(fitHistory(history, 201)).toEqual(history.slice(2));
    expect(fitHistory(history, 300)).toEqual(history.slice(2));
    expect(fitHistory(history, 320)).toEqual(history);
  });

  it("keeps the beginning of the last question and of its answer, however long they are", () => {
    const kept = fitHistory([asked(`who ${"a".repeat(90_000)}`), answered(`she ${"b".repeat(90_000)}`)], 400);
    expect(kept.map(({ content }) => content.slice(0, 4))).toEqual(["who ", "she "]);
    expect(kept.map(({ content }) => content)).toEqual([
      expect.stringMatching(/\[about \d+ tokens left out\]$/),
      expect.stringMatching(/\[about \d+ tokens left out\]$/),
    ]);
    expect(kept.reduce((sum, { content }) => sum + Math.ceil(content.length / 3), 0)).toBeLessThanOrEqual(200);
  });

  it("gives nothing where there is no room", () => {
    expect(fitHistory([asked("who"), answered("she")], 0)).toEqual([]);
    expect(fitHistory([asked("who"), answered("she")], -5)).toEqual([]);
  });
});
