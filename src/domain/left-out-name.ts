/** Names of what lies among people's files without being shown to them; Windows hides some by an attribute, not by a dot. */
const NOT_FOR_PEOPLE: ReadonlySet<string> = new Set([
  "node_modules",
  "desktop.ini",
  "thumbs.db",
  "$recycle.bin",
  "system volume information",
]);

/** Whether an ingestion passes over files and folders of a name, unless they are given as roots. */
export function isLeftOutName(name: string): boolean {
  return name.startsWith(".") || NOT_FOR_PEOPLE.has(name.toLowerCase());
}

/** Files with rules, in the syntax of `.gitignore`, for what to leave out below their folder. */
export const IGNORE_FILES: readonly string[] = [".gitignore", ".citewellignore"];
