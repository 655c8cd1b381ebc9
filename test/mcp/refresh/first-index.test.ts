import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { createFirstIndex } from "../../../src/mcp/refresh/first-index.ts";
import { createFolder } from "../../ingest/temporary-folder.ts";

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

  it("is known as made by the server itself, unless it was given up", async () => {
    const { path: root } = await createFolder();
    const options = { root, dataFolder: path.join(root, ".citewell"), collection: "default" };
    const index = createFirstIndex(options);
    expect(index.isAutomatic()).toBe(false);
    await index.begin();
    await index.end();
    expect(createFirstIndex(options).isAutomatic()).toBe(true);
    await index.giveUp();
    expect(createFirstIndex(options).isAutomatic()).toBe(false);
  });

  it("does not bring back a project that was deleted", async () => {
    const { path: root } = await createFolder();
    const index = createFirstIndex({ root, dataFolder: path.join(root, ".citewell"), collection: "default" });
    await rm(root, { recursive: true });
    await expect(index.begin()).rejects.toThrow(/project's folder .* is gone/);
    expect(existsSync(root)).toBe(false);
  });

  it("says what to do about a data folder that cannot be written to", async () => {
    const { path: root } = await createFolder({ data: "a file" });
    await mkdir(path.join(root, "sub"));
    const index = createFirstIndex({ root, dataFolder: path.join(root, "data"), collection: "default" });
    await expect(index.begin()).rejects.toThrow(/data can't be written to .* give another with --data/);
  });
});
