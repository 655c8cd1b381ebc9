import { type LoadedText, tidyTitle } from "../loader.ts";
import { headingText } from "../markdown.ts";
import { indentOf, isBlank, markupLines } from "./markup-lines.ts";
import { convertCode, convertDoctest, convertParagraph, DOCTEST, placeOf, type RstReading } from "./rst-blocks.ts";
import { convertExplicit } from "./rst-explicit.ts";
import { convertRstInline, targetName } from "./rst-inline.ts";
import { convertRstTable, findTableEnds } from "./rst-tables.ts";

/** A line of one repeated mark, as it stands under a heading, and sometimes over it too. */
const ADORNMENT = /^([!-/:-@[-`{-~])\1+[ \t]*$/;
/** From this length on, an adornment may be shorter than its heading. */
const SURE_ADORNMENT = 4;
const MOST_LEVELS = 6;
const TARGET = /^\s*\.\. _(?:`([^`]+)`|((?:[^:\\]|\\.){1,200})):(?:\s+(\S.*))?$/;

/**
 * reStructuredText as Markdown, line by line: every sentence stays on its line. Its title is the first heading. Markup that
 * is broken or unknown stays as text.
 */
export function loadRestructuredText(text: string): LoadedText {
  const lines = markupLines(text);
  const reading: RstReading = {
    ...lines,
    targets: findTargets(lines.source),
    isTitle: (line) => titleAt(lines.source, line) !== null,
    tableEnds: findTableEnds(lines.source),
    frames: [],
    adornments: [],
    level: 0,
    title: null,
    language: "",
    prefixes: new Map(),
  };
  let at = 0;
  while (at < reading.source.length) at = Math.max(at + 1, convertAt(reading, at));
  return { text: reading.out.join("\n"), title: tidyTitle(reading.title) };
}

/** Converts what begins on a line; gives the line behind it. */
function convertAt(reading: RstReading, at: number): number {
  const { source, out } = reading;
  const line = source[at] ?? "";
  if (isBlank(line)) return at + 1;
  const title = titleAt(source, at);
  if (title !== null) return convertTitle(reading, { ...title, at });
  if (ADORNMENT.test(line) && line.trim().length >= SURE_ADORNMENT && isBlank(source[at + 1])) {
    out[at] = at === 0 ? "" : "---";
    return at + 1;
  }
  const explicit = convertExplicit(reading, at);
  if (explicit !== null) return explicit;
  const table = convertRstTable(reading, at);
  if (table !== null) return table;
  if (DOCTEST.test(line)) return convertDoctest(reading, at);
  if (line.trim() === "::") {
    const edge = indentOf(line);
    placeOf(reading, edge);
    return convertCode(reading, { announcedOn: at, edge, language: reading.language });
  }
  return convertParagraph(reading, at);
}

/** A heading that begins on a line: where its text is, and what it is adorned with. */
interface TitlePlace {
  readonly text: number;
  readonly adornment: string;
  readonly lines: number;
}

function titleAt(source: readonly string[], at: number): TitlePlace | null {
  const [first = "", second = "", third = ""] = source.slice(at, at + 3);
  if (ADORNMENT.test(first)) {
    const isOver = first.trimEnd() === third.trimEnd() && !isBlank(second) && !ADORNMENT.test(second);
    if (isOver && isUnder(third, second)) return { text: at + 1, adornment: `over ${first.charAt(0)}`, lines: 3 };
    return null;
  }
  const isTitle = indentOf(first) === 0 && isUnder(second, first) && !first.startsWith(".. ");
  return isTitle ? { text: at, adornment: second.charAt(0), lines: 2 } : null;
}

function isUnder(adornment: string, title: string): boolean {
  if (!ADORNMENT.test(adornment) || /^(?:::|\.\.)\s*$/.test(adornment)) return false;
  const length = adornment.trimEnd().length;
  return length >= SURE_ADORNMENT || length >= title.trim().length;
}

function convertTitle(
  reading: RstReading,
  { at, text, adornment, lines }: TitlePlace & { readonly at: number },
): number {
  const { source, out, adornments, targets } = reading;
  if (!adornments.includes(adornment)) adornments.push(adornment);
  reading.level = Math.min(MOST_LEVELS, adornments.indexOf(adornment) + 1);
  reading.frames.length = 0;
  const title = convertRstInline((source[text] ?? "").trim(), targets);
  reading.title ??= headingText(title);
  out[text] = `${"#".repeat(reading.level)} ${title}`;
  return at + lines;
}

function findTargets(source: readonly string[]): ReadonlyMap<string, string> {
  const targets = new Map<string, string>();
  for (const [index, line] of source.entries()) {
    const [, quoted, name, address = ""] = (line.includes(".. _") ? TARGET.exec(line) : null) ?? [];
    const found = targetName(quoted ?? name?.replaceAll("\\", "") ?? "");
    const next = source[index + 1] ?? "";
    // An address may begin or go on in the next line.
    const url = `${address}${indentOf(next) > 0 && !isBlank(next) ? next : ""}`.replaceAll(/\s+/g, "");
    if (found === "" || found === "_") continue;
    targets.set(found, url.endsWith("_") ? (targets.get(targetName(address.replace(/_$/, ""))) ?? "") : url);
  }
  for (const [name, url] of targets) if (url === "") targets.delete(name);
  return targets;
}
