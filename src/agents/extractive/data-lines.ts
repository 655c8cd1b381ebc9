import type { Passage } from "../../domain/answer.ts";
import type { Span } from "../../domain/document.ts";
import { analyse } from "../../lexical/analyse.ts";
import type { PassageSentence } from "./passage-sentence.ts";

/** Languages of settings and descriptions whose lines are keys with values, kept apart by indentation. */
const DATA_LANGUAGES: ReadonlySet<string> = new Set(["yaml", "json"]);
/** A key with what stands behind it; in JSON both may be quoted. */
const KEY =
  /^("(?:[^"\\]|\\.)*"|'[^']*'|[^\s#"'[\]{},&*!|>%@-][^\s:]*(?: [^\s:]+){0,5}|-?[\w$/.{}-]+)\s*:(?:\s+(.*))?$/u;
const ITEM = /^-\s+/;
/** A key that has keys or several lines of text below it. */
const OPENS = /^(?:[{[]|[|>][+-]?\d?)?\s*(?:#.*)?$/;
const TEXT_BELOW = /^[|>]/;
/** A list, an object or a text without content. */
const EMPTY_VALUE = /^(?:\[\s*\]|\{\s*\}|""|'')\s*,?$/;
const OPENS_UNNAMED = /^[{[]$/;
const CLOSES = /^[\]}][\]},\s]*$/;
const COMMENT = /^#+\s*(?=\S)/;
/** Keys whose value names what they stand in: an operation, a parameter, a service. */
const NAMING: ReadonlySet<string> = new Set(["name", "id", "title", "summary", "operationId"]);
const LONGEST_NAME = 80;

/** Keys that programs need, and people mostly do not ask about. */
const PLUMBING = /^["']?(?:operationId|\$ref|type|format|in|required|tags|\$schema)["']?\s*:/;

/**
 * Whether a line of data says nothing that its label does not, as "name: limit" in the parameter "limit", or what only
 * programs need; unless the question asks for its key.
 */
export function isPlumbing({ label, text }: PassageSentence, asked: ReadonlySet<string>): boolean {
  if (label === undefined || label === "") return false;
  const at = text.indexOf(":");
  if (at === -1 || analyse(text.slice(0, at)).some((term) => asked.has(term))) return false;
  const known = new Set(analyse(label));
  return PLUMBING.test(text) || analyse(text.slice(at + 1)).every((term) => known.has(term));
}

/** A key above some lines. */
interface Level {
  readonly indent: number;
  readonly key: string;
  /** What a line below it calls it. */
  name: string;
}

interface Line {
  readonly span: Span;
  readonly above: readonly Level[];
  readonly kind: "prose" | "list";
}

/** Whether a passage is of a file with keys and values, one a line. */
export function isData({ language, text }: Passage["hit"]): boolean {
  return DATA_LANGUAGES.has(language) && /[\r\n]/.test(text.trim());
}

/**
 * The lines of a passage of YAML or JSON that say something by themselves: a key with its value, a text of several lines, a
 * comment. Each stands under the keys above it, with the names that lines beside these give them.
 */
export function dataLines(passage: Passage): readonly PassageSentence[] {
  const { text, title } = passage.hit;
  const sentences: PassageSentence[] = [];
  for (const { span, above, kind } of readLines(text)) {
    const path = above.filter(({ key, name }) => key !== "" || name !== "").map(labelOf);
    sentences.push({
      passage,
      text: text.slice(span.start, span.end).replaceAll(/\s*[\r\n]+\s*/g, " "),
      span,
      kind,
      siblings: sentences,
      position: sentences.length,
      headings: [title ?? "", ...path].join("\n"),
      label: path.join(" › "),
    });
  }
  return sentences;
}

function labelOf({ key, name }: Level): string {
  if (key === "" || name === "") return key === "" ? name : key;
  return `${key} (${name})`;
}

function readLines(text: string): readonly Line[] {
  const lines: Line[] = [];
  let levels = levelsOver(text);
  let below: { readonly indent: number; readonly from: number } | null = null;
  for (const { 0: written, index } of text.matchAll(/^.*\S.*$/gm)) {
    const rest = written.trim();
    const indent = written.trimEnd().length - rest.length;
    const span = { start: index + indent, end: index + indent + rest.length };
    if (below !== null && indent > below.indent) {
      addText(lines, { text, span, above: levels, from: below.from });
      continue;
    }
    below = null;
    levels = levels.filter((level) => level.indent < indent);
    if (CLOSES.test(rest)) continue;
    const comment = COMMENT.exec(rest)?.[0];
    if (comment !== undefined) {
      lines.push({ span: { start: span.start + comment.length, end: span.end }, above: levels, kind: "prose" });
      continue;
    }
    const entry = readEntry({ rest, indent, levels });
    levels = entry.levels;
    if (entry.hasTextBelow) below = { indent: entry.indent, from: lines.length };
    const start = span.end - entry.rest.length;
    if (entry.saysSomething) lines.push({ span: { start, end: span.end }, above: levels, kind: "list" });
  }
  return lines;
}

/** What a passage's first line may stand in, of which a line further on may say the name. */
function levelsOver(text: string): readonly Level[] {
  const indent = /^[ \t]*(?=\S)/m.exec(text)?.[0].length ?? 0;
  return Array.from({ length: indent + 1 }, (_, depth) => ({ indent: depth - 1, key: "", name: "" }));
}

/** A line of a text below a key: one sentence with the lines before it, up to an empty one. */
function addText(
  lines: Line[],
  {
    text,
    span,
    above,
    from,
  }: { readonly text: string; readonly span: Span; readonly above: readonly Level[]; readonly from: number },
): void {
  const last = lines.at(-1);
  const isFirst = last === undefined || lines.length <= from;
  if (isFirst || /\n[ \t]*\r?\n/.test(text.slice(last.span.end, span.start)))
    lines.push({ span, above, kind: "prose" });
  else lines.splice(-1, 1, { ...last, span: { start: last.span.start, end: span.end } });
}

interface Entry {
  /** The line without the marks of items. */
  readonly rest: string;
  readonly indent: number;
  readonly levels: readonly Level[];
  readonly saysSomething: boolean;
  readonly hasTextBelow: boolean;
}

/** A key, alone or with its value, or a bare item of a list; it may begin an item, which is a level of its own. */
function readEntry(line: Pick<Entry, "rest" | "indent" | "levels">): Entry {
  let { rest, indent, levels } = line;
  for (let mark = ITEM.exec(rest)?.[0]; mark !== undefined; mark = ITEM.exec(rest)?.[0]) {
    const begun = indent;
    levels = [...levels.filter((level) => level.indent < begun), { indent, key: "", name: "" }];
    [rest, indent] = [rest.slice(mark.length), indent + mark.length];
  }
  const [, key, value = ""] = KEY.exec(rest) ?? [];
  if (key === undefined) {
    if (OPENS_UNNAMED.test(rest)) levels = [...levels, { indent, key: "", name: "" }];
    return { rest, indent, levels, saysSomething: /[\p{L}\p{N}]/u.test(rest), hasTextBelow: false };
  }
  const depth = indent;
  levels = levels.filter((level) => level.indent < depth);
  if (OPENS.test(value)) {
    const opened = [...levels, { indent, key: bare(key), name: "" }];
    return { rest, indent, levels: opened, saysSomething: false, hasTextBelow: TEXT_BELOW.test(value) };
  }
  const parent = levels.at(-1);
  // The name that people read comes before the one of programs.
  const isName = NAMING.has(bare(key)) && value.length <= LONGEST_NAME;
  if (isName && parent !== undefined && (parent.name === "" || bare(key) === "summary")) parent.name = bare(value);
  return { rest, indent, levels, saysSomething: !EMPTY_VALUE.test(value), hasTextBelow: false };
}

/** Without quotation marks and the comma behind it. */
function bare(value: string): string {
  return value.replace(/,\s*$/, "").replaceAll(/^["']|["']$/g, "");
}
