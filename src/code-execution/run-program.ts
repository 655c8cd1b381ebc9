import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { constants } from "node:os";
import { LONGEST_TIMER_MS } from "../domain/longest-timer.ts";
import { CitewellError, systemErrorCode } from "../errors.ts";

/** Options of {@link runProgram}. */
export interface RunProgramOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds after which the program and its group of processes is killed. */
  readonly timeoutMs: number;
  /** Gets what the program prints, from both streams as it comes. */
  readonly onOutput: (text: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** How a program ended. */
export interface ProgramEnd {
  /** 128 and the signal's number for a program that was killed. */
  readonly exitCode: number;
  readonly timedOut: boolean;
}

/**
 * Refuses the system on which a program cannot be stopped together with everything it started.
 *
 * @throws CitewellError `not_supported` on Windows.
 */
export function checkProcessGroups(platform: NodeJS.Platform = process.platform): void {
  if (platform !== "win32") return;
  throw new CitewellError(
    "not_supported",
    "The local executor does not run code on Windows, where it could not stop at the time limit what that code started: use the Windows Subsystem for Linux or a container, or pass an executor of your own.",
  );
}

/** How long to wait for the pipes of a program that has ended: whoever left its group may hold them open for ever. */
const PIPE_GRACE_MS = 250;

/**
 * Runs a program in a process group of its own, and kills the whole group when the program has ended, at the time limit
 * and on abort. Resolves to null when there is no such program; rejects with the signal's reason.
 */
export async function runProgram(
  [program, ...args]: readonly [string, ...string[]],
  { cwd, env, timeoutMs, onOutput, signal }: RunProgramOptions,
): Promise<ProgramEnd | null> {
  signal?.throwIfAborted();
  const child = spawn(program, args, { cwd, env: { ...env }, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", onOutput);
  const kill = (): void => killGroup(child);
  let timedOut = false;
  const timer = setTimeout(
    () => {
      timedOut = true;
      kill();
    },
    Math.min(timeoutMs, LONGEST_TIMER_MS),
  );
  signal?.addEventListener("abort", kill, { once: true });
  try {
    const exitCode = await exitOf(child);
    if (exitCode === null) return null;
    kill();
    await pipesOf(child);
    signal?.throwIfAborted();
    return { exitCode, timedOut };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", kill);
  }
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.once("error", (error) => {
    if (systemErrorCode(error) === "ENOENT") resolve(null);
    else reject(error);
  });
  child.once("exit", (code, killedBy) => {
    resolve(code ?? 128 + (killedBy === null ? 0 : constants.signals[killedBy]));
  });
  return promise;
}

async function pipesOf(child: ChildProcess): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, PIPE_GRACE_MS);
  const pipes = [child.stdout, child.stderr].filter((pipe) => pipe !== null);
  const check = (): void => {
    if (pipes.every(({ closed, readableEnded }) => closed || readableEnded)) resolve();
  };
  for (const pipe of pipes) pipe.once("close", check);
  check();
  await promise;
  clearTimeout(timer);
  for (const pipe of pipes) pipe.destroy();
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // Nobody is left in the group; EPERM is what macOS says of one that has just ended.
    if (systemErrorCode(error) !== "ESRCH" && systemErrorCode(error) !== "EPERM") throw error;
  }
}
