import { describe, expect, it } from "vitest";
import { createFunctionEmbedder } from "../../src/embedding/function-embedder.ts";

describe("createFunctionEmbedder", () => {
  it("gives the function's vectors at unit length, in order", async () => {
    const embedder = await createFunctionEmbedder((texts) => texts.map((text) => [text.length, 0, 0]));
    expect(embedder.dimensions).toBe(3);
    expect((await embedder.embed(["a", "long"])).map((vector) => [...vector])).toEqual([
      [1, 0, 0],
      [1, 0, 0],
    ]);
  });

  it("takes a promise of vectors", async () => {
    const embedder = await createFunctionEmbedder(async (texts) => texts.map(() => new Float32Array([0, 2])));
    expect([...((await embedder.embed(["a"]))[0] ?? [])]).toEqual([0, 1]);
  });

  it("says what is wrong with a result that is no list of vectors", async () => {
    const refuse = { code: "embedding_failed", message: expect.stringContaining("must give") };
    const given = async (vectors: unknown): Promise<unknown> =>
      Reflect.apply(createFunctionEmbedder, undefined, [() => vectors]);
    for (const wrong of ["vector", [], [["1"]], [[]]]) await expect(given(wrong)).rejects.toMatchObject(refuse);
  });

  it("takes functions that ask for a list of their own", async () => {
    const embedder = await createFunctionEmbedder(async (texts: string[]) => texts.splice(0).map(() => [1, 0]));
    expect(await embedder.embed(["a", "b"])).toHaveLength(2);
  });

  it("refuses vectors whose length changes", async () => {
    let calls = 0;
    const embedder = await createFunctionEmbedder((texts) => texts.map(() => (calls++ === 0 ? [1, 0] : [1, 0, 0])));
    await expect(embedder.embed(["a"])).rejects.toMatchObject({ code: "embedding_failed" });
  });

  it("keeps the function's own error as the cause", async () => {
    const cause = new Error("no quota");
    const failing = createFunctionEmbedder(() => {
      throw cause;
    });
    await expect(failing).rejects.toMatchObject({ code: "embedding_failed", cause });
  });
});
