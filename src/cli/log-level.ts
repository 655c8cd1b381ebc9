import type { Config } from "../config.ts";

/**
 * The server's log level. A person at a terminal sees only warnings and errors, since a line of JSON for each request
 * would bury everything else; a setting applies everywhere.
 */
export function serverLogLevel(
  { logLevel, origins }: Pick<Config, "logLevel" | "origins">,
  { isTerminal }: { readonly isTerminal: boolean },
): Config["logLevel"] {
  return isTerminal && origins.logLevel.kind === "default" ? "warn" : logLevel;
}
