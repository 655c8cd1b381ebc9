import type { Writable } from "node:stream";

/** Options of {@link createStatusLine}. */
export interface StatusLineOptions {
  readonly stream: Writable;
  /** On a terminal one line is redrawn; elsewhere whole lines are written now and then. */
  readonly isTerminal: boolean;
  /** Writes nothing at all. */
  readonly quiet: boolean;
  /** Width of the terminal in characters. */
  readonly width: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
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

/** Builds a status line; nothing is written before the first update. */
export function createStatusLine({ stream, isTerminal, quiet, width, now }: StatusLineOptions): StatusLine {
  // The first plain line comes after an interval too: short work needs none.
  let last = isTerminal ? -Infinity : now();
  let drawn = false;
  return {
    update(text) {
      if (quiet || now() - last < (isTerminal ? REDRAW_INTERVAL : PLAIN_INTERVAL)) return;
      last = now();
      const line = text();
      // A line that wraps could not be redrawn.
      stream.write(isTerminal ? `\r\u001B[2K${line.slice(0, width - 1)}` : `${line}\n`);
      drawn = isTerminal;
    },
    clear() {
      if (drawn) stream.write("\r\u001B[2K");
      drawn = false;
    },
  };
}
