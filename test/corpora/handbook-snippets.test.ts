import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HANDBOOK, readPages } from "./read-corpus.ts";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const COMPILER = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");

const README = { source: "README", text: readFileSync(join(ROOT, "README.md"), "utf8") };
const snippets = [...readPages(HANDBOOK), README].flatMap(({ source, text }) =>
  Array.from(text.matchAll(/^```ts\n([\s\S]*?)^```/gm), ([, code = ""], place) => ({ source, code, place })),
);

const OPTIONS = {
  strict: true,
  exactOptionalPropertyTypes: false,
  noPropertyAccessFromIndexSignature: false,
  noUnusedLocals: false,
  rootDir: "/",
  paths: { citewell: [join(ROOT, "src/index.ts")] },
};

describe("the snippets of the library in handbook and README", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "citewell-snippets-"));
    await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("compile as they stand, in a strict project", { timeout: 120_000 }, async () => {
    expect(snippets.length).toBeGreaterThan(9);
    for (const { source, code, place } of snippets)
      await writeFile(join(folder, `snippet-${source}-${String(place)}.mts`), `${code}export {};\n`);
    await writeFile(join(folder, "wrong.mts"), 'export const wrong: number = "a text";\n');
    const config = { extends: join(ROOT, "tsconfig.json"), compilerOptions: OPTIONS, include: [folder], exclude: [] };
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
    const output = await promisify(execFile)(process.execPath, [COMPILER, "-p", folder]).then(
      ({ stdout }) => stdout,
      (error: unknown) => (error instanceof Error && "stdout" in error ? String(error.stdout) : String(error)),
    );
    // The library's own files are checked with the project; one file that is wrong shows that anything is checked here.
    const errors = output.split("\n").flatMap((line) => /[^/]+\.mts\(.*$/.exec(line)?.[0] ?? []);
    expect(errors).toEqual([expect.stringContaining("wrong.mts(1,14): error TS2322")]);
  });
});
