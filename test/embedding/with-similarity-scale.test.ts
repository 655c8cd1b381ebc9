import { describe, expect, it } from "vitest";
import { BUNDLED_MODEL } from "../../src/domain/bundled-model.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import type { Embedder } from "../../src/embedding/embedder.ts";
import { openEmbedder } from "../../src/embedding/open-embedder.ts";
import { SCALE_PAIRS } from "../../src/embedding/scale-pairs.ts";
import { REFERENCE_SCALE } from "../../src/domain/similarity-scale.ts";
import { measureSimilarityScale, withSimilarityScale } from "../../src/embedding/with-similarity-scale.ts";

const QUESTIONS = SCALE_PAIRS.map(({ question }) => question);
const PASSAGES = SCALE_PAIRS.map(({ passage }) => passage);

/** A model for which all texts are alike by a share, as some models are, and each pair more by another share. */
function narrowModel({ shared, paired }: { readonly shared: number; readonly paired: number }): Embedder["embed"] {
  return async (texts) =>
    texts.map((text) => {
      const pair = QUESTIONS.includes(text) ? QUESTIONS.indexOf(text) : PASSAGES.indexOf(text);
      const vector = new Float32Array(2 + 3 * SCALE_PAIRS.length);
      vector[0] = Math.sqrt(shared);
      vector[1 + pair] = Math.sqrt(paired);
      const own = 1 + SCALE_PAIRS.length + (QUESTIONS.includes(text) ? pair : SCALE_PAIRS.length + pair);
      vector[own] = Math.sqrt(1 - shared - paired);
      return vector;
    });
}

describe("measureSimilarityScale", () => {
  it("finds how near a model's questions are to their own passages and to others", async () => {
    const scale = await measureSimilarityScale({ embed: narrowModel({ shared: 0.7, paired: 0.2 }) });
    expect(scale.unrelated).toBeCloseTo(0.7, 5);
    expect(scale.related).toBeCloseTo(0.9, 5);
  });

  it("tells the model which texts are questions", async () => {
    const asked = new Map<string, readonly string[]>();
    const embedder = createHashingEmbedder();
    await measureSimilarityScale({
      embed: async (texts, options) => {
        asked.set(options?.purpose ?? "none", texts);
        return embedder.embed(texts, options);
      },
    });
    expect(asked).toEqual(
      new Map([
        ["query", QUESTIONS],
        ["passage", PASSAGES],
      ]),
    );
  });

  it("takes the cosines of a model that tells nothing apart as they are", async () => {
    const scale = await measureSimilarityScale({ embed: narrowModel({ shared: 0.9, paired: 0.01 }) });
    expect(scale).toEqual(REFERENCE_SCALE);
  });

  it("has the bundled model's own scale for reference", async () => {
    const embedder = await openEmbedder({ model: BUNDLED_MODEL, cacheFolder: "unused", workers: 1 });
    try {
      const { unrelated, related } = await measureSimilarityScale(embedder);
      expect(unrelated).toBeCloseTo(REFERENCE_SCALE.unrelated, 2);
      expect(related).toBeCloseTo(REFERENCE_SCALE.related, 2);
      expect(embedder.similarityScale).toBeUndefined();
    } finally {
      await embedder.close();
    }
  });
});

describe("withSimilarityScale", () => {
  it("measures once, and again only where that failed", async () => {
    let calls = 0;
    const plain = createHashingEmbedder();
    const embedder = withSimilarityScale({
      ...plain,
      embed: async (texts, options) => {
        calls += 1;
        if (calls === 1) throw new Error("not yet");
        return plain.embed(texts, options);
      },
    });
    expect(calls).toBe(0);
    await expect(embedder.similarityScale?.()).rejects.toThrow("not yet");
    const scale = await embedder.similarityScale?.();
    const measured = calls;
    expect(await embedder.similarityScale?.()).toBe(scale);
    expect(calls).toBe(measured);
    expect(scale?.related).toBeGreaterThan(scale?.unrelated ?? 1);
  });

  it("lets whoever waits give up, not the others", async () => {
    const plain = createHashingEmbedder();
    const embedder = withSimilarityScale(plain);
    const aborted = AbortSignal.abort(new Error("enough"));
    await expect(embedder.similarityScale?.({ signal: aborted })).rejects.toThrow("enough");
    await expect(embedder.similarityScale?.()).resolves.toMatchObject({});
  });
});
