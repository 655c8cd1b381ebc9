import { isAbsolute, join } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/** The user's home folder; undefined where there is none. */
export function homeFolder(env: Environment): string | undefined {
  const home = env["HOME"] ?? env["USERPROFILE"];
  return home === "" ? undefined : home;
}

/** Where programs keep what they can make again, by the rules of the system. */
export function userCacheFolder(env: Environment): string | undefined {
  const given = env["XDG_CACHE_HOME"] ?? env["LOCALAPPDATA"];
  if (given !== undefined && isAbsolute(given)) return join(given, "citewell");
  const home = homeFolder(env);
  return home === undefined ? undefined : join(home, ".cache", "citewell");
}
