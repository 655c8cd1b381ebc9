import { readMarkup } from "./html-tags.ts";
import { type LoadedText, tidyTitle } from "./loader.ts";
import { oneLine } from "../../src/domain/one-line.ts";

/** Elements that stand on lines of their own. */
const BLOCKS: ReadonlySet<string> = new Set(
  (
    "address article aside blockquote body br caption center dd details div dl dt fieldset figcaption figure footer form " +
    "frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li main menu nav ol option p pre section summary " +
    "table tbody td tfoot th thead tr ul"
  ).split(" "),
);
/** Elements whose content is not shown as text, and cannot hold other elements. */
const NOT_SHOWN: ReadonlySet<string> = new Set(["script", "style", "noscript", "iframe", "template", "textarea"]);

/**
 * The words of a page, paragraph by paragraph, without lists, tables and the like: for markup whose structure nobody could
 * follow. Takes a time that grows with its length only.
 */
export function loadFlatHtml(html: string): LoadedText {
  const paragraphs: string[] = [];
  let heading = "";
  let words: string[] = [];
  let title = "";
  /** The element whose content goes elsewhere. */
  let inside: string | null = null;
  const endParagraph = (): void => {
    const text = oneLine(words.join(""));
    words = [];
    if (text !== "") paragraphs.push(heading + text);
  };
  readMarkup(html, {
    onOpen: (name) => {
      if (inside !== null) return;
      if (NOT_SHOWN.has(name) || name === "title") inside = name;
      if (!BLOCKS.has(name)) return;
      endParagraph();
      heading = /^h[1-6]$/.test(name) ? `${"#".repeat(Number(name.slice(1)))} ` : "";
    },
    onClose: (name) => {
      if (inside === name) inside = null;
      if (inside !== null || !BLOCKS.has(name)) return;
      endParagraph();
      heading = "";
    },
    onText: (text) => {
      if (inside === null) words.push(text);
      else if (inside === "title") title += text;
    },
  });
  endParagraph();
  return { text: paragraphs.length === 0 ? "" : `${paragraphs.join("\n\n")}\n`, title: tidyTitle(title) };
}
