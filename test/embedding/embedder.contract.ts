import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Embedder } from "../../src/embedding/embedder.ts";

/** Cosine of two unit vectors. */
export function similarity(a: Float32Array | undefined, b: Float32Array | undefined): number {
  if (!a || !b || a.length !== b.length) return Number.NaN;
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}

const TEXTS = [
  "The cat sleeps on the warm window sill.",
  "Interest rates were raised by a quarter of a point.",
  "def add(a, b): return a + b",
  "Die Katze schläft. 猫が寝ています。 🐈‍⬛",
  "x",
];

/** Every Embedder must pass this suite. */
export function describeEmbedder(name: string, open: () => Promise<Embedder>): void {
  describe(`Embedder contract: ${name}`, () => {
    let embedder: Embedder;
    beforeAll(async () => {
      embedder = await open();
    });
    afterAll(async () => {
      await embedder.close();
    });

    it("states its limits as numbers", () => {
      for (const value of [embedder.dimensions, embedder.maxTokens, embedder.batchSize]) {
        expect(Number.isInteger(value) && value > 0).toBe(true);
      }
      expect(embedder.reservedTokens ?? 2).toBeLessThan(embedder.maxTokens);
      expect(embedder.fingerprint).not.toBe("");
    });

    it("gives one vector of length 1 for each text, with the stated number of dimensions", async () => {
      const vectors = await embedder.embed(TEXTS);
      expect(vectors).toHaveLength(TEXTS.length);
      for (const vector of vectors) {
        expect(vector).toHaveLength(embedder.dimensions);
        expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
      }
    });

    it("keeps the order, and gives a text the same vector alone as among others", async () => {
      const together = await embedder.embed([...TEXTS, ...TEXTS.toReversed()]);
      for (const [index, text] of TEXTS.entries()) {
        const [alone] = await embedder.embed([text]);
        expect(similarity(alone, together[index])).toBeCloseTo(1, 5);
        expect(similarity(alone, together[TEXTS.length * 2 - 1 - index])).toBeCloseTo(1, 5);
      }
      expect(similarity(together[0], together[1])).toBeLessThan(0.99);
    });

    it("gives no texts no vectors", async () => {
      expect(await embedder.embed([])).toEqual([]);
    });

    it("gives text without words a vector of length 1", async () => {
      for (const vector of await embedder.embed(["", " ", "\n\t"])) {
        expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
      }
    });

    it("takes a text that is longer than its window", async () => {
      const [vector] = await embedder.embed(["word and other words ".repeat(3 * embedder.maxTokens)]);
      expect(Math.hypot(...(vector ?? []))).toBeCloseTo(1, 5);
    });

    it("embeds questions as well as passages", async () => {
      const [question] = await embedder.embed(["Where does the cat sleep?"], { purpose: "query" });
      const [near, far] = await embedder.embed(TEXTS.slice(0, 2));
      expect(similarity(question, near)).toBeGreaterThan(similarity(question, far));
    });

    it("serves calls that are made at the same time, each with its own vectors", async () => {
      const calls = await Promise.all(TEXTS.map((text) => embedder.embed([text, "filler", text])));
      const together = await embedder.embed(TEXTS);
      for (const [index, [first, , last]] of calls.entries()) {
        expect(similarity(first, together[index])).toBeCloseTo(1, 5);
        expect(similarity(last, together[index])).toBeCloseTo(1, 5);
      }
    });

    it("passes on the reason of an abort", async () => {
      const reason = new Error("enough");
      await expect(embedder.embed(TEXTS, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    });

    it("counts tokens: none in nothing, more in more, all of a long text", () => {
      expect(embedder.countTokens("")).toBe(0);
      const one = embedder.countTokens("one sentence with some words.");
      expect(one).toBeGreaterThanOrEqual(5);
      expect(embedder.countTokens("one sentence with some words. ".repeat(500))).toBeGreaterThanOrEqual(
        500 * (one - 1),
      );
    });
  });
}
