import { expect, it } from "vitest";
import { loadConfig } from "../../src/config.ts";
import { serverLogLevel } from "../../src/cli/log-level.ts";

it.each([
  ["a terminal", true, {}, "warn"],
  ["a file", false, {}, "info"],
  ["a terminal, with a setting", true, { LOG_LEVEL: "info" }, "info"],
  ["a file, with a setting", false, { LOG_LEVEL: "error" }, "error"],
])("logs on %s", (_, isTerminal, env, level) => {
  const config = loadConfig({ flags: {}, env, cwd: "/project" });
  expect(serverLogLevel(config, { isTerminal })).toBe(level);
});
