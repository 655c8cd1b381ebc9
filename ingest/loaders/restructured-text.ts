import { type LoadedText, tidyTitle } from "./loader.ts";

/** A line of one repeated mark, as it stands under a heading, and sometimes over it too. */
const ADORNMENT = /^([!-/:-@[-`{-~])\1+[ \t]*$/;
/** Lines in which a first heading is looked for. */
const HEADING_LINES = 200;

/** reStructuredText is taken as it is; its title is the first heading. */
export function loadRestructuredText(text: string): LoadedText {
  return { text, title: firstHeading(text.slice(0, 65_536).split(/\r\n|\r|\n/, HEADING_LINES)) };
}

function firstHeading(lines: readonly string[]): string | null {
  for (const [index, line] of lines.entries()) {
    const heading = (lines[index - 1] ?? "").trim();
    // An adornment is as long as its heading; a shorter one is a mark of something else.
    if (heading === "" || !ADORNMENT.test(line) || line.trim().length < heading.length) continue;
    if (!ADORNMENT.test(heading)) return tidyTitle(heading.replaceAll(/[`*]+/g, ""));
  }
  return null;
}
