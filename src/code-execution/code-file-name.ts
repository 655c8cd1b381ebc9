import { mkdir, readlink, realpath } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";

const COMMENT = /^\s*(?:#|\/\/|\/\*|<!--)\s*filename:\s*(.+?)\s*(?:\*\/|-->)?\s*$/i;

/** The name that a first line such as `# filename: plot.py` gives; other comments name nothing. */
export function codeFileName(code: string): string | null {
  const [first = "", second = ""] = code.trimStart().split("\n");
  const line = first.startsWith("#!") ? second : first;
  return COMMENT.exec(line)?.[1] ?? null;
}

/** The path of a file within a folder, whose parents are made; null when it would lie outside, also by a link. */
export async function pathWithin(folder: string, name: string): Promise<string | null> {
  const path = isAbsolute(name) ? resolve(name) : resolve(folder, name);
  if (!isWithin(folder, path)) return null;
  const root = await realpath(folder);
  let parent = root;
  // Made step by step: a link on the way must not lead outside before it is looked at.
  for (const part of relative(folder, dirname(path)).split(sep).filter(Boolean)) {
    await mkdir(join(parent, part), { recursive: true });
    parent = await realpath(join(parent, part));
    if (parent !== root && !isWithin(root, parent)) return null;
  }
  const target = join(parent, path.slice(dirname(path).length + 1));
  const real = await realpath(target).catch(() => target);
  // A link to what is not there yet would make it there.
  const isDangling = real === target && (await readlink(target).catch(() => null)) !== null;
  return isWithin(root, real) && !isDangling ? real : null;
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
