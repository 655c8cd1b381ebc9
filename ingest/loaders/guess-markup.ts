import { createFencePlaces, fencedBlocks } from "../../src/lexical/fences.ts";
import type { KnownFormat } from "./languages.ts";

/** How much of a text is looked at, in characters. */
const LOOKED_AT = 60_000;
const MARKDOWN: KnownFormat = { language: "markdown", mediaType: "text/markdown", loader: "markdown" };
const RST: KnownFormat = { language: "rst", mediaType: "text/x-rst", loader: "restructured-text" };
const ASCIIDOC: KnownFormat = { language: "asciidoc", mediaType: "text/asciidoc", loader: "asciidoc" };

const FEWEST_HEADINGS = 2;
const HEADING = /^#{1,6} \S/;
/** What Markdown has beside headings, and a file of settings with comments has not. */
const MARKDOWN_SIGNS: readonly RegExp[] = [
  /\]\((?:https?:|\/|#|\.|[\w-]+\.\w)/,
  /^```/m,
  /\*\*[^*\n]{1,200}\*\*/,
  /^>\s\S/m,
];

const RST_EXPLICIT = /^\s{0,40}\.\. (?:[a-z][\w:-]{1,40}::|_[^:\n]{1,100}:)/m;
const RST_INLINE = /``[^`\n]{1,200}``|:[a-z]{2,20}(?::[a-z]{2,20})?:`[^`\n]{1,200}`/;

const ASCIIDOC_TITLE = /^= \S/;
const ASCIIDOC_BLOCK =
  /^(?:(?:include|ifdef|ifndef|endif|image)::\S{0,200}\[.{0,200}\]|\[(?:source|verse|synopsis|listing|quote|NOTE|TIP|WARNING|IMPORTANT|CAUTION|horizontal)\b.{0,100}\])$/m;
const ASCIIDOC_OTHERS: readonly RegExp[] = [
  /^\S.{0,100}::$/m,
  /(?:^|[\s(])(?:link|xref|linkgit|https?):\S{1,200}\[/m,
  /^={2,4} \S/m,
  /^(?:-{4,}|\.{4,})$/m,
  /<<[\w-]{1,80}(?:,[^<>\n]{1,80})?>>/,
];

/**
 * The markup of a plain text whose name does not tell it: documentation in reStructuredText, AsciiDoc or Markdown may be
 * called `.txt`, or have no ending. Null where it has none, or too little to be sure.
 */
export function guessMarkup(text: string): KnownFormat | null {
  const head = text.slice(0, LOOKED_AT).replaceAll(/\r\n?/g, "\n");
  const isUnderlined = hasUnderlinedTitle(head);
  if (isUnderlined && RST_EXPLICIT.test(head) && RST_INLINE.test(head)) return RST;
  const others = ASCIIDOC_OTHERS.filter((sign) => sign.test(head)).length;
  if ((isUnderlined || ASCIIDOC_TITLE.test(head.trimStart())) && ASCIIDOC_BLOCK.test(head) && others > 0)
    return ASCIIDOC;
  return hasHeadings(head) && MARKDOWN_SIGNS.some((sign) => sign.test(head)) ? MARKDOWN : null;
}

/** Whether a line of one repeated mark stands below a line of nearly its length. */
function hasUnderlinedTitle(text: string): boolean {
  let above = "";
  for (const line of text.split("\n")) {
    const under = line.trimEnd();
    const isRule = under.length >= 3 && /^([=~^"*+#-])\1+$/.test(under);
    if (isRule && above !== "" && above.length <= under.length + 2 && under.length <= above.length + 10) return true;
    above = isRule ? "" : line.trim();
  }
  return false;
}

/** Whether most lines that begin as headings of Markdown stand between empty lines, which comments do not. */
function hasHeadings(text: string): boolean {
  if (!text.includes("# ")) return false;
  const fenceAt = createFencePlaces(fencedBlocks(text));
  const lines = text.split("\n");
  let offset = 0;
  let headings = 0;
  let comments = 0;
  for (const [at, line] of lines.entries()) {
    if (line.startsWith("#") && fenceAt(offset) === null) {
      const isApart = (lines[at - 1] ?? "").trim() === "" && (lines[at + 1] ?? "").trim() === "";
      if (isApart && HEADING.test(line)) headings += 1;
      else comments += 1;
    }
    offset += line.length + 1;
  }
  return headings >= FEWEST_HEADINGS && headings > comments;
}
