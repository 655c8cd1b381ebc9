import { describe, expect, it } from "vitest";
import { type CheckedPlaces, checkPlaces, type StoredPlace } from "../../src/mcp/check-places.ts";
import { createFolder } from "../ingest/temporary-folder.ts";

interface Shown extends StoredPlace {
  readonly text: string;
}

const OLD = /^a\.ts may have changed since it was indexed: what is shown of it may be old\.$/;

async function check(
  file: string,
  { text, start }: { readonly text: string; readonly start: number },
  options: { readonly follows?: boolean; readonly endsDocument?: boolean; readonly since?: number | null } = {},
): Promise<CheckedPlaces<Shown>> {
  const { path: root } = await createFolder({ "a.ts": file });
  const place = { path: "a.ts", root, start_line: start, end_line: start + text.split("\n").length - 1, text };
  return checkPlaces([place], { since: 0, textOf: (shown) => shown.text, ...options });
}

describe("checkPlaces", () => {
  it.each([
    ["whole lines", "one\ntwo\nthree\n", "two\nthree", 2],
    ["lines whose first and last one are cut", "let one = 1;\ntwo\nlet three = 3;\n", "one = 1;\ntwo\nlet", 1],
    ["a part of a line", "let one = 1;\n", "one", 1],
    ["other line breaks", "\uFEFFone\r\ntwo\r\n", "one\ntwo", 1],
    ["a break at the end", "one\ntwo\n", "two\n", 2],
  ])("leaves %s as they are that stand where they stood", async (_, file, text, start) => {
    expect(await check(file, { text, start })).toMatchObject({ places: [{ start_line: start }], notes: [] });
  });

  it("gives lines that moved the numbers that they have now", async () => {
    const { places, notes } = await check("new\nnew\none\ntwo\n", { text: "one\ntwo", start: 1 });
    expect(places).toMatchObject([{ start_line: 3, end_line: 4 }]);
    expect(notes).toEqual([]);
  });

  it("says that lines may be old that are not there any more, or there several times", async () => {
    const changed = await check("one\nother\n", { text: "one\ntwo", start: 1 });
    expect(changed).toMatchObject({ places: [{ start_line: 1 }], notes: [expect.stringMatching(OLD)] });
    const twice = await check("new\none\none\n", { text: "one", start: 1 });
    expect(twice.notes).toEqual([expect.stringMatching(OLD)]);
  });

  it("says so of lines that stand elsewhere where their numbers were asked for", async () => {
    const { places, notes } = await check("new\none\n", { text: "one", start: 1 }, { follows: false });
    expect(places).toMatchObject([{ start_line: 1 }]);
    expect(notes).toEqual([expect.stringMatching(OLD)]);
  });

  it("says so where something came behind the end", async () => {
    const end = { endsDocument: true };
    expect((await check("one\ntwo\n", { text: "one\ntwo", start: 1 }, end)).notes).toEqual([]);
    expect((await check("one\ntwo\nmore\n", { text: "one\ntwo", start: 1 }, end)).notes).toHaveLength(1);
  });

  it("names a file that is gone, once", async () => {
    const { path: root } = await createFolder();
    const place = { path: "a.ts", root, start_line: 1, end_line: 1 };
    const { places, notes } = await checkPlaces([place, place], { since: 0, textOf: () => "one" });
    expect(places).toHaveLength(2);
    expect(notes).toEqual(["a.ts is gone; what is shown of it was there when it was indexed."]);
    const named = await checkPlaces([{ ...place, path: "Rye, wheat.md" }], { since: 0, textOf: () => "one" });
    expect(named.notes).toEqual([expect.stringMatching(/^Rye, wheat\.md is gone;/)]);
  });

  it("names three files that changed, and counts the others", async () => {
    const paths = ["a.ts", "b.ts", "c.ts", "d.ts", "e.ts"];
    const { path: root } = await createFolder(Object.fromEntries(paths.map((path) => [path, "new\n"])));
    const places = paths.map((path) => ({ path, root, start_line: 1, end_line: 1 }));
    const { notes } = await checkPlaces(places, { since: 0, textOf: () => "old" });
    expect(notes).toEqual([
      "a.ts, b.ts, c.ts and 2 more may have changed since they were indexed: what is shown of them may be old.",
    ]);
    const two = await checkPlaces(places.slice(0, 2), { since: 0, textOf: () => "old" });
    expect(two.notes).toEqual([expect.stringMatching(/^a\.ts and b\.ts may have changed since they were/)]);
  });

  it("reads no file that is as old as the index, and none where nobody looks at files", async () => {
    const other = { text: "something else", start: 1 };
    expect((await check("one\n", other, { since: Date.now() + 60_000 })).notes).toEqual([]);
    expect((await check("one\n", other, { since: null })).notes).toEqual([]);
  });

  it("leaves alone what has no file here: uploads, web pages, and folders that are not there", async () => {
    const roots = ["upload", "https://example.org/", "/nowhere/at/all"];
    const places = roots.map((root) => ({ path: "a.ts", root, start_line: 1, end_line: 1 }));
    expect(await checkPlaces(places, { since: 0, textOf: () => "one" })).toEqual({
      places,
      notes: [],
      isInStep: true,
    });
  });
});
