import { describe, expect, it } from "vitest";
import { termIndex } from "../../src/lexical/term-index.ts";
import { readAskedDate } from "../../src/retrieval/asked-date.ts";
import { EVIDENCE_LIMITS, judgeEvidence } from "../../src/retrieval/evidence.ts";
import { queryTerms } from "../../src/retrieval/query-terms.ts";
import { scoreCandidates } from "../../src/retrieval/score-candidates.ts";
import type { StoreCandidate } from "../../src/store/vector-store.ts";
import { makeChunk } from "../support/make-chunk.ts";

const idf = new Map([
  [termIndex("lamp"), 3],
  [termIndex("tower"), 1],
]);
const absent = new Set<number>();
const chunkCount = 100;
/** What tells one of that many chunks from all others, in nats. */
const ONE_OF_ALL = Math.log((chunkCount + 1) / 0.5);
const candidate = (id: string, part: Partial<StoreCandidate> & { readonly text?: string }): StoreCandidate => ({
  chunk: makeChunk({ text: part.text ?? "Nothing.", documentId: id }),
  dense: 0,
  lexical: 0,
  ...part,
});
const query = queryTerms("lamp of the tower");

describe("scoreCandidates", () => {
  it("adds shares of the cosine, of the words and of the best sentence", () => {
    const [best] = scoreCandidates(
      { candidates: [candidate("a", { dense: 0.6, lexical: 2, text: "A lamp. A tower." })], idf, absent, chunkCount },
      { mode: "hybrid", query, stopRatio: 0.7 },
    );
    expect(best?.scores).toEqual({ dense: 0.6, lexical: 0.5, sentence: 0.75 });
    expect(best?.score).toBeCloseTo(0.45 * 0.5 + 0.55 * 0.6 + 0.2 * 0.75, 10);
  });

  it("counts the day that a question names for what is dated by it", () => {
    const found = candidate("a", { lexical: 3, text: "A lamp." });
    const asked = queryTerms("lamp on 14 June 2025");
    const days = new Map(["14", "june", "2025"].map((term) => [termIndex(term), 1]));
    const lexicalOf = (source: string): number | null | undefined => {
      const candidates = [{ ...found, chunk: { ...found.chunk, source } }];
      const dated = readAskedDate("lamp on 14 June 2025");
      const options = { mode: "hybrid", query: asked, stopRatio: 0, dated } as const;
      return scoreCandidates({ candidates, idf: new Map([...idf, ...days]), absent, chunkCount }, options)[0]?.scores
        .lexical;
    };
    expect(lexicalOf("log.md")).toBeCloseTo(0.5, 10);
    expect(lexicalOf("2025-06-14.md")).toBeCloseTo(1, 10);
    expect(lexicalOf("2025-06-15.md")).toBeCloseTo(0.5, 10);
  });

  it("counts a term that only the title or the headings hold half in the best sentence", () => {
    const found = candidate("a", { lexical: 2, text: "A tower." });
    const named = { ...found, chunk: { ...found.chunk, title: "Lamps", heading: "Light" } };
    const [best] = scoreCandidates(
      { candidates: [named], idf, absent, chunkCount },
      { mode: "hybrid", query, stopRatio: 0 },
    );
    expect(best?.scores.sentence).toBeCloseTo((1 + 0.5 * 3) / 4, 10);
  });

  it("takes other weights, which leave the evidence as it is", () => {
    const found = {
      candidates: [candidate("a", { dense: 0.6, lexical: 2, text: "A lamp." })],
      idf,
      absent,
      chunkCount,
    };
    const weights = { lexical: 1, sentence: 0, dense: 0 };
    const [plain] = scoreCandidates(found, { mode: "hybrid", query, stopRatio: 0 });
    const [other] = scoreCandidates(found, { mode: "hybrid", query, stopRatio: 0, weights });
    expect(other?.score).toBeCloseTo(0.5, 10);
    expect(other?.evidenceScore).toBe(plain?.evidenceScore);
    expect(other?.evidenceScore).toBeCloseTo(0.4 * 0.5 * Math.sqrt((0.5 * 4) / (2 * ONE_OF_ALL)) + 0.6 * 0.6, 10);
  });

  it("counts words as evidence the less, the more of it chance brings", () => {
    const baseOf = (rarity: number, chunks: number): number => {
      const found = { candidates: [candidate("a", { lexical: 0.8 * 4 * rarity })], absent, chunkCount: chunks };
      const rarer = new Map([...idf].map(([term, value]) => [term, value * rarity]));
      return (
        scoreCandidates({ ...found, idf: rarer }, { mode: "hybrid", query, stopRatio: 0 })[0]?.evidenceScore ??
        Number.NaN
      );
    };
    // A quarter of what is enough, all of it, and more.
    const enough = (2 * ONE_OF_ALL) / (0.8 * 4);
    expect(baseOf(enough / 4, 100)).toBeCloseTo((0.4 * 0.8) / 2, 10);
    expect(baseOf(enough, 100)).toBeCloseTo(0.4 * 0.8, 10);
    expect(baseOf(enough * 2, 100)).toBeCloseTo(0.4 * 0.8, 10);
    // The same words in ten times as many chunks.
    expect(baseOf(enough, 1_000)).toBeCloseTo(0.4 * 0.8 * Math.sqrt(ONE_OF_ALL / Math.log(1_001 / 0.5)), 10);
  });

  it("judges a chunk that has no vector yet by its words, as mode lexical would", () => {
    const evidenceAt = (share: number, mode: "hybrid" | "lexical", chunks = chunkCount): string => {
      const candidates = [candidate("a", { dense: null, lexical: 4 * share })];
      const found = { candidates, idf, absent, chunkCount: chunks };
      return judgeEvidence(scoreCandidates(found, { mode, query, stopRatio: 0 }), mode);
    };
    // Limits of 0.4 and 0.54 for B', that is for a share of 0.752 and 0.918.
    for (const share of [0.1, 0.74, 0.76, 0.91, 0.93, 1.2]) {
      expect(evidenceAt(share, "hybrid"), `share ${share}`).toBe(evidenceAt(share, "lexical"));
      expect(evidenceAt(share, "hybrid", 50_000)).toBe(evidenceAt(share, "lexical", 50_000));
    }
  });

  it("ranks a chunk without a vector among those that have one", () => {
    const candidates = [
      candidate("all words", { dense: null, lexical: 4, text: "lamp tower" }),
      candidate("near", { dense: 0.6, lexical: 2, text: "lamp" }),
      candidate("some words", { dense: null, lexical: 2, text: "lamp" }),
      candidate("far", { dense: 0.1, lexical: 1 }),
    ];
    const ranking = scoreCandidates({ candidates, idf, absent, chunkCount }, { mode: "hybrid", query, stopRatio: 0 });
    expect(ranking.map(({ chunk }) => chunk.documentId)).toEqual(["all words", "near", "some words", "far"]);
    expect(ranking[0]?.scores.dense).toBeNull();
  });

  it("ranks equal scores by id", () => {
    const candidates = [candidate("b", { dense: 0.5 }), candidate("a", { dense: 0.5 })];
    const ranking = scoreCandidates({ candidates, idf, absent, chunkCount }, { mode: "hybrid", query, stopRatio: 0 });
    expect(ranking.map(({ chunk }) => chunk.documentId)).toEqual(["a", "b"]);
  });

  it("takes the cosine alone in dense mode and the words alone in lexical mode", () => {
    const candidates = [
      candidate("words", { dense: 0.1, lexical: 4, text: "lamp" }),
      candidate("near", { dense: 0.9 }),
    ];
    const first = (mode: "dense" | "lexical"): string | undefined =>
      scoreCandidates({ candidates, idf, absent, chunkCount }, { mode, query, stopRatio: 0 })[0]?.chunk.documentId;
    expect(first("dense")).toBe("near");
    expect(first("lexical")).toBe("words");
  });

  it("gives no score that the mode has no use for", () => {
    const found = {
      candidates: [candidate("a", { dense: 0.5, lexical: 2, text: "A lamp." })],
      idf,
      absent,
      chunkCount,
    };
    const scoresIn = (mode: "dense" | "lexical") => scoreCandidates(found, { mode, query, stopRatio: 0 })[0]?.scores;
    expect(scoresIn("dense")).toEqual({ dense: 0.5, lexical: null, sentence: null });
    expect(scoresIn("lexical")).toEqual({ dense: null, lexical: 0.5, sentence: 0.75 });
  });

  it("does not read the sentences of what cannot reach the stop even by a whole one", () => {
    const candidates = [0, 0.39, 0.41, 1].map((share) =>
      candidate(String(share), { lexical: 4 * share, text: "A lamp." }),
    );
    const ranking = scoreCandidates(
      { candidates, idf, absent, chunkCount },
      { mode: "lexical", query, stopRatio: 0.7 },
    );
    const read = ranking.filter(({ scores }) => scores.sentence !== 0).map(({ chunk }) => chunk.documentId);
    expect(read).toEqual(["1", "0.41"]);
  });

  it("takes the lines of source code for sentences, also where prose would be wrapped", () => {
    const found = candidate("a", {
      lexical: 2,
      text: "const lampOfTheHarbour = openSomethingOfManyColours()\nconst tower = 1",
    });
    const sentenceIn = (language: string): number | null | undefined =>
      scoreCandidates(
        { candidates: [{ ...found, chunk: { ...found.chunk, language } }], idf, absent, chunkCount },
        { mode: "hybrid", query, stopRatio: 0 },
      )[0]?.scores.sentence;
    expect([sentenceIn("markdown"), sentenceIn("typescript")]).toEqual([1, 0.75]);
  });

  it("takes the cosine of a chunk without a vector for 0 at least", () => {
    const found = { candidates: [candidate("a", { dense: null, lexical: 0.4 })], idf, absent, chunkCount };
    expect(scoreCandidates(found, { mode: "hybrid", query, stopRatio: 0 })[0]?.score).toBeCloseTo(0.45 * 0.1, 10);
  });

  it("gives a query without a known word the cosine's part only", () => {
    const [best] = scoreCandidates(
      { candidates: [candidate("a", { dense: 0.4 })], idf: new Map(), absent, chunkCount },
      { mode: "hybrid", query: queryTerms("the of"), stopRatio: 0 },
    );
    expect(best?.score).toBeCloseTo(0.22, 10);
  });
});

