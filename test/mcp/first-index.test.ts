import { mkdir } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { createFirstIndex, isProjectFolder, projectFolderOf } from "../../src/mcp/first-index.ts";
import { createFolder } from "../ingest/temporary-folder.ts";

describe("isProjectFolder", () => {
  it.each([".git/HEAD", "package.json", "pyproject.toml", "Cargo.toml", "go.mod"])(
    "knows a project by %s",
    async (mark) => {
      const { path: folder } = await createFolder({ [mark]: "" });
      expect(isProjectFolder(folder)).toBe(true);
    },
  );

  it("takes no other folder, no home folder and no top of a disk", async () => {
    const { path: plain } = await createFolder({ "notes.md": "x" });
    const { path: home } = await createFolder({ ".git/HEAD": "x" });
    expect([isProjectFolder(plain), isProjectFolder(home, home), isProjectFolder(path.parse(home).root)]).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe("projectFolderOf", () => {
  it.each([
    [".citewell", "/work", "/work"],
    ["/project/.citewell", "/home/ada", "/project"],
    ["/var/lib/citewell", "/work", "/work"],
  ])("of the data folder %s in %s is %s", (dataFolder, cwd, folder) => {
    expect(projectFolderOf({ dataFolder, cwd })).toBe(folder);
  });
});

describe("createFirstIndex", () => {
  it("is unfinished from its beginning to its end, for every process", async () => {
    const { path: root } = await createFolder();
    const options = { root, dataFolder: path.join(root, "data/deep"), collection: "a/b" };
    const index = createFirstIndex(options);
    expect(index.isUnfinished()).toBe(false);
    await index.begin();
    expect(createFirstIndex(options).isUnfinished()).toBe(true);
    await index.end();
    expect(createFirstIndex(options).isUnfinished()).toBe(false);
  });

  it("says what to do about a data folder that cannot be written to", async () => {
    const { path: root } = await createFolder({ data: "a file" });
    await mkdir(path.join(root, "sub"));
    const index = createFirstIndex({ root, dataFolder: path.join(root, "data"), collection: "default" });
    await expect(index.begin()).rejects.toThrow(/data can't be written to .* give another with --data/);
  });
});
