import { execFileSync } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { findFiles, type FindFilesOptions, type FoundRoot, isBelow } from "../../ingest/find-files.ts";
import { resolveRoots } from "../../ingest/resolve-root.ts";
import { createFolder } from "./temporary-folder.ts";

async function find(given: string, options: FindFilesOptions = {}): Promise<FoundRoot> {
  const [root] = await resolveRoots([given]);
  if (root === undefined) throw new Error("no root");
  return await findFiles(root, options);
}

const sourcesOf = ({ files }: FoundRoot): readonly string[] => files.map(({ source }) => source);

describe("findFiles", () => {
  it("finds files in every folder, sorted, with their sizes", async () => {
    const folder = await createFolder({ "b.md": "two", "a/z.md": "one", "a.md": "three" });
    const found = await find(folder.path);
    expect(sourcesOf(found)).toEqual(["a.md", "a/z.md", "b.md"]);
    expect(found.files[0]).toMatchObject({ root: folder.path, bytes: 5, absolutePath: `${folder.path}/a.md` });
  });

  it("leaves out hidden entries, node_modules and the data folder", async () => {
    const folder = await createFolder({
      "a.md": "1",
      ".git/config": "1",
      ".hidden.md": "1",
      "node_modules/x/readme.md": "1",
      ".citewell/store.db": "1",
      "data/store.txt": "1",
    });
    expect(sourcesOf(await find(folder.path, { skipFolders: [path.join(folder.path, "data")] }))).toEqual(["a.md"]);
  });

  it("leaves out what Windows keeps in folders and shows to nobody", async () => {
    const folder = await createFolder({
      "a.md": "1",
      "desktop.ini": "[.ShellClassInfo]",
      "Thumbs.db": "1",
      "$RECYCLE.BIN/S-1-5/deleted.md": "1",
      "System Volume Information/x.md": "1",
    });
    expect(await find(folder.path)).toMatchObject({ files: [{ source: "a.md" }], unfound: [] });
  });

  it("leaves out the data folder where the root is reached by a link, as /tmp is on macOS", async () => {
    const folder = await createFolder({ "a.md": "1", "data/note.md": "1" });
    const elsewhere = await createFolder();
    const link = path.join(elsewhere.path, "link");
    await symlink(folder.path, link);
    expect(sourcesOf(await find(link, { skipFolders: [path.join(folder.path, "data")] }))).toEqual(["a.md"]);
    expect(sourcesOf(await find(folder.path, { skipFolders: [path.join(link, "data")] }))).toEqual(["a.md"]);
  });

  it("counts everything as below the top of a disk", () => {
    expect(isBelow("/", "/notes/a.md")).toBe(true);
    expect(isBelow("/notes", "/notes/a.md")).toBe(true);
    expect(isBelow("/notes", "/notes-old/a.md")).toBe(false);
  });

  it("honours ignore files at every level, the nearest first", async () => {
    const folder = await createFolder({
      ".gitignore": "*.log\nbuild/\n",
      ".citewellignore": "secret.md\n",
      "a.log": "1",
      "a.md": "1",
      "secret.md": "1",
      "build/out.md": "1",
      "sub/.gitignore": "!keep.log\n/only-here.md\n",
      "sub/keep.log": "1",
      "sub/other.log": "1",
      "sub/only-here.md": "1",
      "sub/deep/only-here.md": "1",
      "sub/secret.md": "1",
    });
    expect(sourcesOf(await find(folder.path))).toEqual(["a.md", "sub/deep/only-here.md", "sub/keep.log"]);
  });

  it("honours ignore files with a mark in front, and those in UTF-16, as programs of Windows write them", async () => {
    const folder = await createFolder({
      ".citewellignore": Buffer.from("\uFEFFprivate/\r\nkäfer.md\r\n", "utf16le"),
      ".gitignore": "\uFEFFdraft.md\r\nold.md\r\n",
      "a.md": "1",
      "draft.md": "1",
      "old.md": "1",
      "käfer.md": "1",
      "private/b.md": "1",
    });
    expect(sourcesOf(await find(folder.path))).toEqual(["a.md"]);
  });

  it("knows names by their letters, whether those have their marks in one character or in two", async () => {
    const apart = (name: string): string => name.normalize("NFD");
    const folder = await createFolder({
      ".gitignore": "größe.md\n",
      [apart("größe.md")]: "1",
      [apart("käfer.md")]: "1",
      [apart("übung.md")]: "1",
    });
    expect(sourcesOf(await find(folder.path))).toEqual([apart("käfer.md"), apart("übung.md")]);
    expect(sourcesOf(await find(folder.path, { include: ["k?fer.md"] }))).toEqual([apart("käfer.md")]);
    expect(sourcesOf(await find(folder.path, { exclude: ["käfer.md"] }))).toEqual([apart("übung.md")]);
    expect(sourcesOf(await find(`${folder.path}/ü*.md`))).toEqual([apart("übung.md")]);
  });

  it.runIf(process.platform === "linux")("tells cases apart in ignore files, as git does on Linux", async () => {
    const folder = await createFolder({ ".gitignore": "Data/\nNOTES.md\n", "data/a.md": "1", "notes.md": "1" });
    expect(sourcesOf(await find(folder.path))).toEqual(["data/a.md", "notes.md"]);
  });

  it("honours ignore files above the root within its repository, unless they leave out the root itself", async () => {
    const folder = await createFolder({
      ".gitignore": "outside.md\n",
      "repository/.git/config": "1",
      "repository/.gitignore": "*.log\n/docs/build/\n/made/\n",
      "repository/docs/.citewellignore": "drafts/\n",
      "repository/docs/guide/a.md": "1",
      "repository/docs/guide/a.log": "1",
      "repository/docs/guide/outside.md": "1",
      "repository/docs/guide/drafts/d.md": "1",
      "repository/docs/build/b.md": "1",
      "repository/made/c.md": "1",
      "repository/made/c.log": "1",
    });
    const repository = path.join(folder.path, "repository");
    expect(sourcesOf(await find(path.join(repository, "docs")))).toEqual(["guide/a.md", "guide/outside.md"]);
    expect(sourcesOf(await find(path.join(repository, "docs/guide")))).toEqual(["a.md", "outside.md"]);
    // Whoever names a folder that git ignores wants what is in it.
    expect(sourcesOf(await find(path.join(repository, "made")))).toEqual(["c.log", "c.md"]);
  });

  it("takes a root that git ignores, where its name has letters and marks apart and the rule has them together", async () => {
    const apart = "gebäude".normalize("NFD");
    const folder = await createFolder({ ".git/config": "1", ".gitignore": "/gebäude/\n", [`${apart}/a.md`]: "1" });
    expect(sourcesOf(await find(path.join(folder.path, apart)))).toEqual(["a.md"]);
  });

  it("narrows by include and exclude", async () => {
    const folder = await createFolder({ "a.md": "1", "b.ts": "1", "drafts/c.md": "1" });
    expect(sourcesOf(await find(folder.path, { include: ["**/*.md"], exclude: ["drafts/**"] }))).toEqual(["a.md"]);
  });

  it("takes a file given as root by its name, whatever that is", async () => {
    const folder = await createFolder({ ".notes.md": "1", ".gitignore": "*" });
    const file = `${folder.path}/.notes.md`;
    expect((await find(file)).files).toMatchObject([{ root: file, source: ".notes.md" }]);
  });

  it("takes a glob as its folder limited to what matches", async () => {
    const folder = await createFolder({ "docs/a.md": "1", "docs/b.ts": "1", "docs/sub/c.md": "1", "d.md": "1" });
    const found = await find(`${folder.path}/docs/**/*.md`);
    expect(sourcesOf(found)).toEqual(["a.md", "sub/c.md"]);
    expect(found.files[0]?.root).toBe(`${folder.path}/docs`);
  });

  it("takes a file with brackets in its name as a file", async () => {
    const folder = await createFolder({ "[id].md": "1" });
    expect(sourcesOf(await find(`${folder.path}/[id].md`))).toEqual(["[id].md"]);
  });

  it("follows links within the root once, and reports those that lead out or nowhere", async () => {
    const outside = await createFolder({ "x.md": "1" });
    const folder = await createFolder({ "z/real.md": "1" });
    await symlink(path.join(folder.path, "z"), path.join(folder.path, "a-link"));
    await symlink(folder.path, path.join(folder.path, "z", "loop"));
    await symlink(outside.path, path.join(folder.path, "outside"));
    await symlink("nowhere", path.join(folder.path, "broken"));
    const found = await find(folder.path);
    expect(sourcesOf(found)).toEqual(["z/real.md"]);
    expect(found.unfound.map(({ source, status }) => [source, status])).toEqual([
      ["broken", "skipped"],
      ["outside", "skipped"],
    ]);
  });

  it("leaves out what the repository's user alone leaves out, unless .gitignore takes it in", async () => {
    const folder = await createFolder({
      "a.md": "1",
      "own.md": "1",
      "kept.md": "1",
      ".gitignore": "!kept.md",
      ".git/info/exclude": "own.md\nkept.md\n",
    });
    expect(sourcesOf(await find(folder.path))).toEqual(["a.md", "kept.md"]);
  });

  it("leaves out what programs write for programs, unless it is asked for by itself", async () => {
    const folder = await createFolder({
      "a.js": "1",
      "app.min.js": "1",
      "app.js.map": "1",
      "roadmap.map": "1",
      "web/package-lock.json": "1",
      "web/package.json": "1",
    });
    const found = await find(folder.path);
    expect(sourcesOf(found)).toEqual(["a.js", "roadmap.map", "web/package.json"]);
    expect(found.unfound).toMatchObject([
      { source: "app.js.map", status: "skipped", reason: expect.stringMatching(/^a source map, written for programs/) },
      { source: "app.min.js", reason: expect.stringMatching(/^minified code/) },
      {
        source: "web/package-lock.json",
        reason: expect.stringMatching(/^a lock file.*name the file itself as a root/),
      },
    ]);
    expect(sourcesOf(await find(`${folder.path}/web/package-lock.json`))).toEqual(["package-lock.json"]);
  });

  it("takes a file once where a link leads to it as well, and by the link where it is left out itself", async () => {
    const folder = await createFolder({ "AGENTS.md": "1", "drafts/plan.md": "1", ".citewellignore": "drafts/" });
    await symlink("AGENTS.md", path.join(folder.path, "A-link.md"));
    await symlink("drafts/plan.md", path.join(folder.path, "plan.md"));
    const found = await find(folder.path);
    expect(sourcesOf(found)).toEqual(["AGENTS.md", "plan.md"]);
    expect(found.unfound).toMatchObject([
      { source: "A-link.md", status: "skipped", reason: "a link to AGENTS.md, which is read anyway" },
    ]);
  });

  it.skipIf(process.platform === "win32")("does not wait for a pipe", async () => {
    const folder = await createFolder({ "a.md": "1" });
    execFileSync("mkfifo", [path.join(folder.path, "pipe")]);
    const found = await find(folder.path);
    expect(sourcesOf(found)).toEqual(["a.md"]);
    expect(found.unfound).toMatchObject([{ source: "pipe", reason: "not a regular file" }]);
  });

  it("gives nothing for an empty folder", async () => {
    const folder = await createFolder();
    await mkdir(path.join(folder.path, "empty"));
    expect(await find(folder.path)).toMatchObject({ files: [], unfound: [], empty: [{ source: "empty" }] });
  });

  it("stops when it is cancelled", async () => {
    const folder = await createFolder({ "a.md": "1" });
    const reason = new Error("enough");
    await expect(find(folder.path, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

describe("resolveRoots", () => {
  it("names a path that is not there", async () => {
    await expect(resolveRoots(["/no/such/folder"])).rejects.toMatchObject({
      code: "path_not_found",
      message: expect.stringContaining("/no/such/folder"),
    });
  });

  it("takes web addresses without their fragments, and refuses other schemes", async () => {
    expect(await resolveRoots(["HTTPS://Example.com/a#b", "https://example.com/a"])).toEqual([
      { root: "https://example.com/a", kind: "web", globs: null },
    ]);
    await expect(resolveRoots(["ftp://example.com/a"])).rejects.toMatchObject({ code: "usage_invalid" });
  });

  it("takes a root given twice once, and unlimited where one of them is", async () => {
    const folder = await createFolder({ "a.md": "1" });
    expect(await resolveRoots([folder.path, `${folder.path}/`])).toHaveLength(1);
    expect(await resolveRoots([`${folder.path}/*.md`, `${folder.path}/*.ts`])).toMatchObject([
      { globs: ["*.md", "*.ts"] },
    ]);
    expect(await resolveRoots([`${folder.path}/*.md`, folder.path])).toMatchObject([{ globs: null }]);
  });

  it.skipIf(process.platform !== "linux")("names what it cannot reach because its name is not UTF-8", async () => {
    const folder = await createFolder({ "a.md": "1" });
    const odd = (name: string): Buffer => Buffer.concat([Buffer.from(`${folder.path}/`), Buffer.from(name, "latin1")]);
    await writeFile(odd("b\xE4r.md"), "2");
    await mkdir(odd("d\xE4"));
    await symlink("a.md", odd("l\xE4.md"));
    const { files, unfound } = await find(folder.path);
    expect(files.map(({ source }) => source)).toEqual(["a.md"]);
    const reason = "its name is not valid UTF-8; rename it";
    expect(unfound).toMatchObject(
      ["b\uFFFDr.md", "d\uFFFD", "l\uFFFD.md"].map((source) => ({ source, status: "failed", reason })),
    );
  });
});
