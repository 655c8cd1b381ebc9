import { describe, expect, it } from "vitest";
import { findLargeRemoval, planSync, type PresentSource, type SyncState } from "../../ingest/plan-sync.ts";
import type { DocumentRecord } from "../../src/domain/document.ts";

const record = (source: string, contentHash: string, root = "/r"): DocumentRecord => ({
  id: `${root}:${source}`,
  root,
  source,
  title: null,
  mediaType: "text/plain",
  language: "text",
  bytes: 1,
  contentHash,
  chunks: 1,
  textLength: 1,
  ingestedAt: "2026-01-01T00:00:00.000Z",
});
const file = (source: string, contentHash: string | null, root = "/r"): PresentSource => ({
  root,
  source,
  contentHash,
});

const plan = (state: Partial<SyncState<PresentSource>>): Record<string, readonly string[]> => {
  const made = planSync({ present: [], stored: [], unknown: [], removeMissing: true, ...state });
  return Object.fromEntries(
    Object.entries(made).map(([action, files]) => [
      action,
      files.map(({ root, source }: { root: string; source: string }) => `${root}/${source}`),
    ]),
  );
};

describe("planSync", () => {
  it("adds what is new, changes what differs, keeps what is equal, removes what is gone", () => {
    expect(
      plan({
        present: [file("new", null), file("changed", "2"), file("same", "1")],
        stored: [record("changed", "1"), record("same", "1"), record("gone", "1")],
      }),
    ).toEqual({ adds: ["/r/new"], changes: ["/r/changed"], keeps: ["/r/same"], removals: ["/r/gone"] });
  });

  it("takes the same path under two roots for two documents", () => {
    expect(
      plan({ present: [file("a", "1", "/r"), file("a", "1", "/s")], stored: [record("a", "1", "/r")] }),
    ).toMatchObject({
      adds: ["/s/a"],
      keeps: ["/r/a"],
    });
  });

  it("takes an incomplete document for a changed one", () => {
    for (const hash of ["1", "", null]) {
      expect(plan({ present: [file("a", hash)], stored: [record("a", "")] })).toMatchObject({ changes: ["/r/a"] });
    }
  });

  it("tells what lies in an unreadable folder, however deep, from names that begin alike and from other roots", () => {
    const sources = ["a/b/c/d.md", "a/b", "a/bc.md", "a/b.md"];
    const stored = [...sources.map((source) => record(source, "1")), record("a/b/c.md", "1", "/s")];
    expect(plan({ stored, unknown: [{ root: "/r", source: "a/b" }] })).toMatchObject({
      keeps: ["/r/a/b/c/d.md", "/r/a/b"],
      removals: ["/r/a/bc.md", "/r/a/b.md", "/s/a/b/c.md"],
    });
  });

  it("keeps what lies under a folder that cannot be read", () => {
    expect(
      plan({
        stored: [record("closed/a", "1"), record("closed-not/a", "1"), record("file", "1")],
        unknown: [file("closed", null), file("file", null)],
      }),
    ).toMatchObject({ keeps: ["/r/closed/a", "/r/file"], removals: ["/r/closed-not/a"] });
  });

  it("keeps what is gone when nothing is to be removed", () => {
    expect(plan({ stored: [record("gone", "1")], removeMissing: false })).toMatchObject({
      keeps: ["/r/gone"],
      removals: [],
    });
  });
});

describe("findLargeRemoval", () => {
  it.each([
    { removals: 11, documents: 20, force: false, refused: true },
    { removals: 10, documents: 20, force: false, refused: false },
    { removals: 19, documents: 19, force: false, refused: false },
    { removals: 20, documents: 20, force: true, refused: false },
  ])("$removals of $documents with force $force: refused is $refused", ({ refused, ...state }) => {
    const found = findLargeRemoval({ ...state, collection: "docs" });
    if (refused) expect(found?.message).toMatch(/11 of the 20 documents in collection docs.*--force/);
    else expect(found).toBeNull();
  });
});
