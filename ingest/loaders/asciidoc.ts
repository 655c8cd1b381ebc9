import { type LoadedText, tidyTitle } from "./loader.ts";

/** AsciiDoc is taken as it is; its title is the document's, else the first section's. */
export function loadAsciidoc(text: string): LoadedText {
  const head = text.slice(0, 65_536);
  const title = /^(?:=|#)[ \t]+(.+)$/m.exec(head)?.[1] ?? underlined(head) ?? /^==[ \t]+(.+)$/m.exec(head)?.[1];
  return { text, title: tidyTitle(title?.replaceAll(/[`*_]{1,2}(?=\S)|(?<=\S)[`*_]{1,2}/g, "")) };
}

/** A title with a line of `=` under it, of the same length but for two characters, at the beginning. */
function underlined(text: string): string | null {
  const match = /^\s*(\S[^\r\n]*)\r?\n(=+)[ \t]*(?:\r?\n|$)/.exec(text);
  const [, title = "", line = ""] = match ?? [];
  return title !== "" && Math.abs(title.trim().length - line.length) <= 2 ? title : null;
}
