import { isAbsolute, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { isPageAddress, type LineRange } from "../../domain/document.ts";
import type { CommandContext } from "../command-context.ts";
import { printableName } from "./text-layout.ts";

/** A place in a document. */
export interface SourcePlace {
  readonly root: string;
  readonly source: string;
  readonly lines?: LineRange;
  /** A single line, where `lines` are not given. */
  readonly line?: number;
}

/** `path:start-end` or `path:line`, as a link on terminals; the path is relative to the working folder where it lies inside. */
export function formatPlace(place: SourcePlace, { io, colors }: Pick<CommandContext, "io" | "colors">): string {
  const { lines, line } = place;
  const target = locate(place);
  const shown = printableName(pathOf(place, io.cwd));
  const where = lines === undefined ? line : `${lines.start}-${lines.end}`;
  const text = where === undefined ? shown : `${shown}:${where}`;
  if (!io.isTerminal.stdout || !colors.isColorSupported) return text;
  const address = isAbsolute(target) ? `${pathToFileURL(target).href}#L${lines?.start ?? line ?? 1}` : target;
  // As the address is spelt by its own rules, it holds no control characters.
  const link = URL.parse(address)?.href;
  return link === undefined ? colors.cyan(text) : hyperlink(colors.cyan(text), link);
}

/** The path that opens a document from the working folder; the address of a page, and the name of what was handed over. */
export function pathOf(place: SourcePlace, cwd: string): string {
  const target = locate(place);
  return isAbsolute(target) ? shortPath(target, cwd) : target;
}

/** Where the document lies: an absolute path, a URL, or a name such as `uploads/notes.md`. */
function locate({ root, source }: SourcePlace): string {
  if (root === source || isPageAddress(source)) return source;
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
