import { existsSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { isProjectFolder, projectAbove, projectFolderOf } from "../../src/mcp/project-folder.ts";
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

it("knows a home folder in another case of its path, as Windows and macOS give it", async () => {
  const { path: home } = await createFolder({ ".git/HEAD": "x", "notes/a.md": "x" });
  expect(isProjectFolder(home, home.toUpperCase())).toBe(false);
  expect(projectAbove(path.join(home, "notes"), { home: home.toUpperCase() })).toBe(path.join(home, "notes"));
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

describe("projectAbove", () => {
  it.each([
    ["the top of a working copy", { ".git/HEAD": "x", "packages/one/package.json": "{}" }, "packages/one", "."],
    [
      "a working copy in another one",
      { ".git/HEAD": "x", "vendor/one/.git": "gitdir: x" },
      "vendor/one/src",
      "vendor/one",
    ],
    ["an indexed part of it", { ".git/HEAD": "x", "docs/.citewell/a": "" }, "docs/guide", "docs"],
    ["an index where nothing is kept in versions", { ".citewell/a": "", "notes/a.md": "x" }, "notes", "."],
    [
      "the folder itself, rather than an index above the working copy",
      { ".citewell/a": "", "one/.git/HEAD": "" },
      "one",
      "one",
    ],
    ["the folder itself where there is neither", { "one/package.json": "{}" }, "one/src", "one/src"],
  ])("is %s", async (_, files, from, project) => {
    const { path: folder } = await createFolder({ ...files, [`${from}/a.ts`]: "x" });
    expect(path.relative(folder, projectAbove(path.join(folder, from), { home: "/home/nobody" }))).toBe(
      project === "." ? "" : project,
    );
  });

  it("is never the home folder", async () => {
    const { path: home } = await createFolder({ ".git/HEAD": "x", ".citewell/a": "", "notes/a.md": "x" });
    expect(projectAbove(path.join(home, "notes"), { home })).toBe(path.join(home, "notes"));
    expect(projectAbove(home, { home })).toBe(home);
  });
});

describe("projectAbove in a folder that several users share", () => {
  const [ann, bob] = [1_001, 1_002];
  const shared = { ".citewell/a": "", ".env": "", "ann/notes/a.md": "x" };
  const search = async (
    owners: Readonly<Record<string, number>>,
    { user = ann, files = shared }: { readonly user?: number; readonly files?: Readonly<Record<string, string>> } = {},
  ): Promise<{ readonly project: string; readonly foreign: readonly string[] }> => {
    const { path: folder } = await createFolder(files);
    const foreign: string[] = [];
    const project = projectAbove(path.join(folder, "ann/notes"), {
      home: path.dirname(folder),
      user,
      ownerOf: (place) =>
        existsSync(place) ? (owners[path.relative(folder, place)] ?? (place.startsWith(folder) ? user : 0)) : undefined,
      onForeign: (place) => foreign.push(path.relative(folder, place)),
    });
    return { project: path.relative(folder, project), foreign };
  };

  it.each([".citewell", ".env", ""])("takes nothing over where %j is another user's", async (place) => {
    expect(await search({ [place]: bob })).toEqual({ project: "ann/notes", foreign: [place] });
  });

  it("does not let another user's working copy be the limit", async () => {
    const files = { ...shared, "ann/.git/HEAD": "x" };
    expect(await search({ "ann/.git": bob }, { files })).toEqual({ project: "", foreign: ["ann/.git"] });
  });

  it("takes over what the user or the system's administrator owns", async () => {
    expect(await search({ "": 0, ".env": 0 })).toEqual({ project: "", foreign: [] });
  });

  it("takes over what the owner of the working folder has, as in a container", async () => {
    const owners = { "": bob, ".citewell": bob, ".env": bob, ann: bob, "ann/notes": bob };
    expect(await search(owners, { user: 0 })).toEqual({ project: "", foreign: [] });
  });

  it("says nothing of folders without a project", async () => {
    expect(await search({ "": bob }, { files: { "ann/notes/a.md": "x" } })).toEqual({
      project: "ann/notes",
      foreign: [],
    });
  });
});
