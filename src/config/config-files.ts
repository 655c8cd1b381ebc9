import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { isJsonObject } from "../domain/json-object.ts";
import { markedText } from "../domain/marked-text.ts";
import { errorMessage, type InputProblem } from "../errors.ts";
import { CONFIG_FILE_KEYS, SETTING_NAMES, SETTINGS } from "./config-schema.ts";
import { nearestName } from "./nearest-name.ts";

/** Name of the configuration file, looked for in the working folder. */
export const CONFIG_FILE_NAME = "citewell.config.json";

const PREFIX = "CITEWELL_";
const VARIABLES: ReadonlySet<string> = new Set(SETTING_NAMES.flatMap((name) => SETTINGS[name].variables));

/** What the configuration file of a folder holds, if there is one; problems are added to the list. */
export function readConfigFile(cwd: string, problems: InputProblem[]): Readonly<Record<string, unknown>> {
  const content = readIfThere(join(cwd, CONFIG_FILE_NAME), problems);
  if (content === undefined) return {};
  const parsed = parseJson(content);
  if ("problem" in parsed) {
    problems.push({ path: CONFIG_FILE_NAME, message: `is not valid JSON: ${parsed.problem}` });
    return {};
  }
  if (!isJsonObject(parsed.value)) {
    problems.push({ path: CONFIG_FILE_NAME, message: "must hold one JSON object" });
    return {};
  }
  for (const key of Object.keys(parsed.value).filter((name) => !CONFIG_FILE_KEYS.includes(name))) {
    const nearest = nearestName(key, CONFIG_FILE_KEYS);
    const hint = nearest === undefined ? `known are ${CONFIG_FILE_KEYS.join(", ")}` : `did you mean "${nearest}"?`;
    problems.push({ path: `${CONFIG_FILE_NAME}: ${key}`, message: `is not a setting; ${hint}` });
  }
  return parsed.value;
}

/** The variables in a folder's `.env`, if there is one. */
export function readDotEnv(cwd: string, problems: InputProblem[]): Readonly<Record<string, string | undefined>> {
  const content = readIfThere(join(cwd, ".env"), problems);
  if (content === undefined) return {};
  const variables = parseEnv(content);
  // What stands between quotes is a value, over several lines too.
  const plain = content.replaceAll(/=[ \t]*(["'`])[\s\S]*?\1/g, (value) => `=${value.replaceAll(/[^\r\n]/g, "")}`);
  for (const [index, line] of plain.split(/\r\n|\r|\n/).entries()) {
    const name = /^\s*(?:export\s+)?([A-Z][A-Z\d_]*)\b(?!\s*=)/.exec(line)?.[1];
    // The file may be another program's, and its other lines are none of our business.
    if (name === undefined || !VARIABLES.has(name) || Object.hasOwn(variables, name)) continue;
    problems.push({ path: `.env, line ${String(index + 1)}`, message: `has no "="; write ${name}=value` });
  }
  for (const name of Object.keys(variables)) {
    const nearest = slipOf(name);
    if (nearest !== undefined) {
      problems.push({ path: `.env: ${name}`, message: `is not a setting; did you mean "${nearest}"?` });
    }
  }
  return variables;
}

/** The variable that was meant by a name with our prefix; others with it may belong to whatever starts the program. */
function slipOf(name: string): string | undefined {
  if (!name.startsWith(PREFIX) || VARIABLES.has(name)) return undefined;
  const ours = [...VARIABLES].flatMap((one) => (one.startsWith(PREFIX) ? [one.slice(PREFIX.length)] : []));
  const nearest = nearestName(name.slice(PREFIX.length), ours);
  return nearest === undefined ? undefined : PREFIX + nearest;
}

function readIfThere(path: string, problems: InputProblem[]): string | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return markedText(readFileSync(path));
  } catch (error) {
    problems.push({ path, message: `cannot be read: ${errorMessage(error)}` });
    return undefined;
  }
}

function parseJson(content: string): { readonly value: unknown } | { readonly problem: string } {
  try {
    return { value: JSON.parse(content) };
  } catch (error) {
    return { problem: errorMessage(error) };
  }
}
