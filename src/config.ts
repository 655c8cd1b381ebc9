import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { CONFIG_FILE_NAME, readConfigFile, readDotEnv } from "./config/config-files.ts";
import { SETTING_NAMES, SETTINGS, settingsSchema } from "./config/config-schema.ts";
import type { SettingDefinition } from "./config/setting-kinds.ts";
import { homeFolder, userCacheFolder } from "./config/user-folders.ts";
import { showOrigin, type SettingOrigin } from "./config/setting-origin.ts";
import type { SettingName, Settings } from "./config/settings.ts";
import { isEndpointModel } from "./domain/endpoint-model.ts";
import { fromHome } from "./domain/home-path.ts";
import { isLoopbackHost } from "./domain/loopback-host.ts";
import { CitewellError, type InputProblem } from "./errors.ts";

/** The effective settings, with where each came from. */
export interface Config extends Settings {
  /** Where each setting came from. */
  readonly origins: Readonly<Record<SettingName, SettingOrigin>>;
}

/** Settings given as flags: text as it was typed, or lists of it. */
export type SettingFlags = Readonly<Partial<Record<SettingName, string | readonly string[]>>>;

type Environment = Readonly<Record<string, string | undefined>>;

/** Options of {@link loadConfig}. */
export interface LoadConfigOptions {
  /** @default {} */
  readonly flags?: SettingFlags | undefined;
  /** The environment. @default that of this process */
  readonly env?: Environment | undefined;
  /** Folder with `.env` and the configuration file; relative paths are taken from here. @default the working folder */
  readonly cwd?: string | undefined;
}

interface Candidate {
  readonly value: unknown;
  readonly origin: SettingOrigin;
}

/** The environment of this process. */
export function processEnvironment(): Environment {
  return process.env;
}

/**
 * Reads the settings: flags, then environment, then `.env`, then `citewell.config.json`, then defaults.
 * @throws CitewellError `config_invalid` with every problem found, each with the place it came from.
 */
