import { createInterface } from "node:readline";
import { CitewellError } from "../errors.ts";
import type { HumanInput } from "./human-input.ts";

/** Options of {@link createTerminalHumanInput}. */
export interface TerminalHumanInputOptions {
  /** Where lines are read from. @default process.stdin */
  readonly input?: NodeJS.ReadableStream | undefined;
  /** Where prompts are written to. @default process.stderr, so that results alone go to standard output */
  readonly output?: NodeJS.WritableStream | undefined;
}

interface Asked {
  readonly resolve: (line: string) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Asks the person at the terminal: writes the prompt and reads one line. Agents that ask at the same time are answered one
 * after the other. Rejects with `not_supported` when the input ends.
 */
export function createTerminalHumanInput(options: TerminalHumanInputOptions = {}): HumanInput {
  const { input = process.stdin, output = process.stderr } = options;
  let lines: ReturnType<typeof readLines> | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  return {
    async ask(prompt, { signal } = {}) {
      const before = turn;
      const asked = (async () => {
        await before.catch(() => undefined);
        signal?.throwIfAborted();
        lines ??= readLines(input);
        output.write(prompt);
        return lines.next(signal);
      })();
      turn = asked;
      return asked;
    },
  };
}

/** Lines one by one; between two of them the input is paused, so that it keeps no process alive. */
function readLines(input: NodeJS.ReadableStream): { next(signal: AbortSignal | undefined): Promise<string> } {
  const reader = createInterface({ input });
  const early: string[] = [];
  let asked: Asked | null = null;
  let isOver = false;
  const take = (): Asked | null => {
    const taken = asked;
    // Further lines of the same piece are for whoever asks next.
    asked = null;
    return taken;
  };
  reader.on("line", (line) => {
    const waiting = take();
    if (waiting === null) early.push(line);
    else waiting.resolve(line);
  });
  reader.on("close", () => {
    isOver = true;
    take()?.reject(ended());
  });
  return {
    async next(signal) {
      const line = early.shift();
      if (line !== undefined) return line;
      if (isOver) throw ended();
      const stop = (): void => take()?.reject(signal?.reason);
      signal?.addEventListener("abort", stop, { once: true });
      try {
        return await new Promise<string>((resolve, reject) => {
          asked = { resolve, reject };
          reader.resume();
        });
      } finally {
        signal?.removeEventListener("abort", stop);
        if (!isOver) reader.pause();
      }
    },
  };
}

function ended(): CitewellError {
  return new CitewellError(
    "not_supported",
    'The input ended before somebody replied. Run it in a terminal, or set humanInputMode to "NEVER".',
  );
}
