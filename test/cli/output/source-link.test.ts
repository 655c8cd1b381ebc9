import { PassThrough } from "node:stream";
import picocolors from "picocolors";
import { expect, it } from "vitest";
import { formatPlace, pathOf } from "../../../src/cli/output/source-link.ts";
import { printableName } from "../../../src/cli/output/text-layout.ts";

it.each([
  [{ root: "/work/docs", source: "guide/a.md" }, "docs/guide/a.md"],
  [{ root: "/work/docs", source: "note: today.md" }, "docs/note: today.md"],
  [{ root: "/work/docs/a.md", source: "a.md" }, "docs/a.md"],
  [{ root: "https://example.com/", source: "https://example.com/a" }, "https://example.com/a"],
  [{ root: "uploads", source: "notes.md" }, "uploads/notes.md"],
])("gives the path of %j from the working folder", (place, shown) => {
  expect(pathOf(place, "/work")).toBe(shown);
});

it("lets no name end its link early, or turn the line around", () => {
  const source = "https://example.com/\u009Cgpj\u202E.exe";
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const isTerminal = { stdin: true, stdout: true, stderr: true };
  const io = { cwd: "/work", env: {}, stdin, stdout, stderr, isTerminal };
  const shown = formatPlace({ root: source, source }, { io, colors: picocolors.createColors(true) });
  expect(shown).toContain("]8;;https://example.com/%C2%9Cgpj%E2%80%AE.exe\u001B\\");
  expect(shown).not.toMatch(/[\u0080-\u009F\u202E]/);
  expect(printableName("a\u202Eb\u2066\n")).toBe("a\uFFFDb\uFFFD\u240A");
});
