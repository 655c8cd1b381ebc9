import { existsSync, readFileSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { parseEnv } from "node:util";
import {
  CONFIG_FILE_KEYS,
  SETTINGS,
  settingsSchema,
  type SettingDefinition,
  type SettingName,
  type Settings,
} from "./config-schema.ts";
import { CitewellError, errorMessage, type InputProblem } from "./errors.ts";

/** Name of the configuration file, looked for in the working folder. */
export const CONFIG_FILE_NAME = "citewell.config.json";

/** Where an effective value came from. */
export interface SettingOrigin {
  readonly kind: "flag" | "environment" | ".env" | "file" | "default";
  /** The flag, the variable, or the key of the file; empty for a default. */
  readonly name: string;
}

/** The effective settings, with where each came from. */
export interface Config extends Settings {
  readonly origins: Readonly<Record<SettingName, SettingOrigin>>;
}

/** Settings given as flags: text as it was typed, or lists of it. */
export type SettingFlags = Readonly<Partial<Record<SettingName, string | readonly string[]>>>;

/** Options of {@link loadConfig}. */
export interface LoadConfigOptions {
  /** @default {} */
  readonly flags?: SettingFlags;
  /** The environment; see {@link processEnvironment}. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder with `.env` and the configuration file; relative paths are taken from here. */
  readonly cwd: string;
}

/** One setting, ready to be shown. */
export interface DescribedSetting {
  readonly name: SettingName;
  /** The value as text; secrets are masked, absent values empty. */
  readonly value: string;
  /** Such as `--port`, `PORT (.env)`, `citewell.config.json`, `default`. */
  readonly origin: string;
}

interface Candidate {
  readonly value: unknown;
  readonly origin: SettingOrigin;
}

/** The environment of this process. */
export function processEnvironment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}

/**
 * Reads the settings: flags, then environment, then `.env`, then `citewell.config.json`, then defaults.
 * @throws CitewellError `config_invalid` with every problem found, each with the place it came from.
 */
export function loadConfig({ flags = {}, env, cwd }: LoadConfigOptions): Config {
  const problems: InputProblem[] = [];
  const file = readConfigFile(cwd, problems);
  const dotEnv = readDotEnv(cwd, problems);
  const candidates = new Map<SettingName, Candidate>();
  for (const name of settingNames()) {
    const found =
      fromFlag(name, flags) ?? fromVariables(name, env, "environment") ?? fromVariables(name, dotEnv, ".env");
    const candidate = found ?? fromFile(name, file) ?? fromWorkingFolder(name, cwd);
    if (candidate !== undefined) candidates.set(name, candidate);
  }
  const parsed = settingsSchema.safeParse(
    Object.fromEntries([...candidates].map(([name, { value }]) => [name, value])),
  );
  if (!parsed.success) {
    const bad = new Set(parsed.error.issues.map((issue) => String(issue.path[0])));
    for (const [name, candidate] of candidates) if (bad.has(name)) problems.push(describeProblem(name, candidate));
  }
  if (problems.length > 0 || parsed.data === undefined) throw invalidConfig(problems);
  return finish(parsed.data, { candidates, cwd, env });
}

/** Every effective setting with where it came from, secrets masked. */
export function describeConfig(config: Config): readonly DescribedSetting[] {
  return settingNames().map((name) => ({
    name,
    value: name === "oaiConfigList" ? showConfigList(config[name]) : showValue(config[name], SETTINGS[name]),
    origin: showOrigin(config.origins[name]),
  }));
}

/** A secret as it may be shown: dots, and the last four characters of one longer than twelve. */
export function maskSecret(secret: string): string {
  return secret.length > 12 ? `••••${secret.slice(-4)}` : "••••";
}

function settingNames(): readonly SettingName[] {
  return Object.keys(SETTINGS).filter((name): name is SettingName => name in SETTINGS);
}

function fromFlag(name: SettingName, flags: SettingFlags): Candidate | undefined {
  const value = flags[name];
  if (value === undefined) return undefined;
  const { flag = name } = SETTINGS[name];
  return { value: readText(value, SETTINGS[name]), origin: { kind: "flag", name: flag } };
}

