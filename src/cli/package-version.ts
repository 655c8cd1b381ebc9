import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";

/** The version in the package's own package.json. */
export function readPackageVersion(): string {
  const path = findPackageJSON("..", import.meta.url);
  if (path === undefined) return "unknown";
  const content: unknown = JSON.parse(readFileSync(path, "utf8"));
  const isVersioned = typeof content === "object" && content !== null && "version" in content;
  return isVersioned ? String(content.version) : "unknown";
}