describe("the evidence in a small collection", () => {
  const asked = queryTerms("Which lamp burns in the tower at night?");
  /** What the store gives for a collection of so many chunks, of which one has two of the four words. */
  const evidenceAmong = (chunks: number): string => {
    const idfOf = (df: number): number => Math.log((chunks + 1) / (df + 0.5));
    const held = new Set(["lamp", "tower"].map(termIndex));
    const found = {
      candidates: [candidate("a", { dense: 0.4, lexical: 1.6 * idfOf(1), text: "The lamp of the tower." })],
      idf: new Map(asked.indices.map((index) => [index, idfOf(held.has(index) ? 1 : 0)])),
      absent: new Set(asked.indices.filter((index) => !held.has(index))),
      chunkCount: chunks,
    };
    return judgeEvidence(scoreCandidates(found, { mode: "hybrid", query: asked, stopRatio: 0 }), "hybrid");
  };

  it("is what it would be in a larger one, although a word of every chunk says little", () => {
    expect([1, 3, 30, 1_000].map(evidenceAmong)).toEqual(["weak", "weak", "weak", "weak"]);
  });

  it("counts the full name of whom the query is about as a word that no other chunk has", () => {
    const about = queryTerms("lamp tower");
    const evidenceOf = (person: ((text: string) => boolean) | null): number => {
      const found = { candidates: [candidate("a", { dense: 0.2, lexical: 2 })], idf, absent, chunkCount };
      const [best] = scoreCandidates(found, { mode: "hybrid", query: about, stopRatio: 0, person });
      return best?.evidenceScore ?? Number.NaN;
    };
    const named = Math.log(1 + (chunkCount - 0.5) / 1.5);
    const share = (2 + named) / (4 + named);
    expect(evidenceOf((text) => text === "Else.")).toBe(evidenceOf(null));
    expect(evidenceOf((text) => text === "Nothing.")).toBeCloseTo(
      0.4 * share * Math.sqrt((2 + named) / (2 * ONE_OF_ALL)) + 0.6 * 0.2,
      10,
    );
  });

  it("is that of a hundred chunks, of the words in title and headings too", () => {
    const baseAmong = (chunks: number, text: string): number | undefined => {
      const idfOf = (df: number): number => Math.log((chunks + 1) / (df + 0.5));
      const held = new Set(["lamp", "tower"].map(termIndex));
      const named = candidate("a", { dense: 0.4, lexical: 1.6 * idfOf(1), text });
      const found = {
        candidates: [{ ...named, chunk: { ...named.chunk, title: "Towers", heading: "Lamps" } }],
        idf: new Map(asked.indices.map((index) => [index, idfOf(held.has(index) ? 1 : 0)])),
        absent: new Set(asked.indices.filter((index) => !held.has(index))),
        chunkCount: chunks,
      };
      return scoreCandidates(found, { mode: "hybrid", query: asked, stopRatio: 0 })[0]?.evidenceScore;
    };
    const large = baseAmong(100, "The lamp of the tower.") ?? Number.NaN;
    expect(baseAmong(1, "The lamp of the tower.")).toBeCloseTo(large, 10);
    expect(baseAmong(1, "It shines.")).toBeCloseTo(large, 10);
    expect(baseAmong(1_000, "The lamp of the tower.")).not.toBeCloseTo(large, 3);
  });

  it("stays as it is for a chunk that has its words from its neighbours alone", () => {
    const [absentTerm = 0, ...rest] = asked.indices;
    const found = {
      candidates: [candidate("a", { dense: 0.4, lexical: 1, text: "Nothing of it." })],
      idf: new Map([[absentTerm, 1.4], ...rest.map((index) => [index, 0.3] as const)]),
      absent: new Set([absentTerm]),
      chunkCount: 1,
    };
    const [best] = scoreCandidates(found, { mode: "hybrid", query: asked, stopRatio: 0 });
    const share = 1 / (1.4 + 0.3 * rest.length);
    const sumAsLarge = 1.4 + 0.3 * rest.length + asked.indices.length * Math.log(101 / 2);
    const told = Math.sqrt((share * sumAsLarge) / (2 * ONE_OF_ALL));
    expect(best?.evidenceScore).toBeCloseTo(0.4 * share * told + 0.6 * 0.4, 10);
  });

  it("is none where the words are there and the meaning is another", () => {
    const idfOf = (df: number): number => Math.log(2 / (df + 0.5));
    const found = {
      candidates: [candidate("a", { dense: 0.1, lexical: 0.8 * idfOf(1), text: "The lamp." })],
      idf: new Map(asked.indices.map((index) => [index, idfOf(index === termIndex("lamp") ? 1 : 0)])),
      absent: new Set(asked.indices.filter((index) => index !== termIndex("lamp"))),
      chunkCount: 1,
    };
    expect(judgeEvidence(scoreCandidates(found, { mode: "hybrid", query: asked, stopRatio: 0 }), "hybrid")).toBe(
      "none",
    );
  });
});

