import { describe, expect, it } from "vitest";
import type { Cache } from "../../src/cache/cache.ts";
import { createCachedEmbedder } from "../../src/embedding/cached-embedder.ts";
import type { Embedder } from "../../src/embedding/embedder.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";

function createMemoryCache(): Cache & { readonly values: Map<string, Uint8Array> } {
  const values = new Map<string, Uint8Array>();
  return {
    values,
    getMany: async (keys) => keys.map((key) => values.get(key) ?? null),
    putMany: async (entries) => entries.forEach(({ key, value }) => values.set(key, value)),
    takeNotes: () => [],
    close: async () => values.clear(),
  };
}

function countTexts(embedder: Embedder): { readonly embedder: Embedder; readonly texts: string[] } {
  const texts: string[] = [];
  return {
    texts,
    embedder: {
      ...embedder,
      async embed(given, options) {
        texts.push(...given);
        return await embedder.embed(given, options);
      },
    },
  };
}

describe("cached embedder", () => {
  const plain = createHashingEmbedder();

  it("embeds only the texts that it does not remember, and says which it did", async () => {
    const { embedder, texts } = countTexts(plain);
    const cached = createCachedEmbedder(embedder, createMemoryCache());
    await cached.embed(["one", "two"]);
    const remembered: number[] = [];
    const vectors = await cached.embed(["new", "two", "one"], {
      onRemembered: (places) => remembered.push(...places),
    });
    expect(texts).toEqual(["one", "two", "new"]);
    expect(remembered).toEqual([1, 2]);
    expect(vectors).toEqual(await plain.embed(["new", "two", "one"]));
  });

  it("shares a cache between embedders of one fingerprint, and not with another", async () => {
    const cache = createMemoryCache();
    await createCachedEmbedder(plain, cache).embed(["one"]);
    const same = countTexts(plain);
    await createCachedEmbedder(same.embedder, cache).embed(["one"]);
    expect(same.texts).toEqual([]);
    const other = countTexts({ ...plain, fingerprint: "other" });
    await createCachedEmbedder(other.embedder, cache).embed(["one"]);
    expect(other.texts).toEqual(["one"]);
  });

  it("does not remember queries", async () => {
    const cache = createMemoryCache();
    await createCachedEmbedder(plain, cache).embed(["one"], { purpose: "query" });
    expect(cache.values.size).toBe(0);
  });

  it("embeds anew what was remembered wrongly", async () => {
    const cache = createMemoryCache();
    const cached = createCachedEmbedder(plain, cache);
    const [right] = await cached.embed(["one"]);
    for (const wrong of [
      new Uint8Array(3),
      new Uint8Array(new Float32Array(plain.dimensions).fill(Number.NaN).buffer),
    ]) {
      for (const key of cache.values.keys()) cache.values.set(key, wrong);
      expect(await cached.embed(["one"])).toEqual([right]);
    }
  });

  it("passes an abort through before it looks anything up", async () => {
    const cached = createCachedEmbedder(plain, createMemoryCache());
    const reason = new Error("stopped");
    await expect(cached.embed(["one"], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
