import type { CommandContext } from "../command-context.ts";

/** Options of {@link createStatusLine}. */
export interface StatusLineOptions {
  /**
   * Writes whole lines on a terminal too, because others write to it.
   * @default false
   */
  readonly isLogged?: boolean;
  /**
   * Writes nothing where there is no terminal.
   * @default false
   */
  readonly needsTerminal?: boolean;
}

/** Shows the progress of some work. */
export interface StatusLine {
  /** Offers a new state, which is shown if the last one has been shown long enough. */
  update(text: () => string): void;
  /** Clears the line, so that something else can be written. */
  clear(): void;
}

/** Milliseconds between redraws; faster than ten times a second no eye can follow. */
const REDRAW_INTERVAL = 100;
/** Milliseconds between lines where there is no terminal. */
const PLAIN_INTERVAL = 5_000;

/**
 * Builds a status line on standard error; nothing is written before the first update. On a terminal one line is redrawn,
 * elsewhere whole lines are written now and then.
 */
export function createStatusLine(
  { io, flags, now }: Pick<CommandContext, "io" | "flags" | "now">,
  { isLogged = false, needsTerminal = false }: StatusLineOptions = {},
): StatusLine {
  const isTerminal = io.isTerminal.stderr && !isLogged;
  const isSilent = flags.quiet || (needsTerminal && !isTerminal);
  // The first plain line comes after an interval too: short work needs none.
  let last = isTerminal ? -Infinity : now();
  let drawn = false;
  return {
    update(text) {
      if (isSilent || now() - last < (isTerminal ? REDRAW_INTERVAL : PLAIN_INTERVAL)) return;
      last = now();
      const line = text();
      // A line that wraps could not be redrawn.
      io.stderr.write(isTerminal ? `\r\u001B[2K${line.slice(0, (io.columns ?? 100) - 1)}` : `${line}\n`);
      drawn = isTerminal;
    },
    clear() {
      if (drawn) io.stderr.write("\r\u001B[2K");
      drawn = false;
    },
  };
}
