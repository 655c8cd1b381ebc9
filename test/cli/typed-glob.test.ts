import path from "node:path";
import { expect, it } from "vitest";
import { typedGlob } from "../../src/cli/typed-glob.ts";

it("takes the separators of Windows for slashes, and there only", () => {
  expect(typedGlob(String.raw`docs\**\*.md`, path.win32)).toBe("docs/**/*.md");
  expect(typedGlob(String.raw`notes \[old\].md`, path.posix)).toBe(String.raw`notes \[old\].md`);
});
