import type { UseCases } from "../answering/use-cases.ts";
import type { Config, SettingFlags } from "../config.ts";
import type { CommandContext } from "./command-context.ts";

/** A server that listens. */
export interface RunningServer {
  /** Where it can be reached. */
  readonly url: string;
  /** Stops taking requests and waits for those under way. */
  close(): Promise<void>;
}

/** Starts the HTTP server; rejects when the settings do not allow it or the port is taken. */
export type StartHttp = (useCases: UseCases, config: Config) => Promise<RunningServer>;

/** Does the work of a command and gives its exit code. */
export type CommandRun = (context: CommandContext) => Promise<number>;

/** Runs a command with the settings its flags lead to. */
export type RunCommand = (run: CommandRun, settings?: SettingFlags) => Promise<void>;
