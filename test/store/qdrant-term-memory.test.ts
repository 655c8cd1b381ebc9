import { describe, expect, it } from "vitest";
import { createTermMemory } from "../../src/store/qdrant-term-memory.ts";

describe("createTermMemory", () => {
  it("remembers the size and the common terms of a large collection for ten seconds", () => {
    let now = 0;
    const memory = createTermMemory(() => now);
    memory.note("docs", { total: 30_000, common: new Map([[7, 1.5]]) });
    now = 9_999;
    memory.note("docs", { total: 30_000, common: new Map([[8, 2.5]]) });
    expect([memory.total("docs"), memory.idf("docs", 7), memory.idf("docs", 8)]).toEqual([30_000, 1.5, 2.5]);
    expect(memory.idf("docs", 9)).toBeUndefined();
    expect(memory.total("other")).toBeNull();
    now = 10_000;
    expect([memory.total("docs"), memory.idf("docs", 7), memory.idf("docs", 8)]).toEqual([null, undefined, undefined]);
    // It is known to be large all the same.
    expect(memory.isLarge("docs")).toBe(true);
  });

  it("remembers nothing of a small collection", () => {
    const memory = createTermMemory(() => 0);
    memory.note("docs", { total: 19_999, common: new Map([[7, 1.5]]) });
    expect([memory.total("docs"), memory.idf("docs", 7), memory.isLarge("docs")]).toEqual([null, undefined, false]);
  });

  it("forgets when there are too many terms", () => {
    const memory = createTermMemory(() => 0);
    memory.note("docs", { total: 30_000, common: new Map(Array.from({ length: 10_001 }, (_, term) => [term, 1])) });
    memory.note("docs", { total: 40_000, common: new Map([[20_000, 2]]) });
    expect([memory.total("docs"), memory.idf("docs", 5), memory.idf("docs", 20_000)]).toEqual([40_000, undefined, 2]);
  });
});
