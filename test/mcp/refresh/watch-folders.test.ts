import { rename, rm } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  createFolderWatch,
  createWatchRoom,
  type FolderWatch,
  foldersOf,
} from "../../../src/mcp/refresh/watch-folders.ts";
import { createFolder, type TemporaryFolder } from "../../ingest/temporary-folder.ts";
import { DOCUMENT } from "../../server/fake-use-cases.ts";

describe("foldersOf", () => {
  it("names the folders of files and those above them, up to the root", () => {
    const of = (root: string, source: string) => ({ ...DOCUMENT, root, source });
    const documents = [of("/a/b", "c/d/e.md"), of("/a/b", "c/f.md"), of("/x/y.md", "y.md"), of("uploads", "z/u.md")];
    expect([...foldersOf(documents)].toSorted()).toEqual(["/a/b", "/a/b/c", "/a/b/c/d", "/x/y.md"]);
    expect([...foldersOf([of("/", "a/b.md")])].toSorted()).toEqual(["/", "/a"]);
  });
});

describe.runIf(process.platform === "linux")("createFolderWatch", () => {
  async function watching(
    files: Readonly<Record<string, string>>,
    room = createWatchRoom(),
  ): Promise<{ readonly folder: TemporaryFolder; readonly watch: FolderWatch; readonly folders: ReadonlySet<string> }> {
    const folder = await createFolder(files);
    const watch = createFolderWatch(room);
    onTestFinished(() => watch.close());
    const folders = foldersOf(Object.keys(files).map((source) => ({ ...DOCUMENT, root: folder.path, source })));
    watch.follow(folders);
    return { folder, watch, folders };
  }

  it("hears of what is written, made and removed at once, but not of hidden files", async () => {
    const { folder, watch } = await watching({ "a.md": "a", "sub/b.md": "b" });
    // What came before the watch is not known.
    expect(await watch.hasChanged()).toBe(true);
    for (const change of [
      async () => folder.write({ "sub/b.md": "other" }),
      async () => folder.write({ "new.md": "new" }),
      async () => rm(path.join(folder.path, "new.md")),
      async () => folder.write({ "made/c.md": "c" }),
    ]) {
      watch.forget();
      expect(await watch.hasChanged()).toBe(false);
      await change();
      expect(await watch.hasChanged()).toBe(true);
    }
    watch.forget();
    await folder.write({ ".hidden.md": "x", "sub/.b.md.swp": "x" });
    expect(await watch.hasChanged()).toBe(false);
  });

  it("hears of a folder that was made anew once it is followed again", async () => {
    const { folder, watch, folders } = await watching({ "sub/b.md": "b" });
    await rename(path.join(folder.path, "sub"), path.join(folder.path, "other"));
    await folder.write({ "sub/b.md": "b" });
    expect(await watch.hasChanged()).toBe(true);
    watch.forget();
    watch.follow(folders);
    expect(await watch.hasChanged()).toBe(true);
    watch.forget();
    await folder.write({ "sub/b.md": "changed" });
    expect(await watch.hasChanged()).toBe(true);
  });

  it("watches all folders or none, within what is left of the room that watches share", async () => {
    const room = { left: 3 };
    const { folder, watch, folders } = await watching({ "a.md": "a", "sub/b.md": "b" }, room);
    expect(room).toEqual({ left: 1 });
    const other = createFolderWatch(room);
    onTestFinished(() => other.close());
    other.follow(folders);
    await folder.write({ "a.md": "other" });
    expect(await other.hasChanged()).toBe(false);
    expect(room).toEqual({ left: 1 });
    watch.close();
    other.follow(folders);
    expect(await other.hasChanged()).toBe(true);
    other.close();
    expect(room).toEqual({ left: 3 });
  });

  it("leaves what is not to be followed any more, and what is gone", async () => {
    const { folder, watch, folders } = await watching({ "a.md": "a", "sub/b.md": "b" });
    watch.follow(new Set([folder.path, path.join(folder.path, "nowhere")]));
    watch.forget();
    await folder.write({ "sub/b.md": "other" });
    expect(await watch.hasChanged()).toBe(false);
    watch.close();
    watch.follow(folders);
    await folder.write({ "a.md": "more" });
    watch.forget();
    expect(await watch.hasChanged()).toBe(false);
  });
});
