import { describe, expect, it } from "vitest";
import { createTermMemory } from "../../../src/store/qdrant/term-memory.ts";

describe("createTermMemory", () => {
  it("remembers the size and the common terms of a large collection for ten seconds", () => {
    let now = 0;
    const memory = createTermMemory(() => now);
    memory.note("docs", { total: 30_000, common: new Map([[7, 1.5]]) });
    now = 9_999;
    memory.note("docs", { total: 30_000, common: new Map([[8, 2.5]]) });
    expect(memory.total("docs")).toBe(30_000);
    expect([...memory.idfOf("docs", [7, 8, 9])]).toEqual([
      [7, 1.5],
      [8, 2.5],
    ]);
    expect(memory.total("other")).toBeNull();
    now = 10_000;
    expect(memory.total("docs")).toBeNull();
    expect(memory.idfOf("docs", [7, 8]).size).toBe(0);
    // It is known to be large all the same.
    expect(memory.isLarge("docs")).toBe(true);
  });

  it("remembers nothing of a small collection", () => {
    const memory = createTermMemory(() => 0);
    memory.note("docs", { total: 19_999, common: new Map([[7, 1.5]]) });
    expect([memory.total("docs"), memory.idfOf("docs", [7]).size, memory.isLarge("docs")]).toEqual([null, 0, false]);
  });

  it("forgets when there are too many terms", () => {
    const memory = createTermMemory(() => 0);
    memory.note("docs", { total: 30_000, common: new Map(Array.from({ length: 10_001 }, (_, term) => [term, 1])) });
    memory.note("docs", { total: 40_000, common: new Map([[20_000, 2]]) });
    expect(memory.total("docs")).toBe(40_000);
    expect([...memory.idfOf("docs", [5, 20_000])]).toEqual([[20_000, 2]]);
  });
});

it("forgets the collection that it has known for longest when there are a hundred others", () => {
  const memory = createTermMemory(() => 0);
  for (let number = 0; number < 101; number += 1) memory.note(`c${number}`, { total: 50_000, common: new Map() });
  expect([0, 1, 100].map((number) => memory.isLarge(`c${number}`))).toEqual([false, true, true]);
});
