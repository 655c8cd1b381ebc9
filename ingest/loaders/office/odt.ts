import { type LoadedText, tidyTitle, type Unreadable } from "../loader.ts";
import { bodyOf, openDocumentFile } from "./open-document.ts";
import { readBlocks } from "./open-document-text.ts";
import { childrenOf } from "../xml-elements.ts";

/**
 * An OpenDocument text (`.odt`) as Markdown: headings, lists, tables, footnotes at the end. Its title is its first
 * heading of level one, else that of its properties. Deleted passages, comments, tables of contents, headers and footers are
 * left out.
 */
export function loadOdt(bytes: Uint8Array): LoadedText | Unreadable {
  const file = openDocumentFile(bytes);
  if ("unreadable" in file) return file;
  const footnotes: string[] = [];
  const blocks = readBlocks(childrenOf(bodyOf(file.content, "text")), { ...file, footnotes });
  const heading = blocks.find((block) => block.startsWith("# "))?.slice(2);
  const text = [...blocks, ...footnotes].join("\n\n");
  return { text: text === "" ? "" : `${text}\n`, title: tidyTitle(heading) ?? file.title };
}
