import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { EXIT_CODES } from "../../src/cli/exit-codes.ts";
import { CitewellError, type CitewellErrorCode } from "../../src/errors.ts";
import { createSearchResult, runProgram } from "./run-program.ts";

const failing = (cause: unknown) => ({
  searchCorpus: async () => {
    throw cause;
  },
});

describe("the command line", () => {
  it("prints its version", async () => {
    const run = await runProgram(["--version"]);
    expect(run).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: "" });
  });

  it("shows help on standard output, with every command", async () => {
    const run = await runProgram(["-h"]);
    expect(run.exitCode).toBe(0);
    for (const name of ["ingest", "ask", "search", "chat", "serve", "mcp", "status", "remove", "doctor", "eval"]) {
      expect(run.stdout).toMatch(new RegExp(`^ {2}${name}\\b`, "m"));
    }
  });

  it("shows a command's help by `help` too", async () => {
    const run = await runProgram(["help", "search"]);
    expect(run).toMatchObject({ exitCode: 0, stderr: "", stdout: expect.stringContaining("Usage: citewell search") });
  });

  it.each([
    [["help", "eval", "run"], "Usage: citewell eval run"],
    [["eval", "help", "run"], "Usage: citewell eval run"],
    [["help", "eval"], "Usage: citewell eval "],
    [["help"], "Usage: citewell [options]"],
    [["help", "search", "words"], "Usage: citewell search"],
    [["help", "--json", "search"], "Usage: citewell search"],
  ])("shows by %j the help that is meant", async (args, usage) => {
    const run = await runProgram(args);
    expect(run).toMatchObject({ exitCode: 0, stderr: "", stdout: expect.stringContaining(usage), config: undefined });
  });

  it("shows help on standard error when no command is given", async () => {
    const run = await runProgram([]);
    expect(run).toMatchObject({ exitCode: 2, stdout: "" });
    expect(run.stderr).toContain("Usage: citewell");
  });

  it.each([
    [["serch", "x"], "citewell: Unknown command 'serch'. Did you mean search?\n"],
    [["help", "serch"], "citewell: Unknown command 'serch'. Did you mean search?\n"],
    [["help", "nope"], "citewell: Unknown command 'nope'. Run `citewell --help` to see what there is.\n"],
    [["eval", "help", "nope"], "citewell: Unknown command 'nope'. Run `citewell eval --help` to see what there is.\n"],
    [["help", "eval", "rum"], "citewell: Unknown command 'rum'. Did you mean run?\n"],
    [["search", "x", "--limt", "3"], "citewell: Unknown option '--limt'. Did you mean --limit?\n"],
    [["search", "x", "--jsn"], "citewell: Unknown option '--jsn'. Did you mean --json?\n"],
    [["search", "x", "--limit", "0"], /'0' is invalid\. A whole number from 1 to 100 is needed\.\n$/],
    [["search", "x", "--mode", "fast"], /Allowed choices are hybrid, dense, lexical\.\n$/],
    [["search", "x", "--quiet", "--verbose"], /contradict each other/],
    [["ingest"], /Missing required argument 'path'/],
    [["ingest", "--force", "--watch"], /Missing required argument 'path'/],
    [["ask", "x", "--limit", "51"], /A whole number from 1 to 50 is needed/],
    [
      ["serve", "--port", "80a"],
      'citewell: A setting is wrong: --port: "80a" is not a whole number from 0 to 65535.\n',
    ],
    [["eval", "run"], /'questions\.jsonl'. Run `citewell eval run --help` to see what there is\.\n$/],
    [
      ["ask", "-x"],
      /Run `citewell ask --help` to see what there is\. Words that begin with a dash go behind `--`\.\n$/,
    ],
    [["ingest", "docs", "--crawl", "21"], /A whole number from 0 to 20 is needed/],
  ])("refuses %j with exit code 2", async (args, sentence) => {
    const run = await runProgram(args);
    expect(run).toMatchObject({ exitCode: 2, stdout: "", config: undefined });
    if (typeof sentence === "string") expect(run.stderr).toBe(sentence);
    else expect(run.stderr).toMatch(sentence);
  });

  it("takes global flags before and after the command", async () => {
    const useCases = { searchCorpus: async () => createSearchResult() };
    const before = await runProgram(["--json", "--collection", "c", "search", "x"], { useCases });
    const after = await runProgram(["search", "x", "--json", "--collection", "c"], { useCases });
    expect(before.config?.collection).toBe("c");
    expect(after.config?.collection).toBe("c");
    expect(JSON.parse(before.stdout)).toEqual(JSON.parse(after.stdout));
  });

  it("hands --store and --data on as settings", async () => {
    const useCases = { searchCorpus: async () => createSearchResult() };
    const run = await runProgram(["search", "x", "--store", "http://db:6333", "--data", "d"], { useCases });
    expect(run.config).toMatchObject({ store: "http://db:6333", dataFolder: "/project/d" });
  });

  it("closes what it opened, after a failure too", async () => {
    const good = await runProgram(["search", "x"], { useCases: { searchCorpus: async () => createSearchResult() } });
    const bad = await runProgram(["search", "x"], { useCases: failing(new CitewellError("internal", "No.")) });
    expect([good.closed, bad.closed]).toEqual([1, 1]);
  });

  it("reads .env and the configuration file of the working folder", async () => {
    const cwd = mkdtempSync(join(tmpdir(), "citewell-cli-"));
    try {
      writeFileSync(join(cwd, ".env"), "CITEWELL_COLLECTION=from-env\n");
      writeFileSync(join(cwd, "citewell.config.json"), '{"dataFolder":"kept"}');
      const run = await runProgram(["search", "x"], {
        cwd,
        useCases: { searchCorpus: async () => createSearchResult() },
      });
      expect(run.config).toMatchObject({ collection: "from-env", dataFolder: join(cwd, "kept") });
    } finally {
      rmSync(cwd, { recursive: true, force: true });
    }
  });
});

