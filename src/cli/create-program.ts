import { Command, CommanderError, Option } from "commander";
import type { UseCases } from "../answering/use-cases.ts";
import { loadConfig, type Config, type SettingFlags } from "../config.ts";
import { lazyPart } from "../compose/lazy-part.ts";
import { shellWord } from "../domain/shell-word.ts";
import { CitewellError, isCitewellError } from "../errors.ts";
import { dataFolderAbove, projectAbove } from "../mcp/project-folder.ts";
import { addCommands } from "./add-commands.ts";
import { createContext, type CommandIo, type GlobalFlags } from "./command-context.ts";
import { EXIT_DONE, EXIT_USAGE } from "./exit-codes.ts";
import type { RunCommand, StartHttp } from "./program-parts.ts";
import { readPackageVersion } from "./package-version.ts";
import { reportError } from "./report-error.ts";
import { usual } from "./usual-value.ts";

/** What a program needs from outside. */
export interface ProgramOptions {
  /** Opens everything behind the commands; called at most once, and only by commands that need it. */
  readonly openUseCases: (config: Config) => Promise<UseCases>;
  readonly startHttp: StartHttp;
  readonly io: CommandIo;
}

/** The command line. */
export interface Program {
  /** Runs one command; resolves to the exit code and never rejects. */
  run(args: readonly string[]): Promise<number>;
}

/** Builds the command line. Nothing is read, opened or started before `run`. */
export function createProgram({ openUseCases, startHttp, io }: ProgramOptions): Program {
  return {
    async run(args) {
      let exitCode = EXIT_DONE;
      const program = createRoot(io);
      const runCommand: RunCommand = async (run, settings = {}, { inProject = false } = {}) => {
        const flags = readGlobalFlags(program);
        const { config, cwd } = configAt(io, { ...globalSettings(program), ...settings }, inProject);
        const useCases = lazyPart(() => openUseCases(config));
        try {
          io.signal?.throwIfAborted();
          exitCode = await run(createContext({ io: { ...io, cwd }, config, flags, useCases: () => useCases.get() }));
        } catch (error) {
          throw withIndexAbove(error, config, cwd);
        } finally {
          await useCases.close();
        }
      };
      addCommands(program, { runCommand, startHttp });
      try {
        await program.parseAsync(args, { from: "user" });
        return exitCode;
      } catch (error) {
        // A wrong flag may end the parsing before --json and --no-color are known, so they are looked up here.
        const given = (flag: string): boolean => args.includes(flag);
        return reportError(error, {
          io,
          json: given("--json"),
          verbose: given("--verbose"),
          color: !given("--no-color"),
          command: commandIn(program, args),
        });
      }
    },
  };
}

/** The settings of the working folder, or of the project that it lies in, together with that folder. */
function configAt(
  { env, cwd, stderr }: CommandIo,
  flags: SettingFlags,
  inProject: boolean,
): { readonly config: Config; readonly cwd: string } {
  const config = loadConfig({ flags, env, cwd });
  const onForeign = (place: string): void =>
    void stderr.write(
      `citewell: ${place} belongs to another user, so nothing of that folder is used here; where you trust it, name its data folder with --data\n`,
    );
  const project = inProject && config.origins.dataFolder.kind === "default" ? projectAbove(cwd, { onForeign }) : cwd;
  return project === cwd ? { config, cwd } : { config: loadConfig({ flags, env, cwd: project }), cwd: project };
}

/** Where nothing is stored here, but in the project that the working folder lies in, an error that says so. */
function withIndexAbove(error: unknown, { origins, store }: Config, cwd: string): unknown {
  if (!isCitewellError(error) || error.code !== "collection_missing") return error;
  const isUsual = store === "embedded" && origins.dataFolder.kind === "default";
  const above = isUsual ? dataFolderAbove(cwd) : null;
  if (above === null) return error;
  const advice = `Or use the index of the project around this folder: --data ${shellWord(above)}`;
  return new CitewellError(error.code, `${error.message.replace(/\.$/, "")}. ${advice}`, { cause: error });
}

/** The command that was typed, as far as its words are known. */
function commandIn(program: Command, args: readonly string[]): string {
  const typed = [program];
  for (const arg of args) {
    const next = typed.at(-1)?.commands.find((command) => command.name() === arg);
    if (next !== undefined) typed.push(next);
  }
  // Help on an unknown word is the help of the command around it.
  return typed
    .map((command) => command.name())
    .filter((name) => name !== "help")
    .join(" ");
}

function createRoot(io: CommandIo): Command {
  const program = new Command("citewell")
    .description("Ask your documents and your code; every answer cites the exact lines it stands on.")
    .version(readPackageVersion(), "--version", "print the version")
    .helpOption("-h, --help", "show what a command does and takes")
    .addOption(new Option("--collection <name>", `collection to work on ${usual("collection")}`))
    .addOption(new Option("--store <place>", `\`embedded\`, or the URL of a Qdrant server ${usual("store")}`))
    .addOption(
      new Option(
        "--data <folder>",
        `folder of the embedded store, conversations, uploads and models ${usual("dataFolder")}`,
      ),
    )
    .option("--json", "print data as JSON")
    .option("--quiet", "no progress and no warnings")
    .option("--verbose", "list everything; with errors, where they come from")
    .option("--no-color", "no colours and no links")
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      // Errors are reported in one place, after parsing has ended.
      outputError: () => {},
      getOutHelpWidth: () => Math.min(io.columns ?? 100, 120),
      getErrHelpWidth: () => Math.min(io.columns ?? 100, 120),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride((error) => {
      throw error.code === "commander.help" && error.exitCode !== 0
        ? new CommanderError(EXIT_USAGE, error.code, error.message)
        : error;
    });
  return program;
}

function readGlobalFlags(program: Command): GlobalFlags {
  const { json, quiet, verbose, color } = program.opts<Partial<GlobalFlags>>();
  if (quiet === true && verbose === true) {
    throw new CitewellError("usage_invalid", "--quiet and --verbose contradict each other; give one of them.");
  }
  return { json: json ?? false, quiet: quiet ?? false, verbose: verbose ?? false, color: color ?? true };
}

function globalSettings(program: Command): SettingFlags {
  const { collection, store, data } = program.opts<{ collection?: string; store?: string; data?: string }>();
  return { collection, store, dataFolder: data };
}
