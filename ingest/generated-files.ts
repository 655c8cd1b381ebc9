const LOCK_FILES: ReadonlySet<string> = new Set([
  "package-lock.json",
  "npm-shrinkwrap.json",
  "yarn.lock",
  "pnpm-lock.yaml",
  "bun.lock",
  "deno.lock",
  "cargo.lock",
  "poetry.lock",
  "pdm.lock",
  "uv.lock",
  "pipfile.lock",
  "gemfile.lock",
  "composer.lock",
  "go.sum",
  "mix.lock",
  "pubspec.lock",
  "podfile.lock",
  "package.resolved",
  "flake.lock",
  "gradle.lockfile",
  ".terraform.lock.hcl",
]);
const MINIFIED = /[.-]min\.(?:js|mjs|cjs|css)$/i;
const SOURCE_MAP = /\.(?:js|mjs|cjs|css|ts)\.map$/i;

/**
 * Why a file in a folder is left out if programs write it for programs; null for any other file. Such files hold
 * thousands of lines of hashes and packed code, which take longer to embed than all the rest and bury it. Only the name
 * decides.
 */
export function generatedFileReason(source: string): string | null {
  const name = source.slice(source.lastIndexOf("/") + 1);
  const kind = LOCK_FILES.has(name.toLowerCase())
    ? "a lock file"
    : MINIFIED.test(name)
      ? "minified code"
      : SOURCE_MAP.test(name)
        ? "a source map"
        : null;
  return kind === null ? null : `${kind}, written for programs; name the file itself as a root to have it read`;
}
