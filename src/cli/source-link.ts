import { isAbsolute, relative } from "node:path";
import { pathToFileURL } from "node:url";
import type { LineRange } from "../domain/document.ts";
import type { CommandContext } from "./command-context.ts";

/** A place in a document. */
export interface SourcePlace {
  readonly root: string;
  readonly source: string;
  readonly lines?: LineRange;
}

/** `path:start-end`, as a link on terminals; the path is relative to the working folder where it lies inside. */
export function formatPlace(place: SourcePlace, { io, colors }: Pick<CommandContext, "io" | "colors">): string {
  const { lines } = place;
  const target = locate(place);
  const shown = isAbsolute(target) ? shortPath(target, io.cwd) : target;
  const text = lines === undefined ? shown : `${shown}:${lines.start}-${lines.end}`;
  if (!io.isTerminal.stdout || !colors.isColorSupported) return text;
  const address = isAbsolute(target) ? `${pathToFileURL(target).href}#L${lines?.start ?? 1}` : target;
  return URL.canParse(address) ? hyperlink(colors.cyan(text), address) : colors.cyan(text);
}

/** Where the document lies: an absolute path, a URL, or a name such as `uploads/notes.md`. */
function locate({ root, source }: SourcePlace): string {
  if (root === source || URL.canParse(source)) return source;
  // A file that was given as a root is its own source.
  return root.endsWith(`/${source}`) ? root : `${root.replace(/\/$/, "")}/${source}`;
}

function shortPath(path: string, cwd: string): string {
  const inside = relative(cwd, path).replaceAll("\\", "/");
  return inside.startsWith("..") || isAbsolute(inside) ? path : inside;
}

/** OSC 8: terminals that do not know it show the text alone. */
function hyperlink(text: string, address: string): string {
  return `\u001B]8;;${address}\u001B\\${text}\u001B]8;;\u001B\\`;
}
