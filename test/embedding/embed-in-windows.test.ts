import { afterAll, describe, expect, it } from "vitest";
import { cutIntoPieces, cutToTokens } from "../../src/embedding/cut-to-tokens.ts";
import { embedInWindows, windowsOf } from "../../src/embedding/embed-in-windows.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { openEmbedder } from "../../src/embedding/open-embedder.ts";
import { similarity } from "./embedder.contract.ts";

const bundled = await openEmbedder({ cacheFolder: "unused", workers: 1 });
afterAll(() => bundled.close());

const EMBEDDERS = [
  ["hashing", createHashingEmbedder({ maxTokens: 32 })],
  ["the bundled model", bundled],
] as const;

const ODD_TEXTS: readonly (readonly [string, string])[] = [
  ["nothing", ""],
  ["white space only", " \n\t "],
  ["a short text", "Just a few words."],
  ["10,000 letters without a break", "a".repeat(10_000)],
  [
    "random letters without a break",
    Array.from({ length: 3000 }, (_, i) => String.fromCharCode(97 + ((i * i) % 26))).join(""),
  ],
  ["emoji without a break", "🐈‍⬛🎉👩‍👩‍👧".repeat(400)],
  ["one surrogate pair after another", `x${"𝒳".repeat(3000)}`],
  ["Chinese", "北京是中华人民共和国的首都。".repeat(120)],
  ["Thai", "ภาษาไทยไม่มีช่องว่างระหว่างคำ".repeat(60)],
  ["punctuation without a break", "{}[];,".repeat(800)],
  ["long prose with CRLF", "A sentence of some words.\r\n".repeat(400)],
  ["long code", "const value = compute(first, second);\n".repeat(200)],
];

describe.each(EMBEDDERS)("windowsOf with %s", (_, embedder) => {
  const room = embedder.maxTokens - (embedder.reservedTokens ?? 2);
  const letters = (text: string): string => text.replace(/\s+/gu, "");

  it.each(ODD_TEXTS)("cuts %s into windows that fit and lose nothing", (_name, text) => {
    const windows = windowsOf(text, { embedder });
    expect(windows.length).toBeGreaterThan(0);
    for (const window of windows) {
      expect(embedder.countTokens(window)).toBeLessThanOrEqual(room);
      expect(window.isWellFormed()).toBe(true);
    }
    expect(letters(windows.join(""))).toBe(letters(text));
  });

  it.each(ODD_TEXTS)("puts the prefix in front of every window of %s", (_name, text) => {
    for (const window of windowsOf(text, { embedder, prefix: "Title" })) {
      expect(window.startsWith("Title\n")).toBe(true);
      expect(embedder.countTokens(window)).toBeLessThanOrEqual(room);
    }
  });

  it("cuts a prefix that is longer than a third of the window", () => {
    const prefix = "very long title ".repeat(300);
    const [window = "", ...others] = windowsOf("The text itself.", { embedder, prefix });
    expect(others).toEqual([]);
    expect(window.endsWith("The text itself.")).toBe(true);
    expect(embedder.countTokens(window)).toBeLessThanOrEqual(room / 3 + 8);
  });

  it("leaves a text that fits as it is, and makes the windows of a longer one about equal", () => {
    expect(windowsOf("Just a few\n words.", { embedder })).toEqual(["Just a few\n words."]);
    const sizes = windowsOf("word ".repeat(Math.ceil(room * 1.1)), { embedder }).map((part) =>
      embedder.countTokens(part),
    );
    expect(sizes).toHaveLength(2);
    expect(Math.abs((sizes[0] ?? 0) - (sizes[1] ?? 0))).toBeLessThanOrEqual(2);
  });
});

describe("embedInWindows", () => {
  it("gives each text the vectors of its own windows", async () => {
    const embedder = createHashingEmbedder({ maxTokens: 12 });
    const texts = [{ text: "one two" }, { text: "three four ".repeat(20), prefix: "numbers" }, { text: "" }];
    const vectors = await embedInWindows(texts, { embedder });
    expect(vectors.map(({ length }) => length)).toEqual(
      texts.map((item) => windowsOf(item.text, { embedder, ...item }).length),
    );
    expect(vectors[1]?.length).toBeGreaterThan(1);
    expect(similarity(vectors[0]?.[0], (await embedder.embed(["one two"]))[0])).toBeCloseTo(1, 5);
  });

  it("makes text beyond the model's window findable", async () => {
    const filler = "The committee met on Tuesday and discussed the usual budget matters. ".repeat(60);
    const text = `${filler}The lighthouse keeper feeds his penguins with sardines.`;
    const [question] = await bundled.embed(["What do the penguins eat?"], { purpose: "query" });
    const [windows = []] = await embedInWindows([{ text }], { embedder: bundled });
    const [start] = await bundled.embed([text]);
    const best = Math.max(...windows.map((vector) => similarity(question, vector)));
    expect(best).toBeGreaterThan(similarity(question, start) + 0.1);
  });

  it("passes on the reason of an abort", async () => {
    const signal = AbortSignal.abort(new Error("stop"));
    await expect(embedInWindows([{ text: "a" }], { embedder: bundled, signal })).rejects.toThrow("stop");
  });
});

describe("cutIntoPieces and cutToTokens", () => {
  const countTokens = (text: string): number => text.match(/\S/gu)?.length ?? 0;

  it("joins to the text again", () => {
    const text = "  some words\n and averylongwordthatmustbecut 𝒳𝒳𝒳𝒳𝒳𝒳𝒳𝒳𝒳𝒳";
    const pieces = cutIntoPieces(text, { budget: 7, countTokens });
    expect(pieces.join("")).toBe(text);
    expect(Math.max(...pieces.map(countTokens))).toBeLessThanOrEqual(7);
  });

  it("goes one character at a time when even two are too many", () => {
    expect(cutIntoPieces("𝒳𝒳ab", { budget: 1, countTokens })).toEqual(["𝒳", "𝒳", "a", "b"]);
  });

  it("keeps the beginning that fits", () => {
    expect(cutToTokens("one two three", { budget: 6, countTokens })).toBe("one two");
    expect(cutToTokens("one", { budget: 9, countTokens })).toBe("one");
  });
});
