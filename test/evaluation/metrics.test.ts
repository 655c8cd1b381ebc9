import { describe, expect, it } from "vitest";
import { answerF1, exactMatch, normaliseAnswer, shareHeld } from "../../src/evaluation/answer-metrics.ts";
import { bootstrapMean } from "../../src/evaluation/bootstrap.ts";
import { ndcgAt10, recallAt, reciprocalRank } from "../../src/evaluation/rank-metrics.ts";
import { coverage, precisionOmega, scoreSpans, unionLength } from "../../src/evaluation/span-metrics.ts";

const span = (start: number, end: number, documentId = "a"): { documentId: string; start: number; end: number } => ({
  documentId,
  start,
  end,
});

describe("scoreSpans", () => {
  it("counts characters as Chroma does", () => {
    // 10 of 20 wanted characters, in 40 retrieved ones.
    expect(scoreSpans([span(0, 20)], [span(10, 50)])).toEqual({ recall: 0.5, precision: 0.25, iou: 10 / 50 });
  });

  it("counts each met character once, but every retrieved one as often as it comes", () => {
    expect(scoreSpans([span(0, 10)], [span(0, 10), span(0, 10)])).toEqual({ recall: 1, precision: 0.5, iou: 0.5 });
  });

  it("charges spans of other documents", () => {
    expect(scoreSpans([span(0, 10)], [span(0, 10), span(0, 30, "b")])).toEqual({
      recall: 1,
      precision: 0.25,
      iou: 0.25,
    });
  });

  it("sums references that overlap for the recall, and unites them for what was missed", () => {
    // 15 characters twice wanted in part: 20 in sum, of which the span holds 5.
    expect(scoreSpans([span(0, 10), span(5, 15)], [span(0, 5)])).toEqual({ recall: 0.25, precision: 1, iou: 5 / 15 });
  });

  it("sums several references, and gives 0 where nothing was retrieved", () => {
    expect(scoreSpans([span(0, 10), span(100, 130)], [span(100, 130)])).toEqual({
      recall: 0.75,
      precision: 1,
      iou: 0.75,
    });
    expect(scoreSpans([span(0, 10)], [])).toEqual({ recall: 0, precision: 0, iou: 0 });
  });
});

describe("precisionOmega", () => {
  it("takes all chunks that touch a reference, and what of it no chunk holds", () => {
    // Touching: 0 to 10 and 10 to 20; the reference's 20 to 22 lies in no chunk.
    expect(precisionOmega([span(5, 22)], [span(0, 10), span(10, 20), span(30, 40), span(5, 20, "b")])).toBeCloseTo(
      15 / 22,
    );
    expect(precisionOmega([], [span(0, 10)])).toBe(0);
  });

  it("takes no chunk that only begins where a reference ends", () => {
    expect(precisionOmega([span(5, 10)], [span(0, 5), span(5, 10), span(10, 20)])).toBe(1);
  });
});

describe("unionLength and coverage", () => {
  it("unite spans by document", () => {
    expect(unionLength([span(0, 10), span(5, 12), span(20, 21), span(0, 3, "b")])).toBe(16);
    expect(coverage(span(0, 10), span(4, 40))).toBe(0.6);
    expect(coverage(span(0, 10), span(0, 10, "b"))).toBe(0);
  });
});

describe("measures of ranks", () => {
  it("count references found within k", () => {
    expect(recallAt([1, 4, null, 12], 5)).toBe(0.5);
    expect(recallAt([1, 4, null, 12], 1)).toBe(0.25);
  });

  it("take one over the first rank", () => {
    expect([reciprocalRank([null, 4, 2]), reciprocalRank([null])]).toEqual([0.5, 0]);
  });

  it("discount gains by rank", () => {
    expect(ndcgAt10([1])).toBe(1);
    expect(ndcgAt10([3])).toBe(0.5);
    // 1/log2(3) of 1 + 1/log2(3)
    expect(ndcgAt10([2, null])).toBeCloseTo(0.6309 / 1.6309, 3);
    expect(ndcgAt10([10])).toBeCloseTo(1 / Math.log2(11), 10);
    expect(ndcgAt10([11])).toBe(0);
    // Of twelve, no search of ten can find more than ten.
    expect(ndcgAt10([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, null, null])).toBeCloseTo(1, 10);
    // One result that finds both.
    expect(ndcgAt10([1, 1])).toBe(1);
  });
});

describe("measures of answers", () => {
  it("compare as SQuAD does", () => {
    expect(normaliseAnswer("The  Dodge D-50. [2]")).toBe("dodge d50");
    expect(exactMatch("the Dodge D50", ["Forte", "Dodge D-50"])).toBe(1);
    // Precision 2/4, recall 2/2.
    expect(answerF1("It was Dodge D-50", ["Dodge D-50"])).toBeCloseTo(2 / 3);
    expect([answerF1("no", ["yes"]), answerF1("", ["yes"])]).toEqual([0, 0]);
    // A word counts as often as the right answer has it.
    expect(answerF1("red red", ["red"])).toBeCloseTo(2 / 3);
    expect(answerF1("The", ["a"])).toBe(1);
  });

  it("look for what must be said, in any form", () => {
    expect(
      shareHeld("Use  force_cancel\nwith AutoML", [["force_cancel with"], ["tuner", "automl"], ["spark"]]),
    ).toBeCloseTo(2 / 3);
  });
});

describe("bootstrapMean", () => {
  it("is the same for the same seed, and holds the mean", () => {
    const values = [0, 1, 1, 1, 0, 1, 0, 1, 1, 1];
    const interval = bootstrapMean(values);
    expect(interval).toEqual(bootstrapMean(values));
    expect(interval).toMatchObject({ mean: 0.7, n: 10 });
    expect(interval.low).toBeLessThan(0.7);
    expect(interval.high).toBeGreaterThan(0.7);
    expect(bootstrapMean(values, { seed: 1, resamples: 50 })).not.toEqual(
      bootstrapMean(values, { seed: 2, resamples: 50 }),
    );
  });

  it("is the middle 95 % of what other draws would give", () => {
    // The mean of 100 throws of a coin has a standard deviation of 0.05.
    const { low, high } = bootstrapMean(
      Array.from({ length: 100 }, (_, index) => index % 2),
      { resamples: 20_000 },
    );
    expect([low, high]).toEqual([0.4, 0.6]);
  });

  it("narrows with more values, and has no width without spread", () => {
    const width = (n: number): number => {
      const { low, high } = bootstrapMean(Array.from({ length: n }, (_, index) => index % 2));
      return high - low;
    };
    expect(width(1_000)).toBeLessThan(width(20) / 3);
    expect(bootstrapMean([0.5, 0.5, 0.5])).toEqual({ mean: 0.5, low: 0.5, high: 0.5, n: 3 });
    expect(bootstrapMean([])).toEqual({ mean: 0, low: 0, high: 0, n: 0 });
  });
});
