/** A task in words, and the files that a commit changed for it. */
export interface ReadingTask {
  readonly id: string;
  readonly text: string;
  readonly relevant: readonly string[];
}

/** What a reader may look at: the source files of a folder, by path. */
export type SourceFiles = ReadonlyMap<string, string>;

/** How much of a file is read when it is opened. */
export type ReadingWindow = "window" | "file";

/** Lines of a file that is opened at a place, and of one that is opened as a whole: what reading tools give at most. */
export const WINDOW_LINES: Readonly<Record<ReadingWindow, number>> = { window: 200, file: 2_000 };

/** Where a reader stops looking. */
export const MOST_TOKENS = 50_000;

/** What it took to find a file that was to be found. */
export interface ReadingOutcome {
  /** Tokens read until then; {@link MOST_TOKENS} where it was not found. */
  readonly tokens: number;
  readonly found: boolean;
  /** Searches made. */
  readonly searches: number;
  /** Files opened. */
  readonly opened: number;
}

/** Adds up what a reader reads. */
export interface ReadingTrace {
  readonly done: boolean;
  /** Notes a search with its output. */
  search(output: string): void;
  /** Opens a file, once, at a line counted from 1; what is read of it depends on the window. */
  open(path: string, line: number): void;
  readonly opened: ReadonlySet<string>;
  outcome(): ReadingOutcome;
}

/** Options of {@link createReadingTrace}. */
export interface ReadingTraceOptions {
  readonly task: ReadingTask;
  readonly files: SourceFiles;
  readonly window: ReadingWindow;
  readonly countTokens: (text: string) => number;
}

/** Starts a reading. It is done when a relevant file was opened, or when too much was read. */
export function createReadingTrace({ task, files, window, countTokens }: ReadingTraceOptions): ReadingTrace {
  const opened = new Set<string>();
  let tokens = 0;
  let searches = 0;
  let found = false;
  return {
    opened,
    get done() {
      return found || tokens >= MOST_TOKENS;
    },
    search(output) {
      searches += 1;
      tokens += countTokens(output);
    },
    open(path, line) {
      if (opened.has(path) || found) return;
      opened.add(path);
      const lines = (files.get(path) ?? "").split("\n");
      const size = WINDOW_LINES[window];
      const start = window === "file" ? 0 : Math.max(0, Math.min(line - 1 - size / 2, lines.length - size));
      tokens += countTokens(numbered(lines.slice(start, start + size), start));
      found = task.relevant.includes(path);
    },
    outcome: () => {
      const inTime = found && tokens < MOST_TOKENS;
      return { tokens: inTime ? tokens : MOST_TOKENS, found: inTime, searches, opened: opened.size };
    },
  };
}

/** Lines as reading tools show them. */
function numbered(lines: readonly string[], before: number): string {
  return lines.map((line, index) => `${before + index + 1}\t${line}`).join("\n");
}
