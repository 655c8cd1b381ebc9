/** Variables that code started here may see unless the caller says otherwise. */
export const DEFAULT_ALLOWED_VARIABLES: readonly string[] = ["PATH", "LANG"];

/**
 * The environment for code that a model wrote: the named variables of this process and nothing else, so that keys and
 * tokens stay out of its reach. The home folder is its working folder.
 */
export function allowedEnvironment(
  names: readonly string[],
  workDir: string,
): Readonly<Record<string, string | undefined>> {
  const allowed = names.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(allowed),
    HOME: workDir,
    // What was printed before a time limit would be lost in Python's buffer.
    PYTHONUNBUFFERED: "1",
  };
}
