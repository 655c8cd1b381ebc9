import { indentOf, isBlank, nextFilled, proseLine } from "./markup-lines.ts";
import { blockEnd, convertCode, convertParagraph, DOCTEST, placeOf, type RstReading } from "./rst-blocks.ts";
import { convertRstInline } from "./rst-inline.ts";
import { codeLanguage, type Directive, noteLabel, readDirective } from "./rst-directives.ts";

const EXPLICIT = /^\s*\.\.(?:\s+(.*))?$/;
const ANONYMOUS_TARGET = /^\s*__\s+\S/;
/** Fields that are no settings of their directive, but describe what it documents. */
const DESCRIBES =
  /^\s*:(?:param|parameter|arg|argument|key|keyword|type|raises?|except|exception|var|ivar|cvar|vartype|returns?|rtype|yields?)\b/;
const SETTING = /^\s+:[\w-]{1,60}:/;
const MOST_LEVELS = 6;
/** What is shown of a tab is a label. */
const TABS = /^(?:(?:md-)?tab(?:-item)?|group-tab)$/;

/** Converts a directive, a comment, a target or a footnote; gives the line behind it, null where there is none of them. */
export function convertExplicit(reading: RstReading, at: number): number | null {
  const { source } = reading;
  const line = source[at] ?? "";
  if (ANONYMOUS_TARGET.test(line)) return at + 1;
  const match = EXPLICIT.exec(line);
  if (match === null) return null;
  const content = (match[1] ?? "").trim();
  const edge = indentOf(line);
  const place = placeOf(reading, edge);
  const directive = readDirective(content);
  if (directive !== null) return convertDirective(reading, at, { directive, edge, place });
  const [, name, meaning] = /^\|([^|]{1,100})\|\s+(?:replace|unicode|date)::\s*(.*)$/.exec(content) ?? [];
  if (name !== undefined || /^\[(?:[#*\w][\w.-]*|[#*])\]\s/.test(content)) {
    enter(reading, { at, edge, place, isObject: false });
    return convertParagraph(reading, at, { place, first: name === undefined ? content : `${name}: ${meaning}` });
  }
  // A lone pair of dots hides nothing of what follows an empty line.
  if (content === "" && isBlank(source[at + 1])) return at + 1;
  return (blockEnd(reading, at + 1, edge) ?? at) + 1;
}

interface DirectivePlace {
  readonly directive: Directive;
  /** Columns before it in the source and in the result. */
  readonly edge: number;
  readonly place: number;
}

function convertDirective(reading: RstReading, at: number, options: DirectivePlace): number {
  const { directive, edge } = options;
  const { source, out } = reading;
  const behind = behindSettings(source, at, edge);
  const { kind, argument, name } = directive;
  if (name === "highlight") reading.language = argument.split(/\s/, 1)[0] ?? "";
  switch (kind) {
    case "code":
      return convertCode(reading, { announcedOn: behind - 1, edge, language: codeLanguage(directive) });
    case "dropped":
      return (blockEnd(reading, at + 1, edge) ?? at) + 1;
    case "entries":
      return convertEntries(reading, behind, options);
    case "path":
      if (argument !== "") out[at] = indented(`\`${argument}\``, options.place);
      return behind;
    case "note":
      return convertNote(reading, at, options);
    case "object":
    case "text":
      return convertObject(reading, at, options);
  }
}

/** The line behind a directive's first line and its settings. */
function behindSettings(source: readonly string[], at: number, edge: number): number {
  let line = at + 1;
  let deep: number | null = null;
  while (!isBlank(source[line]) && indentOf(source[line]) > edge) {
    const text = source[line] ?? "";
    const isSetting = SETTING.test(text) && !DESCRIBES.test(text);
    if (!isSetting && (deep === null || indentOf(text) <= deep)) break;
    if (isSetting) deep = indentOf(text);
    line += 1;
  }
  return line;
}

function convertEntries(reading: RstReading, from: number, { edge, place }: DirectivePlace): number {
  const { source, out } = reading;
  const last = blockEnd(reading, from, edge) ?? from - 1;
  for (let line = from; line <= last; line += 1) {
    const entry = (source[line] ?? "").trim();
    if (entry !== "") out[line] = indented(`- ${entry.replace(/^([^<]*\S)\s*<[^<>]*>$/, "$1")}`, place);
  }
  return last + 1;
}

/** A note begins with its label in bold, on the line of its first words. */
function convertNote(reading: RstReading, at: number, options: DirectivePlace): number {
  const { source, out, prefixes, targets } = reading;
  const { directive, edge, place } = options;
  const { label, rest } = noteLabel(directive);
  enter(reading, { at, edge, place, isObject: false });
  if (rest !== "") return convertParagraph(reading, at, { place, first: `**${label}:** ${rest}` });
  const behind = behindSettings(source, at, edge);
  const body = nextFilled(source, behind);
  if (indentOf(source[body]) > edge && isProse(source[body] ?? "")) prefixes.set(body, `**${label}:** `);
  else out[at] = indented(`**${convertRstInline(label, targets)}${/[.:!?]$/.test(label) ? "" : "."}**`, place);
  return behind;
}

function isProse(line: string): boolean {
  return (
    !DOCTEST.test(line) &&
    !/^\s*(?:[-*+•|=]|:(?![\w.+-]{1,60}:`)|\.\.(?:\s|$)|(?:\d{1,4}|[a-zA-Z]|#)[.)]\s|\+[-=])/.test(line) &&
    line.trim() !== "::"
  );
}

/** What is documented gets a heading where something is said about it; an unknown directive keeps its words. */
function convertObject(reading: RstReading, at: number, options: DirectivePlace): number {
  const { source, out, frames, level, targets } = reading;
  const { directive, edge, place } = options;
  const { argument, kind } = directive;
  const behind = behindSettings(source, at, edge);
  const isAbove = frames.every(({ isObject }) => isObject) && place === 0;
  const hasBody = blockStarts(source, behind, edge);
  const nested = frames.length;
  enter(reading, { at: behind - 1, edge, place, isObject: kind === "object" });
  if (argument === "") return behind;
  const isGenerated = directive.name.includes("auto");
  const isName = kind === "object" || isGenerated;
  const isTab = TABS.test(directive.name);
  const words = isTab ? `**${argument}**` : isName && !argument.includes("`") ? `\`${argument}\`` : argument;
  const isHeading = kind === "object" && isAbove && (hasBody || (isGenerated && isAlone(reading, behind)));
  const text = convertRstInline(words, targets);
  out[at] = isHeading ? `${"#".repeat(Math.min(MOST_LEVELS, level + 1 + nested))} ${text}` : proseLine(text, place);
  return behind;
}

/** Whether nothing but the next section or directive follows, so that a heading would claim no other text. */
function isAlone({ source, isTitle }: RstReading, from: number): boolean {
  const line = nextFilled(source, from);
  return line >= source.length || isTitle(line) || EXPLICIT.test(source[line] ?? "");
}

function blockStarts(source: readonly string[], from: number, edge: number): boolean {
  const line = nextFilled(source, from);
  return line < source.length && indentOf(source[line]) > edge;
}

/** From here on, the body of a directive stands where the directive stood. */
function enter(
  { source, frames }: RstReading,
  {
    at,
    edge,
    place,
    isObject,
  }: { readonly at: number; readonly edge: number; readonly place: number; readonly isObject: boolean },
): void {
  const line = nextFilled(source, at + 1);
  const from = indentOf(source[line]);
  if (line < source.length && from > edge) frames.push({ from, to: place, isObject });
}

function indented(text: string, place: number): string {
  return `${" ".repeat(Math.min(3, place))}${text}`;
}
