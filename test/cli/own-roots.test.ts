import { symlink } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { createOwnRoots } from "../../src/cli/own-roots.ts";
import { loadConfig, type SettingFlags } from "../../src/config.ts";
import type { OwnRoots } from "../../src/mcp/own-roots.ts";
import { createFolder } from "../ingest/temporary-folder.ts";

const FILES = { "home/.ssh/config": "x", "home/notes/old/a.md": "x", "repo/docs/a.md": "x", "other/docs/a.md": "x" };

interface Opened {
  readonly at: (relative: string) => string;
  readonly open: (options?: {
    readonly cwd?: string;
    readonly flags?: SettingFlags;
    readonly env?: object;
  }) => OwnRoots;
}

async function openRoots(files: Readonly<Record<string, string>> = FILES): Promise<Opened> {
  const { path: folder } = await createFolder(files);
  const at = (relative: string): string => path.join(folder, relative);
  return {
    at,
    open({ cwd = "repo", flags = {}, env = {} } = {}) {
      const all = { HOME: at("home"), ...env };
      return createOwnRoots(loadConfig({ cwd: at(cwd), env: all, flags }), { cwd: at(cwd), env: all });
    },
  };
}

it("takes what lies in the project, and not what a planted data folder names outside of it", async () => {
  const { at, open } = await openRoots();
  await symlink(at("home/.ssh"), at("repo/keys"));
  const roots = ["repo", "repo/docs", "repo/gone", "home/.ssh", "repo/keys", "repo/../home"];
  expect(roots.filter((root) => open().has(at(root)))).toEqual(["repo", "repo/docs", "repo/gone"]);
});

it("takes a data folder in the project for the project's, whoever names it", async () => {
  const { at, open } = await openRoots({ ...FILES, "named/.env": "CITEWELL_DATA=../elsewhere\n" });
  const data = at("repo/.citewell");
  expect(open({ flags: { dataFolder: data } }).has(at("home/.ssh"))).toBe(false);
  expect(open({ cwd: "other", env: { CITEWELL_DATA: data } }).has(at("home/.ssh"))).toBe(false);
  expect(open({ cwd: "named" }).has(at("home/.ssh"))).toBe(false);
});

it("takes every root of a store elsewhere that a flag or the environment names", async () => {
  const { at, open } = await openRoots();
  expect(open({ flags: { dataFolder: at("data") } }).has(at("home/notes"))).toBe(true);
  expect(open({ env: { CITEWELL_STORE: "http://localhost:6333" } }).has(at("home/notes"))).toBe(true);
});

it("remembers for other processes what the user has named, for the same store alone", async () => {
  const { at, open } = await openRoots();
  open().add(["../home/notes", "../home/.s*/*", "docs", "https://example.org/", "~/notes/gone/*.md"]);
  expect(open().has(at("home/notes"))).toBe(true);
  expect(open().has(at("home/notes/old"))).toBe(true);
  expect(open().has(at("home/.ssh"))).toBe(true);
  expect(open({ cwd: "other" }).has(at("home/notes"))).toBe(false);
});

it("remembers no folder above a path that is not there", async () => {
  const { at, open } = await openRoots();
  open().add([at("home/note"), "../home/note"]);
  expect(["home", "home/notes", "home/.ssh"].filter((root) => open().has(at(root)))).toEqual([]);
});
