import { CONFIG_FILE_NAME } from "./config-files.ts";

/** Where an effective value came from. */
export interface SettingOrigin {
  readonly kind: "flag" | "environment" | ".env" | "file" | "default";
  /** The flag, the variable, or the key of the file; empty for a default. */
  readonly name: string;
}

/** An origin in words, such as `--port`, `PORT in .env`, `citewell.config.json`, `default`. */
export function showOrigin({ kind, name }: SettingOrigin): string {
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
