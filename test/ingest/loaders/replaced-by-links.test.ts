import { rename, rm, symlink } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { findFiles, type FoundFile } from "../../../ingest/find-files.ts";
import { loadFile } from "../../../ingest/loaders/load-document.ts";
import { resolveRoots } from "../../../ingest/resolve-root.ts";
import { createFolder } from "../temporary-folder.ts";

const LIMITS = { maxFileBytes: 1_000 };

async function find(folder: string, source: string): Promise<FoundFile> {
  const [root] = await resolveRoots([folder]);
  if (root === undefined) throw new TypeError(`${folder} is no root.`);
  const { files } = await findFiles(root);
  const file = files.find((one) => one.source === source);
  if (file === undefined) throw new TypeError(`${source} is not there.`);
  return file;
}

describe("a file that was found, and is a link by the time it is read", () => {
  it("is not read where the link leads out of the root", async () => {
    const [root, elsewhere] = [await createFolder({ "a.md": "mine" }), await createFolder({ "b.md": "not mine" })];
    const file = await find(root.path, "a.md");
    await rm(path.join(root.path, "a.md"));
    await symlink(path.join(elsewhere.path, "b.md"), path.join(root.path, "a.md"));
    expect(await loadFile(file, LIMITS)).toEqual({
      status: "skipped",
      reason: expect.stringMatching(/out of the root/),
    });
  });

  it("is not read where a folder above it has become the link", async () => {
    const [root, elsewhere] = [await createFolder({ "f/a.md": "mine" }), await createFolder({ "a.md": "not mine" })];
    const file = await find(root.path, "f/a.md");
    await rm(path.join(root.path, "f"), { recursive: true });
    await symlink(elsewhere.path, path.join(root.path, "f"));
    expect(await loadFile(file, LIMITS)).toMatchObject({ status: "skipped" });
  });

  it("is read where the link stays within the root, or the root itself is reached by a link", async () => {
    const root = await createFolder({ "a.md": "mine" });
    const file = await find(root.path, "a.md");
    await rename(path.join(root.path, "a.md"), path.join(root.path, "b.md"));
    await symlink("b.md", path.join(root.path, "a.md"));
    expect(await loadFile(file, LIMITS)).toMatchObject({ status: "loaded", document: { text: "mine" } });
    const other = await createFolder();
    await symlink(root.path, path.join(other.path, "link"));
    const linked = await find(path.join(other.path, "link"), "b.md");
    expect(await loadFile(linked, LIMITS)).toMatchObject({ status: "loaded" });
  });

  it("is read where the link itself was given", async () => {
    const [root, other] = [await createFolder({ "a.md": "mine" }), await createFolder()];
    await symlink(path.join(root.path, "a.md"), path.join(other.path, "given.md"));
    const file = await find(path.join(other.path, "given.md"), "given.md");
    expect(await loadFile(file, LIMITS)).toMatchObject({ status: "loaded" });
  });
});
