import { describe, expect, it } from "vitest";
import { batchesOf, withoutHidden, type NamedFile } from "../../src/web/upload-batches.ts";

function named(name: string, bytes = 1): NamedFile {
  return { name, file: new File([new Uint8Array(bytes)], name.split("/").at(-1) ?? name) };
}

function namesOf(files: readonly NamedFile[]): readonly (readonly string[])[] {
  return batchesOf(files).map((batch) => batch.map(({ name }) => name));
}

describe("batchesOf", () => {
  it("sends a name that comes twice in two parts, the later one last", () => {
    expect(namesOf([named("a.md"), named("b.md"), named("a.md")])).toEqual([["a.md", "b.md"], ["a.md"]]);
  });

  it("loses no file and keeps their order, however many there are", () => {
    const files = Array.from({ length: 121 }, (_, index) => named(`${index}.md`));
    expect(batchesOf(files).map(({ length }) => length)).toEqual([50, 50, 21]);
    expect(batchesOf(files).flat()).toEqual(files);
  });

  it("sends a large file by itself", () => {
    expect(namesOf([named("a.md"), named("large.pdf", 20_000_001), named("b.md")])).toEqual([
      ["a.md"],
      ["large.pdf"],
      ["b.md"],
    ]);
  });

  it("sends nothing where there is nothing", () => {
    expect(batchesOf([])).toEqual([]);
  });
});

describe("withoutHidden", () => {
  it("leaves out what folders hide, and counts it", () => {
    const given = withoutHidden([named("notes/a.md"), named("notes/.git/config"), named("notes/.DS_Store")]);
    expect(given.files.map(({ name }) => name)).toEqual(["notes/a.md"]);
    expect(given.hidden).toBe(2);
  });

  it("takes a hidden file or folder that was named by itself", () => {
    const given = withoutHidden([named(".notes.md"), named(".notes/a.md")]);
    expect(given.files.map(({ name }) => name)).toEqual([".notes.md", ".notes/a.md"]);
    expect(given.hidden).toBe(0);
  });
});
