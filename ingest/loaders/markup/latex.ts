import { oneLine } from "../../../src/domain/one-line.ts";
import { headingText } from "../markdown.ts";
import { type LoadedText, tidyTitle } from "../loader.ts";

const LEVELS: Readonly<Record<string, string>> = {
  part: "#",
  chapter: "#",
  section: "##",
  subsection: "###",
  subsubsection: "####",
  paragraph: "#####",
  subparagraph: "######",
};
/** A command for a heading with its text in braces, which may hold braces of two levels. */
const TITLED =
  /^[ \t]*\\(title|part|chapter|section|subsection|subsubsection|paragraph|subparagraph)\*?(?:\[[^\]]*\])?\{((?:[^{}\n]|\{(?:[^{}\n]|\{[^{}\n]*\})*\})*)\}[ \t]*(.*)$/;
/** What may follow a heading on its line without being text of its own. */
const LABEL_ONLY = /^(?:\\label\{[^}]*\}[ \t]*)*(?:%.*)?$/;
const VERBATIM = /^[ \t]*\\(begin|end)\{(?:verbatim|lstlisting|minted|Verbatim|alltt|comment)\*?\}/;

/**
 * LaTeX with its headings as Markdown writes them, line by line: line n of the text is line n of the file. Lines of comments
 * are left empty; all else stays as it is written. The title is that of `\title`, else of the first heading.
 */
export function loadLatex(text: string): LoadedText {
  let title: string | null = null;
  let first: string | null = null;
  let isVerbatim = false;
  const lines = text.split("\n").map((line) => {
    const [, edge] = VERBATIM.exec(line) ?? [];
    if (edge !== undefined) isVerbatim = edge === "begin";
    if (isVerbatim) return line;
    if (/^[ \t]*%/.test(line)) return line.endsWith("\r") ? "\r" : "";
    const [, command = "", written = "", rest = ""] = TITLED.exec(line.replace(/\r$/, "")) ?? [];
    if (command === "") return line;
    const words = plainWords(written);
    if (command === "title") {
      title ??= tidyTitle(headingText(words));
      return line;
    }
    first ??= tidyTitle(headingText(words));
    if (words === "" || !LABEL_ONLY.test(rest)) return line;
    return `${LEVELS[command] ?? "#"} ${words}${line.endsWith("\r") ? "\r" : ""}`;
  });
  return { text: lines.join("\n"), title: title ?? first };
}

/** A heading without commands: their arguments stay, and so do the letters of formulas. */
function plainWords(written: string): string {
  const words = written
    .replaceAll(/\\(?:label|footnote|thanks|index)\{[^{}]*\}/g, "")
    .replaceAll(/\\\\(?:\[[^\][]*\])?|~/g, " ")
    .replaceAll(/\\([&%$#_{}])/g, "$1")
    .replaceAll(/\\texorpdfstring\{((?:[^{}]|\{[^{}]*\})*)\}\{((?:[^{}]|\{[^{}]*\})*)\}/g, "$2")
    .replaceAll(/\\[a-zA-Z]+\*?[ \t]*/g, "")
    .replaceAll(/[{}$]/g, "");
  return oneLine(words);
}
