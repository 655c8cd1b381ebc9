import { describe, expect, it } from "vitest";
import { createGptTokenCounter } from "../../src/tokens/gpt-token-counter.ts";

describe("createGptTokenCounter", () => {
  const counter = createGptTokenCounter();
  const count = (text: string): number => counter.count(text);

  it("counts with the newest encoding unless the model has an older one", () => {
    expect(counter.encoding).toBe("o200k_base");
    expect(createGptTokenCounter({ model: "gpt-4o-mini" }).encoding).toBe("o200k_base");
    expect(createGptTokenCounter({ model: "gpt-4.1" }).encoding).toBe("o200k_base");
    expect(createGptTokenCounter({ model: "qwen3:8b" }).encoding).toBe("o200k_base");
    expect(createGptTokenCounter({ model: "gpt-4" }).encoding).toBe("cl100k_base");
    expect(createGptTokenCounter({ model: "openai/gpt-4-turbo" }).encoding).toBe("cl100k_base");
    expect(createGptTokenCounter({ model: "gpt-3.5-turbo" }).encoding).toBe("cl100k_base");
  });

  it("counts known texts", () => {
    expect(count("")).toBe(0);
    expect(count("hello world")).toBe(2);
    expect(createGptTokenCounter({ model: "gpt-4" }).count("hello world")).toBe(2);
  });

  it("counts text that spells a control token as plain text", () => {
    expect(count("a<|endoftext|>b")).toBeGreaterThan(3);
  });

  it("counts long text as the sum of its parts", () => {
    const sentence = "The quick brown fox jumps over the lazy dog. ";
    expect(count(sentence.repeat(2000))).toBeGreaterThanOrEqual(2000 * (count(sentence) - 1));
  });

  it.each([
    ["letters", "a", 100_000],
    ["spaces", " ", 100_000],
    ["ideographs", "字", 50_000],
    ["emoji", "🐈", 20_000],
  ])("counts one giant run of %s, nearly as if it were not cut", (_, character, length) => {
    const tokens = count(character.repeat(length));
    const expected = (count(character.repeat(512)) / 512) * length;
    expect(tokens).toBeGreaterThan(expected * 0.9);
    expect(tokens).toBeLessThan(expected * 1.1);
  });

  it("cuts overlong runs only: text around them counts as ever", () => {
    const around = "some ordinary words here ";
    const run = "ab".repeat(400);
    expect(count(around + run)).toBeLessThanOrEqual(
      count(around) + count(run.slice(0, 512)) + count(run.slice(512)) + 2,
    );
  });
});