function fromVariables(
  name: SettingName,
  env: Readonly<Record<string, string | undefined>>,
  kind: "environment" | ".env",
): Candidate | undefined {
  for (const variable of SETTINGS[name].variables) {
    const value = env[variable];
    // An empty variable is how shells and compose files say "not set".
    if (value === undefined || value.trim() === "") continue;
    return { value: readText(value, SETTINGS[name]), origin: { kind, name: variable } };
  }
  return undefined;
}

function fromFile(name: SettingName, file: Readonly<Record<string, unknown>>): Candidate | undefined {
  return file[name] === undefined ? undefined : { value: file[name], origin: { kind: "file", name } };
}

/** A file named OAI_CONFIG_LIST in the working folder counts as if the setting named it. */
function fromWorkingFolder(name: SettingName, cwd: string): Candidate | undefined {
  const path = join(cwd, "OAI_CONFIG_LIST");
  if (name !== "oaiConfigList" || !existsSync(path)) return undefined;
  return { value: path, origin: { kind: "file", name: "OAI_CONFIG_LIST" } };
}

function readText(value: string | readonly string[], { kind }: SettingDefinition): unknown {
  if (typeof value !== "string") return value;
  const trimmed = value.trim();
  switch (kind) {
    case "number":
      return /^\d+$/.test(trimmed) ? Number(trimmed) : value;
    case "boolean":
      return readBoolean(trimmed) ?? value;
    case "list":
      return trimmed
        .split(",")
        .map((part) => part.trim())
        .filter((part) => part !== "");
    case "lower-case":
      return trimmed.toLowerCase();
    case "text":
    case "folder":
    case "url":
      return trimmed;
  }
}

function readBoolean(text: string): boolean | undefined {
  if (/^(?:true|1|yes|on)$/i.test(text)) return true;
  return /^(?:false|0|no|off)$/i.test(text) ? false : undefined;
}

function readConfigFile(cwd: string, problems: InputProblem[]): Readonly<Record<string, unknown>> {
  const content = readIfThere(join(cwd, CONFIG_FILE_NAME), problems);
  if (content === undefined) return {};
  const parsed = parseJson(content);
  if ("problem" in parsed) {
    problems.push({ path: CONFIG_FILE_NAME, message: `is not valid JSON: ${parsed.problem}` });
    return {};
  }
  if (!isRecord(parsed.value)) {
    problems.push({ path: CONFIG_FILE_NAME, message: "must hold one JSON object" });
    return {};
  }
  for (const key of Object.keys(parsed.value).filter((name) => !CONFIG_FILE_KEYS.includes(name))) {
    const nearest = findNearest(key, CONFIG_FILE_KEYS);
    const hint = nearest === undefined ? `known are ${CONFIG_FILE_KEYS.join(", ")}` : `did you mean "${nearest}"?`;
    problems.push({ path: `${CONFIG_FILE_NAME}: ${key}`, message: `is not a setting; ${hint}` });
  }
  return parsed.value;
}

function readDotEnv(cwd: string, problems: InputProblem[]): Readonly<Record<string, string | undefined>> {
  const content = readIfThere(join(cwd, ".env"), problems);
  return content === undefined ? {} : parseEnv(content);
}

function readIfThere(path: string, problems: InputProblem[]): string | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return readFileSync(path, "utf8").replace(/^\uFEFF/, "");
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

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function describeProblem(name: SettingName, { value, origin }: Candidate): InputProblem {
  const { expects, secret = false } = SETTINGS[name];
  const shown = secret ? "the value" : JSON.stringify(value);
  const place = origin.kind === "file" ? `${CONFIG_FILE_NAME}: ${origin.name}` : showOrigin(origin);
  return { path: place, message: `${shown} is not ${expects}` };
}

function invalidConfig(problems: readonly InputProblem[]): CitewellError {
  const list = problems.map(({ path, message }) => `${path}: ${message}`).join("; ");
  const head = problems.length === 1 ? "A setting is wrong" : `${problems.length} settings are wrong`;
  return new CitewellError("config_invalid", `${head}: ${list}${list.endsWith("?") ? "" : "."}`, { problems });
}

