import type { UseCases } from "../answering/use-cases.ts";
import type { Config, SettingFlags } from "../config.ts";
import type { RunningServer } from "../server/start-server.ts";
import type { CommandContext } from "./command-context.ts";

/** Starts the HTTP server; rejects when the settings do not allow it or the port is taken. */
export type StartHttp = (useCases: UseCases, config: Config) => Promise<Pick<RunningServer, "url" | "close">>;

/** Does the work of a command and gives its exit code. */
export type CommandRun = (context: CommandContext) => Promise<number>;

/** How a command is run, beside its settings. */
export interface RunOptions {
  /**
   * Whether the command works for the project that the working folder lies in, as if it had been started there, unless a
   * setting names the data folder.
   * @default false
   */
  readonly inProject?: boolean;
}

/** Runs a command with the settings its flags lead to. */
export type RunCommand = (run: CommandRun, settings?: SettingFlags, options?: RunOptions) => Promise<void>;