describe("errors", () => {
  const codes = Object.keys(EXIT_CODES).filter((code): code is CitewellErrorCode => code in EXIT_CODES);

  it.each(codes)("give %s its exit code and one sentence on standard error", async (code) => {
    const run = await runProgram(["search", "x"], { useCases: failing(new CitewellError(code, "It is so. Do this.")) });
    expect(run).toMatchObject({ exitCode: EXIT_CODES[code], stdout: "", stderr: "citewell: It is so. Do this.\n" });
  });

  it("name the index of the project around the working folder, where nothing is stored in that", async () => {
    const project = mkdtempSync(join(tmpdir(), "citewell cli "));
    try {
      const cwd = join(project, "src");
      mkdirSync(join(project, ".citewell"));
      mkdirSync(cwd);
      const useCases = failing(new CitewellError("collection_missing", "Nothing is here."));
      const { stderr } = await runProgram(["search", "x"], { cwd, useCases });
      const data = join(project, ".citewell");
      expect(stderr).toContain(
        `Nothing is here. Or use the index of the project around this folder: --data '${data}'\n`,
      );
      const named = await runProgram(["search", "x", "--data", "d"], { cwd, useCases });
      expect(named.stderr).toBe("citewell: Nothing is here.\n");
    } finally {
      rmSync(project, { recursive: true, force: true });
    }
  });

  it.each([
    ["usage_invalid", 2],
    ["config_invalid", 2],
    ["deletion_refused", 2],
    ["path_not_found", 2],
    ["corpus_empty", 2],
    ["store_unavailable", 4],
    ["model_unavailable", 4],
    ["store_failed", 1],
    ["collection_missing", 1],
  ] as const)("map %s to %i", (code, exitCode) => {
    expect(EXIT_CODES[code]).toBe(exitCode);
  });

  it("are one JSON object on standard error with --json", async () => {
    const problems = [{ path: "--x", message: "is wrong" }];
    const error = new CitewellError("usage_invalid", "Two things.", { problems });
    const run = await runProgram(["search", "x", "--json"], { useCases: failing(error) });
    expect(run.stdout).toBe("");
    expect(JSON.parse(run.stderr)).toEqual({ error: { code: "usage_invalid", message: "Two things.", problems } });
  });

  it("are one JSON object for an interruption too", async () => {
    const signal = AbortSignal.abort(new DOMException("SIGINT", "AbortError"));
    const run = await runProgram(["search", "x", "--json"], { signal, useCases: failing(new Error("odd")) });
    const message = "interrupted; what was finished is kept.";
    expect(run.exitCode).toBe(130);
    expect(JSON.parse(run.stderr)).toEqual({ error: { code: "interrupted", message } });
  });

  it("come with a stack and causes only under --verbose", async () => {
    const error = new CitewellError("store_failed", "It broke.", { cause: new Error("disk on fire\u001B[31m") });
    const plain = await runProgram(["search", "x"], { useCases: failing(error) });
    expect(plain.stderr).toBe("citewell: It broke.\n");
    const verbose = await runProgram(["search", "x", "--verbose"], { useCases: failing(error) });
    expect(verbose.stderr).toMatch(/CitewellError: It broke\.\n\s+at [\s\S]*caused by Error: disk on fire␛\[31m/);
  });

  it("that nobody foresaw end with 1 and say how to learn more", async () => {
    const run = await runProgram(["search", "x"], { useCases: failing(new Error("odd")) });
    expect(run).toMatchObject({ exitCode: 1, stderr: "citewell: odd (unexpected; --verbose shows where)\n" });
  });

  it("while opening keep their exit code", async () => {
    const run = await runProgram(["status"], {
      openUseCases: () => Promise.reject(new CitewellError("store_unavailable", "Nobody answers.")),
    });
    expect(run).toMatchObject({ exitCode: 4, stderr: "citewell: Nobody answers.\n" });
  });
});

describe("interruption", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ])("by %s ends with %i and closes what was opened", async (name, exitCode) => {
    const controller = new AbortController();
    const run = await runProgram(["search", "x"], {
      signal: controller.signal,
      useCases: {
        searchCorpus: async ({ signal }) => {
          controller.abort(new DOMException(name, "AbortError"));
          signal?.throwIfAborted();
          return createSearchResult();
        },
      },
    });
    expect(run).toMatchObject({ exitCode, stdout: "", closed: 1 });
    expect(run.stderr).toBe("citewell: interrupted; what was finished is kept.\n");
  });
});

describe("colours and links", () => {
  const useCases = { searchCorpus: async () => createSearchResult() };
  const isTerminal = { stdout: true };
  const ESCAPE = "\u001B";

  it("appear on a terminal", async () => {
    const { stdout } = await runProgram(["search", "installer"], { useCases, isTerminal });
    expect(stdout).toContain(`${ESCAPE}[1minstaller${ESCAPE}[22m`);
    expect(stdout).toContain(`${ESCAPE}]8;;file:///project/docs/guide/install.md#L3${ESCAPE}\\`);
  });

  it.each([
    ["without a terminal", { args: [], env: {}, isTerminal: {} }],
    ["under NO_COLOR", { args: [], env: { NO_COLOR: "1" }, isTerminal }],
    ["under --no-color", { args: ["--no-color"], env: {}, isTerminal }],
    ["on a dumb terminal", { args: [], env: { TERM: "dumb" }, isTerminal }],
  ])("stay away %s", async (_, { args, ...options }) => {
    const { stdout } = await runProgram(["search", "installer", ...args], { useCases, ...options });
    expect(stdout).toContain("docs/guide/install.md:3-9");
    expect(stdout).not.toContain(ESCAPE);
  });
});