function finish(
  settings: Settings,
  {
    candidates,
    cwd,
    env,
  }: Pick<LoadConfigOptions, "cwd" | "env"> & { readonly candidates: ReadonlyMap<SettingName, Candidate> },
): Config {
  const origins: Partial<Record<SettingName, SettingOrigin>> = {};
  for (const name of settingNames()) origins[name] = candidates.get(name)?.origin ?? { kind: "default", name: "" };
  // A key goes with its address: OpenAI's key is never sent to another embedding endpoint.
  const shareEndpoint = settings.embeddingBaseUrl === undefined;
  const shareKey = shareEndpoint && settings.embeddingApiKey === undefined;
  if (shareEndpoint && origins.openaiBaseUrl !== undefined) origins.embeddingBaseUrl = origins.openaiBaseUrl;
  if (shareKey && origins.openaiApiKey !== undefined) origins.embeddingApiKey = origins.openaiApiKey;
  return Object.freeze({
    ...settings,
    dataFolder: resolve(cwd, settings.dataFolder),
    cacheFolder: resolve(cwd, settings.cacheFolder ?? userCacheFolder(env) ?? join(settings.dataFolder, "cache")),
    store: settings.store === "embedded" ? settings.store : settings.store.replace(/\/+$/, ""),
    embeddingBaseUrl: shareEndpoint ? settings.openaiBaseUrl : settings.embeddingBaseUrl,
    embeddingApiKey: shareKey ? settings.openaiApiKey : settings.embeddingApiKey,
    origins: Object.freeze(complete(origins)),
  });
}

/** Where programs keep what they can make again, by the rules of the system. */
function userCacheFolder(env: LoadConfigOptions["env"]): string | undefined {
  const given = env["XDG_CACHE_HOME"] ?? env["LOCALAPPDATA"];
  if (given !== undefined && isAbsolute(given)) return join(given, "citewell");
  const home = env["HOME"];
  return home === undefined || home === "" ? undefined : join(home, ".cache", "citewell");
}

function complete(origins: Partial<Record<SettingName, SettingOrigin>>): Record<SettingName, SettingOrigin> {
  const isComplete = (value: typeof origins): value is Record<SettingName, SettingOrigin> =>
    settingNames().every((name) => value[name] !== undefined);
  if (!isComplete(origins)) throw new TypeError("Every setting must have an origin.");
  return origins;
}

function showValue(value: Settings[SettingName], { secret = false }: SettingDefinition): string {
  if (value === undefined) return "";
  if (typeof value === "string") return secret ? maskSecret(value) : withoutPassword(value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return secret ? value.map(maskSecret).join(", ") : value.join(", ");
}

/** The path of the list is no secret; its text holds keys. */
function showConfigList(list: string | undefined): string {
  if (list === undefined) return "";
  return /^\s*[[{]/.test(list) ? `a list of ${list.length} characters` : list;
}

/** A URL may carry a password. */
function withoutPassword(text: string): string {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  if (url.password === "") return text;
  url.password = "••••";
  return decodeURI(url.href);
}

function showOrigin({ kind, name }: SettingOrigin): string {
  switch (kind) {
    case "flag":
    case "environment":
      return name;
    case ".env":
      return `${name} in .env`;
    case "file":
      return name === "OAI_CONFIG_LIST" ? "the file OAI_CONFIG_LIST" : CONFIG_FILE_NAME;
    case "default":
      return "default";
  }
}

/** The known name that takes the fewest edits, when they are few enough for a slip. */
function findNearest(name: string, known: readonly string[]): string | undefined {
  const scored = known
    .map((candidate) => ({ candidate, edits: countEdits(name.toLowerCase(), candidate.toLowerCase()) }))
    .toSorted((left, right) => left.edits - right.edits);
  const best = scored[0];
  return best !== undefined && best.edits <= Math.max(2, Math.floor(name.length / 3)) ? best.candidate : undefined;
}

function countEdits(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [row, character] of left.split("").entries()) {
    const current = [row + 1];
    for (let column = 0; column < right.length; column += 1) {
      const swap = (previous[column] ?? 0) + (right[column] === character ? 0 : 1);
      current.push(Math.min(swap, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous.at(-1) ?? 0;
}
