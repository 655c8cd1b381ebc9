import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, win32 } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { asSpelt, resolveRoots, toPosixPath } from "../../ingest/resolve-root.ts";

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

it.each([
  ["/Users/ada/notes", "/Users/ada/Notes", "/Users/ada/Notes"],
  ["/Users/ada/Käfer", "/Users/ada/Käfer".normalize("NFD"), "/Users/ada/Käfer".normalize("NFD")],
  [String.raw`c:\work\docs`, String.raw`C:\Work\Docs`, String.raw`C:\Work\Docs`],
  [String.raw`n:\docs`, String.raw`\\server\share\docs`, String.raw`N:\docs`],
  ["/tmp/notes", "/private/tmp/notes", "/tmp/notes"],
])("spells %s as the disk does, where that is %s", (given, real, root) => {
  expect(asSpelt(given, real)).toBe(root);
});

it("writes paths of Windows with slashes", () => {
  expect(toPosixPath(String.raw`C:\Work\Docs`, win32.sep)).toBe("C:/Work/Docs");
});

it("names a path below the home folder that is not there", async () => {
  const home = await homeWithNotes();
  await expect(resolveRoots(["~/nothing"])).rejects.toThrow(
    `There is no file or folder ${join(home, "nothing")}; check the path`,
  );
});