export function loadConfig({
  flags = {},
  env = processEnvironment(),
  cwd = process.cwd(),
}: LoadConfigOptions = {}): Config {
  const problems: InputProblem[] = [];
  const file = readConfigFile(cwd, problems);
  const dotEnv = readDotEnv(cwd, problems);
  const candidates = new Map<SettingName, Candidate>();
  for (const name of SETTING_NAMES) {
    const found =
      fromFlag(name, flags) ?? fromVariables(name, env, "environment") ?? fromVariables(name, dotEnv, ".env");
    const candidate = found ?? fromFile(name, file) ?? fromWorkingFolder(name, cwd);
    if (candidate !== undefined) candidates.set(name, candidate);
  }
  for (const [key, ...addresses] of KEYS_WITH_ADDRESSES) {
    const address = addresses.map((name) => candidates.get(name)).find((candidate) => candidate !== undefined);
    const beside = fromVariables(key, dotEnv, ".env") ?? fromFile(key, file);
    if (beside !== undefined && address !== undefined && isOfFolder(address.origin, address.value)) {
      candidates.set(key, beside);
    }
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

function fromFlag(name: SettingName, flags: SettingFlags): Candidate | undefined {
  const value = flags[name];
  if (value === undefined) return undefined;
  const { flag = name } = SETTINGS[name];
  return { value: readText(value, SETTINGS[name]), origin: { kind: "flag", name: flag } };
}

function fromVariables(name: SettingName, env: Environment, kind: "environment" | ".env"): Candidate | undefined {
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

/** The keys whose address the working folder may name as well, with the settings of that address; the first one counts. */
const KEYS_WITH_ADDRESSES: readonly (readonly [key: SettingName, ...addresses: SettingName[]])[] = [
  ["openaiApiKey", "openaiBaseUrl"],
  ["embeddingApiKey", "embeddingBaseUrl", "openaiBaseUrl"],
  ["qdrantApiKey", "store"],
];

/** Whether a file of the working folder names an address, and one that is not on this machine. */
function isOfFolder({ kind }: SettingOrigin, addresses: unknown): boolean {
  if (kind !== ".env" && kind !== "file") return false;
  return !String(addresses)
    .split(",")
    .every((address) => isLoopbackHost(URL.parse(address)?.hostname ?? ""));
}

/** A file named OAI_CONFIG_LIST in the working folder counts as if the setting named it. */
function fromWorkingFolder(name: SettingName, cwd: string): Candidate | undefined {
  const path = join(cwd, "OAI_CONFIG_LIST");
  if (name !== "oaiConfigList" || !existsSync(path)) return undefined;
  return { value: path, origin: { kind: "file", name: "OAI_CONFIG_LIST" } };
}

function readText(value: string | readonly string[], { kind = "text" }: SettingDefinition): unknown {
  if (typeof value !== "string") return value;
  const trimmed = value.trim();
  switch (kind) {
    case "number":
      return /^\d+$/.test(trimmed) ? Number(trimmed) : value;
    case "boolean":
      return readBoolean(trimmed) ?? value;
    case "list": {
      const parts = trimmed.split(",").flatMap((part) => part.trim() || []);
      // Commas alone were meant to be something: they are no list.
      return parts.length === 0 ? value : parts;
    }
    case "lower-case":
      return trimmed.toLowerCase();
    case "text":
      return trimmed;
  }
}

function readBoolean(text: string): boolean | undefined {
  if (/^(?:true|1|yes|on)$/i.test(text)) return true;
  return /^(?:false|0|no|off)$/i.test(text) ? false : undefined;
}

function describeProblem(name: SettingName, { value, origin }: Candidate): InputProblem {
  const { expects, secret = false } = SETTINGS[name];
  // An address may carry a password.
  const shown = secret ? "the value" : JSON.stringify(value).replaceAll(/\/\/[^,\s]*@/g, "//••••@");
  return { path: placeOf(origin), message: `${shown} is not ${expects}` };
}

function placeOf(origin: SettingOrigin): string {
  return origin.kind === "file" ? `${CONFIG_FILE_NAME}: ${origin.name}` : showOrigin(origin);
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
  }: Pick<Required<LoadConfigOptions>, "cwd" | "env"> & { readonly candidates: ReadonlyMap<SettingName, Candidate> },
): Config {
  const origins: Partial<Record<SettingName, SettingOrigin>> = {};
  for (const name of SETTING_NAMES) origins[name] = candidates.get(name)?.origin ?? { kind: "default", name: "" };
  // A key goes with its address: OpenAI's key is never sent to another embedding endpoint.
  const shareEndpoint = settings.embeddingBaseUrl === undefined;
  const shareKey = shareEndpoint && settings.embeddingApiKey === undefined;
  if (shareEndpoint && origins.openaiBaseUrl !== undefined) origins.embeddingBaseUrl = origins.openaiBaseUrl;
  if (shareKey && origins.openaiApiKey !== undefined) origins.embeddingApiKey = origins.openaiApiKey;
  const dataFolder = resolve(cwd, atHome(settings.dataFolder, env));
  const config = Object.freeze({
    ...settings,
    dataFolder,
    cacheFolder: resolve(cwd, atHome(settings.cacheFolder, env) ?? userCacheFolder(env) ?? join(dataFolder, "cache")),
    embeddingModel: atHome(settings.embeddingModel, env),
    oaiConfigList: atHome(settings.oaiConfigList, env),
    store: settings.store === "embedded" ? settings.store : settings.store.replace(/\/+$/, ""),
    embeddingBaseUrl: shareEndpoint ? settings.openaiBaseUrl : settings.embeddingBaseUrl,
    embeddingApiKey: shareKey ? settings.openaiApiKey : settings.embeddingApiKey,
    origins: Object.freeze(complete(origins)),
  });
  checkKeyAddresses(config, env);
  return config;
}

/**
 * Refuses to send a key of the user's own to an address that a file of the working folder names: whoever wrote that
 * folder, such as a repository of somebody else, would get the key. Addresses that nothing is sent to are left alone, since
 * the `.env` of a project is mostly there for its own program.
 */
function checkKeyAddresses(config: Config, env: Environment): void {
  const { origins, store, oaiConfigList, openaiModel, embeddingModel } = config;
  const headers = ["OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS"].find((name) => env[name]);
  const isAsked = oaiConfigList === undefined && openaiModel !== undefined;
  const sent: readonly (readonly [address: SettingName, key: SettingOrigin | undefined])[] = [
    ["openaiBaseUrl", isAsked ? origins.openaiApiKey : undefined],
    ["embeddingBaseUrl", isEndpointModel(embeddingModel) ? origins.embeddingApiKey : undefined],
    ["store", store === "embedded" ? undefined : origins.qdrantApiKey],
    ["otelEndpoint", headers === undefined ? undefined : { kind: "environment", name: headers }],
  ];
  const problems = new Map<string, InputProblem>();
  for (const [name, key] of sent) {
    const address = origins[name];
    if (key?.kind !== "environment" || !isOfFolder(address, config[name])) continue;
    const message = `the key in ${key.name} would be sent to an address that this folder names; if you trust it, set the address beside the key, or the key in .env here`;
    problems.set(placeOf(address), { path: placeOf(address), message });
  }
  if (problems.size > 0) throw invalidConfig([...problems.values()]);
}

function atHome<Value extends string | undefined>(value: Value, env: Environment): Value | string {
  const home = homeFolder(env);
  return home === undefined || value === undefined ? value : fromHome(value, home);
}

function complete(origins: Partial<Record<SettingName, SettingOrigin>>): Record<SettingName, SettingOrigin> {
  const isComplete = (value: typeof origins): value is Record<SettingName, SettingOrigin> =>
    SETTING_NAMES.every((name) => value[name] !== undefined);
  if (!isComplete(origins)) throw new TypeError("Every setting must have an origin.");
  return origins;
}