describe("judgeEvidence", () => {
  const judge = (dense: number): string =>
    judgeEvidence(
      scoreCandidates(
        { candidates: [candidate("a", { dense })], idf, absent, chunkCount },
        { mode: "hybrid", query, stopRatio: 0 },
      ),
      "hybrid",
    );

  it("tells nothing fitting from weak and good evidence", () => {
    expect(judge(0.5)).toBe("none");
    expect(judge(0.7)).toBe("weak");
    expect(judge(1)).toBe("good");
    expect(judgeEvidence([], "hybrid")).toBe("none");
  });

  it("is weak from the first limit on, and good from the second", () => {
    // 0.6 times the cosine: 0.33 and 0.45.
    expect([judge(0.549), judge(0.551), judge(0.749), judge(0.751)]).toEqual(["none", "weak", "weak", "good"]);
  });

  it("wants more in a collection of many chunks, where the best of them is better by chance", () => {
    const limits = [1, 1_000, 10_000, 100_000].map((count) =>
      Array.from({ length: 40 }, (_, step) => 0.55 + step / 100).find((dense) => {
        const found = { candidates: [candidate("a", { dense })], idf, absent, chunkCount: count };
        return judgeEvidence(scoreCandidates(found, { mode: "hybrid", query, stopRatio: 0 }), "hybrid") !== "none";
      }),
    );
    expect(limits).toEqual([0.55, 0.55, 0.67, 0.77]);
  });

  it("wants as much more, measured in the distance of its limits, in every mode that knows how many chunks there are", () => {
    const lostIn = (mode: "hybrid" | "lexical"): number => {
      const [none, weak] = EVIDENCE_LIMITS[mode];
      const scoreAmong = (count: number): number => {
        // So many words that chance explains none of them.
        const rare = new Map([...idf.keys()].map((term) => [term, 1_000]));
        const found = { candidates: [candidate("a", { dense: 1, lexical: 2_000 })], idf: rare, absent };
        const options = { mode, query, stopRatio: 0 };
        return scoreCandidates({ ...found, chunkCount: count }, options)[0]?.evidenceScore ?? Number.NaN;
      };
      return (scoreAmong(1_000) - scoreAmong(20_000)) / (weak - none);
    };
    expect(lostIn("hybrid")).toBeGreaterThan(0.7);
    expect(lostIn("lexical")).toBeCloseTo(lostIn("hybrid"), 10);
  });

  it("lowers the evidence by a share of that, where one is given", () => {
    const found = { candidates: [candidate("a", { dense: 1 })], idf, absent, chunkCount: 20_000 };
    const [none, half, whole] = [0, 0.5, 1].map((chanceShare) => {
      const options = { mode: "hybrid", query, stopRatio: 0, chanceShare } as const;
      return scoreCandidates(found, options)[0]?.evidenceScore ?? Number.NaN;
    });
    expect(none).toBeCloseTo(0.6, 10);
    expect(half).toBeCloseTo(((none ?? Number.NaN) + (whole ?? Number.NaN)) / 2, 10);
  });

  it("goes by the chunk that fits best, wherever it stands", () => {
    const candidates = [candidate("lifted", { dense: 0.5 }), candidate("fits", { dense: 1 })];
    const [fits, lifted] = scoreCandidates(
      { candidates, idf, absent, chunkCount },
      { mode: "hybrid", query, stopRatio: 0 },
    );
    expect(
      judgeEvidence(
        [lifted, fits].filter((one) => one !== undefined),
        "hybrid",
      ),
    ).toBe("good");
  });
});
