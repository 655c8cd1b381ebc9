import { DEFAULT_SETTINGS } from "../config/config-schema.ts";
import type { SettingName } from "../config/settings.ts";

/** What a setting is where nobody sets it, as help says it: `(default: 8080)`. */
export function usual(name: SettingName): string {
  return `(default: ${String(DEFAULT_SETTINGS[name])})`;
}
