import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as exitCodes from "../../src/cli/exit-codes.ts";
import { createMetrics } from "../../src/server/metrics.ts";
import { runProgram } from "../cli/run-program.ts";
import { HANDBOOK, readPage, readPages } from "./read-corpus.ts";

const ROOT = join(HANDBOOK, "../..");

/** Messages of other programs that the page quotes. */
const FOREIGN: ReadonlySet<string> = new Set([
  'Unknown file extension ".ts"',
  "npm ci",
  "EBADENGINE",
  "origin_refused",
]);

/** The sources with every value of a template, and every join of two strings, taken out. */
const sources = globSync("{src,ingest}/**/*.ts", { cwd: ROOT })
  .map((file) => readFileSync(join(ROOT, file), "utf8"))
  .join("\n")
  .replaceAll(/["'`]\s*\+\s*["'`]/g, "")
  .replaceAll(/\$\{[^}]*\}/g, "…");

/** The fixed words of a quoted message: without values, names of settings, and what stands for one. */
function fixedWords(quote: string): readonly string[] {
  return quote
    .split(/…|\b\d[\d.]*\b|\b[A-Z]+(?:_[A-Z]+)+\b/)
    .map((part) => part.trim())
    .filter((part) => /\w/.test(part));
}

describe("messages that the handbook quotes", () => {
  const page = readPage(HANDBOOK, "troubleshooting.md");
  const quotes = Array.from(page.matchAll(/^\*\*.*?\*\*/gm), ([label]) => label)
    .flatMap((label) => Array.from(label.matchAll(/`([^`]+)`/g), ([, quote = ""]) => quote))
    .filter((quote) => !FOREIGN.has(quote) && quote.includes(" "))
    .filter((quote) => !quote.startsWith("citewell "));

  it("are those of the program", () => {
    expect(quotes.length).toBeGreaterThan(20);
    const unknown = quotes.filter((quote) => fixedWords(quote).some((words) => !sources.includes(words)));
    expect(unknown).toEqual([]);
  });

  it("show wrong settings as they are reported", async () => {
    const cwd = mkdtempSync(join(tmpdir(), "citewell-quotes-"));
    try {
      writeFileSync(join(cwd, "citewell.config.json"), '{"stroe": "embedded"}');
      const { exitCode, stderr } = await runProgram(["status"], { cwd, env: { PORT: "80a" } });
      expect(exitCode).toBe(2);
      expect(readPage(HANDBOOK, "settings.md")).toContain(`\n${stderr}`);
    } finally {
      rmSync(cwd, { recursive: true, force: true });
    }
  });
});

describe("what programs read off", () => {
  it("has every exit code on the page of commands, and no other", () => {
    const listed = Array.from(readPage(HANDBOOK, "commands.md").matchAll(/^- Exit code (\d+) means /gm), ([, code]) =>
      Number(code),
    );
    const known = Object.values(exitCodes).filter((value) => typeof value === "number");
    expect(listed).toEqual(known);
  });

  it("has every metric of citewell's own on the page of the HTTP interface", async () => {
    const names = Array.from((await createMetrics().render()).matchAll(/^# TYPE (citewell_\w+)/gm), ([, name]) => name);
    expect(names.length).toBeGreaterThan(3);
    const page = readPage(HANDBOOK, "http.md");
    expect(names.filter((name) => !page.includes(`\`${String(name)}\``))).toEqual([]);
  });
});

describe("commands that the handbook and the README show", () => {
  const README = { source: "README", text: readFileSync(join(ROOT, "README.md"), "utf8") };
  const shown = [...readPages(HANDBOOK), README].flatMap(({ source, text }) =>
    Array.from(
      text.matchAll(
        /(?:citewell|npm run(?: --silent)?) (ingest|ask|search|chat|serve|mcp|status|remove|doctor)\b([^`\n|#]*)/g,
      ),
      ([line, command = "", rest = ""]) => ({
        source,
        line,
        command,
        flags: rest.match(/(?<= )--[a-z][a-z-]*/g) ?? [],
      }),
    ),
  );

  it("have flags that exist", async () => {
    const known = new Map<string, string>();
    for (const { command } of shown) {
      if (!known.has(command)) known.set(command, (await runProgram([command, "--help"])).stdout);
    }
    expect(shown.filter(({ flags }) => flags.length > 0).length).toBeGreaterThan(20);
    const wrong = shown.filter(({ command, flags }) => flags.some((flag) => !known.get(command)?.includes(`${flag} `)));
    expect(wrong.map(({ source, line }) => `${source}: ${line}`)).toEqual([]);
  });
});
