import { randomUUID } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { relative, resolve } from "node:path";
import { checkOptions, checkValue, type OptionKind } from "../domain/check-options.ts";
import { CitewellError, errorMessage, systemErrorCode } from "../errors.ts";
import { allowedEnvironment, DEFAULT_ALLOWED_VARIABLES } from "./allowed-environment.ts";
import { createCappedOutput } from "./capped-output.ts";
import type { CappedOutput } from "./capped-output.ts";
import type { CodeBlock, CodeExecutor } from "./code-executor.ts";
import { codeFileName, pathWithin } from "./code-file-name.ts";
import { codeLanguageOf, inferLanguage } from "./code-languages.ts";
import type { CodeLanguage } from "./code-languages.ts";
import { checkProcessGroups, runProgram } from "./run-program.ts";

/** Options of {@link createLocalExecutor}. */
export interface LocalExecutorOptions {
  /** Folder in which code runs and files are written; made when it does not exist. Give each conversation its own. */
  readonly workDir: string;
  /**
   * Seconds for all blocks of one call; a call may name another limit.
   * @default 60
   */
  readonly timeoutSeconds?: number | undefined;
  /**
   * Names of the environment variables that code may see. `HOME` is always the working folder.
   * @default ["PATH", "LANG"]
   */
  readonly env?: readonly string[] | undefined;
  /**
   * Characters of output that are passed on: half from the beginning, half from the end.
   * @default 20000
   */
  readonly outputLimit?: number | undefined;
}

const KNOWN: Readonly<Record<keyof LocalExecutorOptions, OptionKind>> = {
  workDir: "name",
  timeoutSeconds: ["a number of seconds above 0", (value) => Number.isFinite(value) && Number(value) > 0],
  env: "list",
  outputLimit: ["a whole number of characters from 100", (value) => Number.isInteger(value) && Number(value) >= 100],
};

/** Exit code of a block that met the time limit, as of `timeout(1)`. */
const TIMED_OUT = 124;
const NOT_INSTALLED = 127;

/**
 * Runs code on this machine with the rights of this process: Python, shell, JavaScript and TypeScript by the installed
 * interpreters. It is no sandbox. The code gets a working folder, an environment without your keys, a time limit that ends
 * what it started, unless that left its group of processes, and a limit of output; it can still read your files, the
 * environment of this process under Linux's `/proc` among them, and reach the network. Nothing in citewell
 * uses it unless you pass it to an agent.
 *
 * A first line `# filename: plot.py` (or `//`, `/*`, `<!--`) names the file that a block is kept in; other blocks leave no
 * file behind. Blocks of HTML, CSS, JSON and CSV are only saved.
 * @throws TypeError when an option is out of range.
 * @throws CitewellError `not_supported` on Windows, which does not have the process groups that it needs.
 */
export function createLocalExecutor(options: LocalExecutorOptions): CodeExecutor {
  checkProcessGroups();
  const owner = "createLocalExecutor";
  checkOptions(options, { owner, known: KNOWN, instead: { timeout: "write timeoutSeconds" } });
  const {
    workDir,
    timeoutSeconds: defaultTimeout = 60,
    env = DEFAULT_ALLOWED_VARIABLES,
    outputLimit = 20_000,
  } = options;
  if (workDir === undefined) throw new TypeError("workDir must name the folder that code may use.");
  const folder = resolve(workDir);
  return {
    async execute(blocks, { signal, timeoutSeconds = defaultTimeout } = {}) {
      checkValue("timeoutSeconds", timeoutSeconds, KNOWN.timeoutSeconds);
      signal?.throwIfAborted();
      checkBlocks(blocks);
      await makeFolder(folder);
      const output = createCappedOutput(outputLimit);
      const run: Run = {
        folder,
        env: allowedEnvironment(env, folder),
        timeoutSeconds,
        deadline: performance.now() + timeoutSeconds * 1_000,
        output,
        signal,
      };
      for (const block of blocks) {
        const exitCode = await runBlock(block, run);
        if (exitCode !== 0) return { exitCode, output: output.text() };
      }
      return { exitCode: 0, output: output.text() };
    },
  };
}

/** Throws a `TypeError` for what is no list of blocks, such as code without its language. */
function checkBlocks(blocks: unknown): void {
  if (
    Array.isArray(blocks) &&
    blocks.every((block) => typeof block?.code === "string" && typeof block.language === "string")
  )
    return;
  throw new TypeError('execute takes a list of blocks: [{ language: "python", code: "…" }].');
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new CitewellError(
      "config_invalid",
      `The folder for code, ${folder}, cannot be made (${errorMessage(error)}): name another one as workDir.`,
      { cause: error },
    );
  }
}

interface Run {
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutSeconds: number;
  /** On the clock of `performance.now()`. */
  readonly deadline: number;
  readonly output: CappedOutput;
  readonly signal: AbortSignal | undefined;
}

async function runBlock({ language: named, code }: CodeBlock, run: Run): Promise<number> {
  const name = named === "" ? inferLanguage(code) : named;
  const language = codeLanguageOf(name);
  if (language === null) {
    run.output.append(
      `unknown language ${name}; nothing was run. Known are python, bash, sh, javascript, typescript.\n`,
    );
    return 1;
  }
  const fileName = codeFileName(code);
  const path = await save(code, {
    fileName: fileName ?? `code-${randomUUID().slice(0, 8)}.${language.extension}`,
    run,
  });
  if (path === null) return 1;
  const kept = fileName !== null || language.programs.length === 0;
  try {
    if (language.programs.length > 0) return await runFile(path, { language, name, run });
    run.output.append(`Saved as ${relative(run.folder, path)}.\n`);
    return 0;
  } finally {
    if (!kept) await rm(path, { force: true });
  }
}

/** Writes code to a file in the folder; null where that cannot be, which the output then says. */
async function save(code: string, { fileName, run }: { fileName: string; run: Run }): Promise<string | null> {
  try {
    const path = await pathWithin(run.folder, fileName);
    if (path !== null) await writeFile(path, `${code}\n`);
    else {
      run.output.append(`Filename is not in the workspace: ${fileName}. Use a relative path; nothing was run.\n`);
    }
    return path;
  } catch (error) {
    // The name is the model's: it may be that of a folder, or too long.
    const reason = systemErrorCode(error);
    if (reason === undefined) throw error;
    run.output.append(`${fileName} cannot be written (${reason}). Use another file name; nothing was run.\n`);
    return null;
  }
}

async function runFile(
  path: string,
  { language, name, run }: { language: CodeLanguage; name: string; run: Run },
): Promise<number> {
  for (const program of language.programs) {
    const end = await runProgram([program, path], {
      cwd: run.folder,
      env: run.env,
      timeoutMs: Math.max(0, run.deadline - performance.now()),
      onOutput: (text) => run.output.append(text),
      signal: run.signal,
    });
    if (end === null) continue;
    if (!end.timedOut) return end.exitCode;
    run.output.append(
      `\nTimeout: the code did not end within ${String(run.timeoutSeconds)} seconds and was stopped.\n`,
    );
    return TIMED_OUT;
  }
  run.output.append(`No program for ${name} is installed here (${language.programs.join(", ")}); nothing was run.\n`);
  return NOT_INSTALLED;
}
