import type { Config } from "../config.ts";

/**
 * What the server logs. A person at a terminal is told of warnings and errors only, since a line of JSON for each request
 * would bury what else is said; a setting counts everywhere.
 */
export function serverLogLevel(
  { logLevel, origins }: Pick<Config, "logLevel" | "origins">,
  { isTerminal }: { readonly isTerminal: boolean },
): Config["logLevel"] {
  return isTerminal && origins.logLevel.kind === "default" ? "warn" : logLevel;
}
