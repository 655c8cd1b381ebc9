import type { Readable, Writable } from "node:stream";
import pc from "picocolors";
import type { UseCases } from "../answering/use-cases.ts";
import type { Config } from "../config.ts";

/** What a command reads from and writes to. */
export interface CommandIo {
  readonly stdin: Readable;
  /** Data. */
  readonly stdout: Writable;
  /** Progress, warnings and errors. */
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isTerminal: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
  /** Folder that relative paths are taken from. */
  readonly cwd: string;
  /**
   * Width of the terminal in characters.
   * @default 100
   */
  readonly columns?: number;
  /** Aborts when the person at the terminal, or the system, asks the command to end. */
  readonly signal?: AbortSignal;
  /**
   * Milliseconds of a clock that never goes back.
   * @default performance.now
   */
  readonly now?: () => number;
}

/** The flags that every command takes. */
export interface GlobalFlags {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** False when `--no-color` was given. */
  readonly color: boolean;
}

/** The colours of one stream; with colours off, every function returns its input. */
export type Colors = ReturnType<typeof pc.createColors>;

/** What a running command works with. */
export interface CommandContext {
  readonly io: CommandIo;
  readonly config: Config;
  readonly flags: GlobalFlags;
  /** Colours of standard output. */
  readonly colors: Colors;
  readonly signal: AbortSignal;
  /** Width to lay text out in. */
  readonly width: number;
  readonly now: () => number;
  /** Opened at the first call, closed when the command has ended. */
  useCases(): Promise<UseCases>;
  /** Writes lines to standard output. */
  print(text: string): void;
  /** Writes one line of JSON to standard output. */
  printJson(value: unknown): void;
  /** Writes a line to standard error, unless `--quiet`. */
  note(text: string): void;
}

/** Options of {@link createContext}. */
export interface ContextOptions {
  readonly io: CommandIo;
  readonly config: Config;
  readonly flags: GlobalFlags;
  /** Opens the use cases, at most once. */
  readonly useCases: () => Promise<UseCases>;
}

/** Makes what a command works with. */
export function createContext({ io, config, flags, useCases }: ContextOptions): CommandContext {
  return {
    io,
    config,
    flags,
    colors: colorsFor(io, { stream: "stdout", color: flags.color }),
    signal: io.signal ?? new AbortController().signal,
    width: Math.min(Math.max(io.columns ?? 100, 40), 120),
    now: io.now ?? (() => performance.now()),
    useCases,
    print: (text) => void io.stdout.write(`${text}\n`),
    printJson: (value) => void io.stdout.write(`${JSON.stringify(value)}\n`),
    note: (text) => {
      if (!flags.quiet) io.stderr.write(`${text}\n`);
    },
  };
}

/** The colours of a stream: on for terminals, unless NO_COLOR, `--no-color` or a dumb terminal forbids them. */
export function colorsFor(
  io: CommandIo,
  { stream, color }: { readonly stream: "stdout" | "stderr"; readonly color: boolean },
): Colors {
  const refused = (io.env["NO_COLOR"] ?? "") !== "" || !color || io.env["TERM"] === "dumb";
  const forced = !["", "0", "false"].includes(io.env["FORCE_COLOR"] ?? "");
  return pc.createColors(!refused && (io.isTerminal[stream] || forced));
}
