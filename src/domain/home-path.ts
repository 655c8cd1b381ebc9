/** A path with the home folder for a leading `~`, which shells leave alone in quotes, in `--data=~/x` and in files. */
export function fromHome(path: string, home: string): string {
  if (path === "~") return home;
  return /^~[/\\]/.test(path) ? home.replace(/(?<=.)[/\\]$/, "") + path.slice(1) : path;
}
