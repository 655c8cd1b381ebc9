import { describe, expect, it } from "vitest";
import { chooseQuotes } from "../../../src/agents/extractive/choose-quotes.ts";
import { sentencesOf } from "../../../src/agents/extractive/passage-sentences.ts";
import type { ScoredSentence } from "../../../src/agents/extractive/score-sentences.ts";
import { makeHit } from "../made-up-corpus.ts";

const TEXT = "The mill opens at nine. Bread is sold behind it.";

function choose(
  question: string,
  fits: readonly Pick<ScoredSentence, "score" | "similarity">[],
  passage = TEXT,
): readonly (string | undefined)[] {
  const ranked = sentencesOf({ marker: 1, hit: makeHit(passage) }).map((sentence, index): ScoredSentence => {
    const { score, similarity } = fits[index] ?? { score: 0, similarity: 0 };
    return { sentence, score, similarity, coverage: 0.5, hasOwnTerms: true, terms: new Set([sentence.text]) };
  });
  const quoting = { wantsCode: false, done: new Set<never>(), question };
  return chooseQuotes(ranked, { question, quoting, isPartial: false }).map(({ text }) => text.split(" ")[1]);
}

describe("chooseQuotes", () => {
  it.each([
    ["quotes a sentence that is a little behind", { score: 1.4, similarity: 0.4 }, { score: 1, similarity: 0.35 }, 2],
    ["leaves out what is far behind", { score: 1.8, similarity: 0.4 }, { score: 1, similarity: 0.35 }, 1],
    [
      "is stricter where the best is near in meaning",
      { score: 1.4, similarity: 0.6 },
      { score: 1, similarity: 0.5 },
      1,
    ],
    ["but not with what is nearer still", { score: 1.4, similarity: 0.6 }, { score: 1, similarity: 0.65 }, 2],
    ["leaves out what means something else", { score: 1.3, similarity: 0.5 }, { score: 1, similarity: 0.2 }, 1],
    ["unless it is about as good", { score: 1.1, similarity: 0.5 }, { score: 1, similarity: 0.2 }, 2],
  ])("%s", (_, best, further, count) => {
    expect(choose("When does the mill open?", [best, further])).toHaveLength(count);
  });

  it.each(["The mill opens at nine. This is told by the bell.", "mill opening times\n\nThe mill opens at nine."])(
    "keeps what goes on behind the best one, or says something of a name: %j",
    (text) => {
      const fits = [
        { score: 1.4, similarity: 0.7 },
        { score: 1, similarity: 0.3 },
      ];
      expect(choose("When does the mill open?", fits, text)).toHaveLength(2);
    },
  );

  it("keeps both sides of a difference", () => {
    const fits = [
      { score: 1.5, similarity: 0.7 },
      { score: 1, similarity: 0.4 },
    ];
    expect(choose("What is the difference between the mill and the shop?", fits)).toHaveLength(2);
  });
});
