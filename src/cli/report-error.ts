import { CommanderError } from "commander";
import { type CitewellError, type CitewellErrorCode, errorMessage, isCitewellError } from "../errors.ts";
import { colorsFor, type CommandIo } from "./command-context.ts";
import { EXIT_CODES, EXIT_DONE, EXIT_FAILED, EXIT_USAGE, interruptExitCode } from "./exit-codes.ts";
import { printable } from "./output/text-layout.ts";

/** Options of {@link reportError}. */
export interface ReportErrorOptions {
  readonly io: CommandIo;
  /** Writes the error as one JSON object. */
  readonly json: boolean;
  /** Adds the stack and the causes. */
  readonly verbose: boolean;
  readonly color: boolean;
  /** The command in words, such as `citewell eval run`: wrong usage points at its help. */
  readonly command: string;
}

/** Says on standard error what went wrong, and gives the exit code for it. */
export function reportError(error: unknown, { io, json, verbose, color, command }: ReportErrorOptions): number {
  if (io.signal?.aborted === true) {
    const message = "interrupted; what was finished is kept.";
    io.stderr.write(
      json ? `${JSON.stringify({ error: { code: "interrupted", message } })}\n` : `citewell: ${message}\n`,
    );
    return interruptExitCode(io.signal.reason);
  }
  if (error instanceof CommanderError) {
    // Help and version were printed already.
    if (error.exitCode === 0) return EXIT_DONE;
    if (error.code === "commander.help") return EXIT_USAGE;
  }
  const { exitCode, ...details } = describeError(error, command);
  if (json) {
    io.stderr.write(`${JSON.stringify({ error: withoutNoProblems(details) })}\n`);
  } else {
    io.stderr.write(`${colorsFor(io, { stream: "stderr", color }).red("citewell:")} ${printable(details.message)}\n`);
  }
  if (verbose) io.stderr.write(`${printable(stackOf(error))}\n`);
  return exitCode;
}

/** What programs are told of an error. */
export interface ErrorDetails {
  readonly code: CitewellErrorCode;
  readonly message: string;
  /** What is wrong with which part of the input; absent where nothing is known of parts. */
  readonly problems?: CitewellError["problems"];
}

/** An error as programs read it. */
export function errorDetails(error: unknown): ErrorDetails {
  return withoutNoProblems(describeError(error, "citewell"));
}

function withoutNoProblems({ code, message, problems }: Required<ErrorDetails>): ErrorDetails {
  return problems.length === 0 ? { code, message } : { code, message, problems };
}

function describeError(error: unknown, command: string): Required<ErrorDetails> & { readonly exitCode: number } {
  if (isCitewellError(error)) {
    const { code, message, problems } = error;
    return { code, message, problems, exitCode: EXIT_CODES[code] };
  }
  if (error instanceof CommanderError) {
    return { code: "usage_invalid", message: usageSentence(error, command), problems: [], exitCode: EXIT_USAGE };
  }
  const message = `${errorMessage(error)} (unexpected; --verbose shows where)`;
  return { code: "internal", message, problems: [], exitCode: EXIT_FAILED };
}

/** Commander writes `error: …` and puts its suggestion on a line of its own. */
function usageSentence({ code, message }: CommanderError, command: string): string {
  const [first = "", ...rest] = message.replace(/^error: /, "").split("\n");
  const sentence = first.charAt(0).toUpperCase() + first.slice(1);
  if (rest.length > 0) return `${sentence}. ${rest.join(" ").replace(/^\((.*)\)$/, "$1")}`;
  if (/[.!?]$/.test(sentence)) return sentence;
  const dash = code === "commander.unknownOption" ? " Words that begin with a dash go behind `--`." : "";
  return `${sentence}. Run \`${command} --help\` to see what there is.${dash}`;
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `\ncaused by ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
