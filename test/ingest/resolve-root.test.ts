import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { resolveRoots } from "../../ingest/resolve-root.ts";

async function homeWithNotes(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), "citewell-home-"));
  onTestFinished(async () => rm(home, { recursive: true }));
  vi.stubEnv("HOME", home);
  vi.stubEnv("USERPROFILE", home);
  onTestFinished(() => void vi.unstubAllEnvs());
  await mkdir(join(home, "notes"));
  await writeFile(join(home, "notes", "a.md"), "a");
  return home;
}

it("takes a tilde that the shell left alone for the home folder", async () => {
  const home = await homeWithNotes();
  expect(await resolveRoots(["~/notes"])).toEqual([{ root: join(home, "notes"), kind: "folder", globs: null }]);
  expect(await resolveRoots(["~/notes/*.md"])).toEqual([
    { root: join(home, "notes"), kind: "folder", globs: ["*.md"] },
  ]);
});

it("names a path below the home folder that is not there", async () => {
  const home = await homeWithNotes();
  await expect(resolveRoots(["~/nothing"])).rejects.toThrow(
    `There is no file or folder ${join(home, "nothing")}; check the path`,
  );
});
