import type { Config } from "../config.ts";
import { SETTING_NAMES, SETTINGS } from "./config-schema.ts";
import type { SettingDefinition } from "./setting-kinds.ts";
import { showOrigin } from "./setting-origin.ts";
import type { SettingName, Settings } from "./settings.ts";

/** One setting, ready to be shown. */
export interface DescribedSetting {
  readonly name: SettingName;
  /** The value as text; secrets are masked, absent values empty. */
  readonly value: string;
  /** Such as `--port`, `PORT in .env`, `citewell.config.json`, `default`. */
  readonly origin: string;
}

/** Every effective setting with where it came from, secrets masked. */
export function describeConfig(config: Config): readonly DescribedSetting[] {
  return SETTING_NAMES.map((name) => ({
    name,
    value: name === "oaiConfigList" ? showConfigList(config[name]) : showValue(config[name], SETTINGS[name]),
    origin: showOrigin(config.origins[name]),
  }));
}

/** A secret as it may be shown: dots, and the last four characters of one longer than twelve. */
export function maskSecret(secret: string): string {
  return secret.length > 12 ? `••••${secret.slice(-4)}` : "••••";
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

/** A URL may carry a password, and a setting may hold several URLs. */
function withoutPassword(text: string): string {
  return text.split(",").map(maskPassword).join(",");
}

function maskPassword(text: string): string {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  if (url.username === "" && url.password === "") return text;
  // A user without a password may be a key.
  url[url.password === "" ? "username" : "password"] = "••••";
  return decodeURI(url.href);
}
