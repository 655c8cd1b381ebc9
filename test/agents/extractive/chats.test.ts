import { describe, expect, it } from "vitest";
import { writeExtractiveAnswer } from "../../../src/agents/extractive/extractive-answer.ts";
import { fitOf, judge } from "../../../src/agents/extractive/judge-fit.ts";
import { sentencesOf } from "../../../src/agents/extractive/passage-sentences.ts";
import { addSimilarities } from "../../../src/agents/extractive/question-readings.ts";
import { scoreSentences, type ScoredSentence } from "../../../src/agents/extractive/score-sentences.ts";
import type { Hit } from "../../../src/domain/hit.ts";
import { speakersOf } from "../../../src/lexical/turns.ts";
import { makeHit } from "../made-up-corpus.ts";

function rank(question: string, text: string, part: Partial<Hit> = {}): readonly ScoredSentence[] {
  const sentences = sentencesOf({ marker: 1, hit: makeHit(text, part) }, { speakers: speakersOf([text]) });
  return scoreSentences(sentences, { question });
}

function answer(question: string, text: string, part: Partial<Hit> = {}): string {
  const ranked = rank(question, text, part);
  const sentences = ranked.map(({ sentence }) => sentence);
  return writeExtractiveAnswer({ question, sentences, list: null, ranked, isPartial: false });
}

const CHAT = [
  "Mara: Hey Jon, thanks! What have you bought for the mill?",
  "Jon: Two wheels of oak. My brother brought them by boat, and I paid him with flour.",
  "Mara: I sold my old anvil. A smith from Lindmouth came for it.",
  "Jon: Wow, Mara!",
].join("\n");

describe("quoting a chat", () => {
  it("says who speaks, once for what stands together", () => {
    expect(answer("Did Mara sell her old anvil, or did a smith come?", CHAT)).toBe(
      "**Mara:** I sold my old anvil. [1] A smith from Lindmouth came for it. [1]",
    );
  });

  it("finds the answer behind a question, not the question", () => {
    expect(answer("What has Jon bought for the mill?", CHAT)).toMatch(/^\*\*Jon:\*\* Two wheels of oak\. \[1\]/);
  });

  it("answers a question that somebody asked in the same words by what the other one said", () => {
    const question = "What have you bought for the mill?";
    expect(answer(question, CHAT)).toMatch(/^\*\*Jon:\*\* Two wheels of oak\./);
    const ranked = rank(question, CHAT);
    const isAsked = ({ sentence }: ScoredSentence): boolean => sentence.text === question;
    const cosines = [ranked.map((one) => (isAsked(one) ? 0.9 : 0.1))];
    const all = addSimilarities(ranked, { readings: [{ text: question, weight: 1 }], cosines });
    const similarityOf = (text: string): number | undefined =>
      all.find(({ sentence }) => sentence.text === text)?.similarity;
    expect(all[0]?.sentence.text).toBe("Two wheels of oak.");
    expect(all[0]?.similarity).toBeCloseTo(0.765, 10);
    expect(similarityOf("My brother brought them by boat, and I paid him with flour.")).toBeCloseTo(0.675, 10);
    expect(similarityOf("I sold my old anvil.")).toBe(0.1);
  });

  it("counts who speaks as the subject of what is said, and a greeting as nothing", () => {
    const [best] = rank("What did Mara say to Jon about an anvil?", CHAT);
    expect(best?.sentence.text).toBe("I sold my old anvil.");
    const ranked = rank("What did Jon and Mara sell?", CHAT).map(({ sentence }) => sentence.text);
    expect(ranked.indexOf("Wow, Mara!")).toBeGreaterThan(ranked.indexOf("Two wheels of oak."));
  });

  it("counts who speaks beside the day that the question names", () => {
    const coverageFor = (question: string): number | undefined =>
      rank(question, CHAT, { source: "2025-06-14.txt" }).find(
        ({ sentence }) => sentence.text === "I sold my old anvil.",
      )?.coverage;
    expect(coverageFor("Has Mara sold an old anvil on 14 June 2025?")).toBeCloseTo(1, 10);
    expect(coverageFor("Has Jon sold an old anvil on 14 June 2025?")).toBeLessThan(1);
  });

  it.each([
    ["the file is called after it", CHAT, { source: "2025-06-14_1002.txt" }, "2025-06-14"],
    ["it stands above", `Time: 10:02 on 14 June 2025\n\n${CHAT}`, {}, "10:02 on 14 June 2025"],
    ["it stands in front of the name", CHAT.replaceAll(/^/gm, "[14.06.25, 10:02] "), {}, "14.06.25, 10:02"],
  ])("tells when something was said where %s, for a question when", (_, text, part, time) => {
    expect(answer("When did Mara sell her old anvil?", text, part)).toMatch(`**Mara, ${time}:** I sold my old anvil.`);
    expect(answer("What did Mara sell?", text, part)).toMatch("**Mara:** I sold my old anvil.");
  });

  it.each([
    ["I painted the boat of oak.", "partial"],
    ["I just painted the boat of oak.", "answered"],
    ["I painted the boat of oak two weeks ago.", "answered"],
  ])("takes the day of a message only for one that refers to it: %j", (said, verdict) => {
    const text = `Mara: Hey Jon, thanks!\nJon: ${said}`;
    const question = "When did Jon paint the boat of oak?";
    const dated = rank(question, text, { source: "2025-06-14.txt" });
    const good = { evidence: "good", isEmbedded: false } as const;
    expect(judge(fitOf(question, dated), good)).toBe(verdict);
  });

  it("is only partly an answer where somebody else says it of themselves", () => {
    const coverageFor = (question: string): number => fitOf(question, rank(question, CHAT)).coverage;
    expect(coverageFor("Did Mara sell an old anvil?")).toBeGreaterThan(0.5);
    expect(coverageFor("Did Jon sell an old anvil?")).toBeLessThan(0.5);
  });
});
