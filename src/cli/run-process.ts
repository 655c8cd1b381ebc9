import { writeSync } from "node:fs";
import { processEnvironment } from "../config.ts";
import type { CommandIo } from "./command-context.ts";
import { createProgram } from "./create-program.ts";
import { EXIT_DONE, EXIT_FAILED, interruptExitCode } from "./exit-codes.ts";
import { readPackageVersion } from "./package-version.ts";

/** After the command has ended, anything still open may keep the process alive for this long, in milliseconds. */
const LINGER = 2_000;

const DEFAULT_COLUMNS = 100;

function createProcessIo(signal: AbortSignal): CommandIo {
  const { stdin, stdout, stderr } = process;
  return {
    stdin,
    stdout,
    stderr,
    env: processEnvironment(),
    isTerminal: { stdin: stdin.isTTY, stdout: stdout.isTTY, stderr: stderr.isTTY },
    cwd: process.cwd(),
    // Some pseudo-terminals report 0 if they do not know their width.
    columns: stdout.columns || stderr.columns || DEFAULT_COLUMNS,
    signal,
  };
}

/** The first signal asks the command to end, a second one ends the process. */
function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  const interrupt = (name: NodeJS.Signals): void => {
    const reason = new DOMException(name, "AbortError");
    if (controller.signal.aborted) process.exit(interruptExitCode(reason));
    controller.abort(reason);
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  return controller.signal;
}

/**
 * Handles errors of the output streams. A reader that stops reading (`citewell search … | head -1`) is no failure. Data
 * that cannot be written, to a full disk for example, is one. Messages beside the data must not end the work.
 */
function endWithoutReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(EXIT_DONE);
    writeSync(process.stderr.fd, `citewell: The output cannot be written: ${error.message}\n`);
    process.exit(EXIT_FAILED);
  });
  process.stderr.on("error", () => {});
}

/** Runs the command that this process was started for, and sets its exit code. */
export async function runProcess(): Promise<void> {
  endWithoutReader();
  const program = createProgram({
    openUseCases: async (config) => (await import("../compose.ts")).compose(config, { version: readPackageVersion() }),
    startHttp: async (useCases, config) => (await import("./start-http.ts")).startHttp(useCases, config),
    io: createProcessIo(interruptSignal()),
  });
  process.exitCode = await program.run(process.argv.slice(2));
  // A slow reader gets everything before the time limit starts.
  await new Promise<void>((done) => process.stdout.write("", () => done()));
  setTimeout(() => process.exit(), LINGER).unref();
}
