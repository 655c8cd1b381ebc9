import { serveMcpStdio } from "../../mcp/serve-mcp.ts";
import type { CommandContext } from "../command-context.ts";
import { serverExitCode } from "../exit-codes.ts";
import { createOwnRoots } from "../own-roots.ts";
import { ingestLimits } from "./ingest-command.ts";
import { readPackageVersion } from "../package-version.ts";

/** Flags of `mcp`. */
export interface McpFlags {
  /** False with `--no-refresh`. */
  readonly refresh: boolean;
}

/** Serves MCP on standard input and output until the client goes. */
export async function runMcp(context: CommandContext, { refresh }: McpFlags): Promise<number> {
  const { config, io, signal } = context;
  const useCases = await context.useCases();
  await serveMcpStdio({
    useCases: { ...useCases, ingestRoots: (options) => useCases.ingestRoots({ ...ingestLimits(config), ...options }) },
    collection: config.collection,
    version: readPackageVersion(),
    refresh,
    ownRoots: createOwnRoots(config, io),
    cwd: io.cwd,
    dataFolder: config.dataFolder,
    stdin: io.stdin,
    stdout: io.stdout,
    signal,
    // Errors of the schema come as several lines of JSON.
    onError: (error) => context.note(`citewell mcp: ${error.message.replaceAll(/\s+/g, " ").slice(0, 300)}`),
  });
  return serverExitCode(signal);
}
