import { describe, expect, it } from "vitest";
import { createMeasure } from "../../../ingest/chunking/measure.ts";
import { createSentenceChunker } from "../../../ingest/chunking/sentences.ts";
import { chunksOf, countWords, describeChunker } from "./chunker.contract.ts";
import { createRandom } from "../../../src/domain/seeded-random.ts";

const measure = createMeasure(countWords);
const create = (budget: number) => () => createSentenceChunker({ budget, measure });

describeChunker("sentences, 150 tokens", create(150), { budget: 150 });
describeChunker("sentences, 20 tokens", create(20), { budget: 20 });
describeChunker("sentences over plain text", create(60), { budget: 60, language: "text" });

const textsOf = (text: string, budget = 150, language = "markdown"): string[] =>
  chunksOf(createSentenceChunker({ budget, measure }), text, language).map((chunk) => chunk.text);

const sentence = (name: string, words: number): string => `${`${name} `.repeat(words - 2)}end.`;

describe("sentence chunker", () => {
  it("keeps the cuts of a log where more is written to it", () => {
    const entry = (second: number): string =>
      `2026-11-21 10:00:${second} INFO request ${second} of the worker was done\n`;
    const log = Array.from({ length: 40 }, (_, index) => entry(index + 10));
    const [before, after] = [log.slice(0, 30), log].map((lines) => textsOf(lines.join(""), 60, "text"));
    expect(before?.length).toBeGreaterThan(3);
    expect(before?.slice(0, -1)).toEqual(after?.slice(0, (before?.length ?? 0) - 1));
    for (const text of after ?? []) expect(text).toMatch(/^2026-.*\bdone$/s);
  });

  it("cuts wrapped lines without end in parts that later lines do not change", () => {
    const line = "a line of words that nobody ever ended with a mark and that goes on\n";
    const [before, after] = [3_000, 3_500].map((count) => textsOf(line.repeat(count), 150, "text"));
    const settled = Math.floor((before?.length ?? 0) / 2);
    expect(settled).toBeGreaterThan(100);
    expect(before?.slice(0, settled)).toEqual(after?.slice(0, settled));
  });

  it("packs whole sentences up to the budget", () => {
    const text = [sentence("a", 60), sentence("b", 60), sentence("c", 60)].join(" ");
    expect(textsOf(text)).toEqual([`${sentence("a", 60)} ${sentence("b", 60)}`, sentence("c", 60)]);
  });

  it("closes a chunk at a paragraph's end once it is 60 % full", () => {
    const text = [sentence("a", 92), sentence("b", 30)].join("\n\n");
    expect(textsOf(text)).toEqual([sentence("a", 92), sentence("b", 30)]);
  });

  it("joins short paragraphs", () => {
    const text = [sentence("a", 40), sentence("b", 30)].join("\n\n");
    expect(textsOf(text)).toEqual([text]);
  });

  it("keeps a heading with what follows it", () => {
    expect(textsOf("# A\n\nIntro.\n\n## B\n\n### C\n\nText of C.\n")).toEqual([
      "# A\n\nIntro.",
      "## B\n\n### C\n\nText of C.",
    ]);
  });

  it("takes an underlined line for a heading", () => {
    expect(textsOf("Intro.\n\nTitle\n=====\n\nText.")).toEqual(["Intro.", "Title\n=====\n\nText."]);
  });

  it("takes no comment in a code fence for a heading", () => {
    const text = "Intro.\n\n```sh\n# install\nnpm install\n```";
    expect(textsOf(text)).toEqual([text]);
  });

  it("keeps a table, a fence or a list item whole where it fits into a chunk", () => {
    const intro = sentence("a", 70);
    for (const block of [
      `| x | y |\n|---|---|\n${"| one | two |\n".repeat(20)}`.trim(),
      `x | y\n---|---\n${"one and a half of it | two and what there is of it, or nearly so\n".repeat(5)}`.trim(),
      `\`\`\`sh\n${"npm run build --if-present\n\n".repeat(10)}\`\`\``,
      `- ${sentence("b", 40)} ${sentence("c", 45)}\n  - ${sentence("d", 20)}`,
    ]) {
      expect(textsOf(`${intro}\n\n${block}`)).toEqual([intro, block]);
    }
  });

  it("keeps the line that announces a block with it", () => {
    const fence = `\`\`\`sh\n${"npm run build --if-present\n".repeat(12)}\`\`\``;
    const text = `${sentence("a", 75)}\n\nRun this:\n\n${fence}`;
    expect(textsOf(text)).toEqual([sentence("a", 75), `Run this:\n\n${fence}`]);
  });

  it("embeds later rows of a long table with its header", () => {
    for (const [head, rule, row] of [
      ["| name | size |", "|---|---|", "| one | two |"],
      ["name | size", "---|---", "one | two"],
    ]) {
      const text = `${head}\n${rule}\n${`${row}\n`.repeat(60)}`;
      const pieces = [...create(150)().cut({ text, language: "markdown" })];
      expect(pieces.length).toBeGreaterThan(1);
      expect(pieces.map(({ context }) => context)).toEqual(["", ...pieces.slice(1).map(() => head)]);
    }
  });

  it("takes no heading in plain text", () => {
    expect(textsOf("Intro.\n# not a heading\nText.", 150, "text")).toHaveLength(1);
  });

  it("does not cut after an abbreviation or an initial", () => {
    const first = "He met Dr. Smith and J. Doe, e.g. there, often.";
    const second = "Then all of them left the town at once.";
    expect(textsOf(`${first} ${second}`, 26)).toEqual([first, second]);
  });

  it("cuts Chinese text after its full stops", () => {
    const texts = textsOf("这是一个句子。".repeat(80), 30);
    expect(texts.length).toBeGreaterThan(3);
    for (const text of texts) expect(text.endsWith("。")).toBe(true);
  });

  it("cuts a long sentence at a semicolon near its middle rather than at a blank", () => {
    const half = "word ".repeat(80).trim();
    expect(textsOf(`${half}; ${half}.`)[0]).toBe(`${half};`);
  });

  it("keeps a sentence together that an editor wrapped", () => {
    const text =
      "The quick brown fox jumps over the lazy dog and does not\nstop before the end of this sentence. Another one.";
    expect(textsOf(text, 22)).toEqual([text.slice(0, text.indexOf(" Another")), "Another one."]);
  });

  it("keeps an edit's effect close to it", () => {
    const random = createRandom(7);
    const paragraphs = Array.from({ length: 200 }, (_, index) => sentence(`w${index}`, 15 + Math.floor(random() * 60)));
    const before = new Set(textsOf(paragraphs.join("\n\n")));
    const edited = paragraphs.with(50, `${paragraphs[50]} Some more words were added here.`);
    const after = textsOf(edited.join("\n\n"));
    expect(after.filter((text) => !before.has(text)).length).toBeLessThanOrEqual(6);
  });
});
