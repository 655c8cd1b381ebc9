import { parse } from "yaml";
import { type LoadedText, tidyTitle } from "./loader.ts";

const FRONT_MATTER = /^---[ \t]*\r?\n([\s\S]{0,65536}?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/;
/** Lines in which a first heading is looked for. */
const HEADING_LINES = 200;

/** Markdown is taken as it is; its title is the front matter's, else the first heading of level one. */
export function loadMarkdown(text: string): LoadedText {
  const frontMatter = FRONT_MATTER.exec(text);
  const title = titleOfFrontMatter(frontMatter?.[1]) ?? firstHeading(text.slice(frontMatter?.[0].length ?? 0));
  return { text, title };
}

function titleOfFrontMatter(yaml: string | undefined): string | null {
  if (yaml === undefined) return null;
  let data: unknown;
  try {
    data = parse(yaml, { logLevel: "silent" });
  } catch {
    // What stands between the dashes is not YAML, so it is text like any other.
    return null;
  }
  if (typeof data !== "object" || data === null || !("title" in data)) return null;
  return typeof data.title === "string" || typeof data.title === "number" ? tidyTitle(String(data.title)) : null;
}

function firstHeading(text: string): string | null {
  let fence: string | null = null;
  const lines = text.slice(0, 65_536).split(/\r\n|\r|\n/, HEADING_LINES);
  for (const [index, line] of lines.entries()) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark !== undefined && (fence === null || mark.startsWith(fence))) fence = fence === null ? mark : null;
    if (fence !== null || mark !== undefined) continue;
    const heading = /^ {0,3}#[ \t]+(.*?)[ \t]*#*[ \t]*$/.exec(line)?.[1];
    if (heading !== undefined) return headingText(heading);
    if (line.trim() !== "" && /^=+[ \t]*$/.test(lines[index + 1] ?? "")) return headingText(line);
  }
  return null;
}

/** A heading without links, images, emphasis and code marks; null where nothing is left. */
export function headingText(heading: string): string | null {
  return tidyTitle(
    heading
      .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
      .replaceAll(/<[^>]+>/g, "")
      .replaceAll(/[*`]+|(?<!\w)_+|_+(?!\w)/g, ""),
  );
}
