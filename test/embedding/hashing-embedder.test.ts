import { describe, expect, it } from "vitest";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { describeEmbedder, similarity } from "./embedder.contract.ts";

describeEmbedder("hashing", async () => createHashingEmbedder());

describe("createHashingEmbedder", () => {
  it("puts texts with common words nearer than texts without", async () => {
    const [a, b, c] = await createHashingEmbedder({ dimensions: 128 }).embed([
      "the red fox jumps",
      "a red fox jumped",
      "quarterly tax report",
    ]);
    expect(similarity(a, b)).toBeGreaterThan(similarity(a, c) + 0.2);
  });

  it("reads no further than its window", async () => {
    const embedder = createHashingEmbedder({ maxTokens: 5 });
    const [short, long] = await embedder.embed(["one two three", "one two three four five six"]);
    expect(long).toEqual(short);
  });

  it("refuses options that make no sense", () => {
    expect(() => createHashingEmbedder({ dimensions: 1 })).toThrow(TypeError);
    expect(() => createHashingEmbedder({ maxTokens: 2 })).toThrow("maxTokens");
  });
});
