import type { Span } from "../domain/document.ts";
import { createFencePlaces, fencedBlocks, type FencedBlock } from "./fences.ts";
import { createLetteredItems } from "./lettered-items.ts";
import { lineStart } from "./line-start.ts";
import { splitSentences } from "./sentences.ts";
import { createTablePlaces } from "./table-lines.ts";

/**
 * Lengths between which a line may have been wrapped by an editor: shorter lines were ended on purpose, longer ones
 * never wrapped.
 */
const SHORTEST = 50;
const LONGEST = 160;
/** A shorter line was also wrapped if the next word would have gone beyond this column. */
const COLUMNS = 80;
/** Marks that end a sentence, or introduce something that stands by itself. */
const ENDED = /[.!?:;…。！？][\s"'”’»)\]*_`]*$/u;
/**
 * The beginning of a line that is a structure of its own: code, an item, a row, a heading, a definition of a link, a
 * rule, an element alone, the time of an entry in a log.
 */
const STRUCTURE =
  /^(?: {4}|\t|\s*(?:[-*+•]\s|\||#{1,6}\s|\d{1,9}[.)]\s|\[[^\]\n]+\]:|\[[ xX]\]\s|[-*_=]{3,}\s*$|`{3,}|~{3,}|<[^<>]*>\s*$|\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d))/;
/** What a term on the line before means, in a list of definitions. */
const DEFINITION = /^[ \t]*:[ \t]+\S/;
/** `-p, --port int   port to listen on`, as programs print their help. */
const OPTION_ENTRY = /^\s*--?[\p{L}\d][\w-]*(?:,? [\w=<>[\]-]+){0,3} {2,}\S/u;
/** Further in than any option begins: what such a program says of an option goes on there. */
const DEEP = /^ {8,}\S/;
/** A break that the text itself asks for. */
const LINE_BREAK = /<br\s*\/?>[ \t]*$/i;
/** A tab at the end of a line says that the next line continues it; the loaders of markup write it. */
const FLOWING = /\S\t$/;
/** The same behind a term, whose meaning the next line begins. */
const FLOWING_TERM = /:\*\*\t$/;
/** What is never wrapped itself: a heading, a row. */
const ONE_LINE = /^\s*(?:#{1,6}\s|\|)/;
/** What stands in front of the words of a clause or an item: "2.1 ", "(a) ". */
const CLAUSE_MARK = /^[ \t]*(?:\d{1,3}(?:\.\d{1,3})*[.)]?|\([\p{Ll}\d]{1,4}\)|§ ?\d{1,4}|[-*+•])[ \t]+(?=\S)/u;
/** Columns that blanks keep apart, as invoices have them: "TOTAL            459.48". */
const HAS_COLUMNS = /\S {4,}\S/;
/** What indented prose has not, and code mostly has. */
const CODE_MARKS = /[{}<>;|\\=]|\w\(| --?\w/;
const QUOTE_MARKS = /^(?:[ \t]*>[ \t]?)+/;
/** The first word of a line; a link is one, whatever its words. */
const FIRST_WORD = /^\s*(?:!?\[[^\]\n]*\]\(\S*|\S+)/;

/**
 * Whether a line of prose continues the sentence that the line before it broke off. Only the two lines decide, so that
 * an edit changes nothing further away.
 */
export function isWrapped(before: string, after: string): boolean {
  const [marks, nextMarks] = [before, after].map((line) => QUOTE_MARKS.exec(line)?.[0] ?? "");
  if ((marks === "") !== (nextMarks === "")) return false;
  const line = before.slice(marks?.length ?? 0).trimEnd();
  const next = after.slice(nextMarks?.length ?? 0);
  if (OPTION_ENTRY.test(line) && DEEP.test(next)) return !OPTION_ENTRY.test(next) && !ENDED.test(line);
  if (next.trim() === "" || STRUCTURE.test(next) || OPTION_ENTRY.test(next) || ONE_LINE.test(line)) return false;
  if (DEFINITION.test(next)) return line.trim() !== "" && !DEFINITION.test(line) && !STRUCTURE.test(line);
  if (FLOWING_TERM.test(before)) return true;
  if (line.length > LONGEST || ENDED.test(line) || LINE_BREAK.test(line)) return false;
  if (line.length >= SHORTEST || FLOWING.test(before)) return true;
  const word = FIRST_WORD.exec(next)?.[0].trimStart() ?? "";
  return line.trim() !== "" && line.length + 1 + word.length > COLUMNS;
}

/**
 * Whether a sentence was wrapped between two spans of a text, the second of which begins on the next line. The lines of tables
 * without bars at their ends have to be told apart before: see {@link createTablePlaces}.
 */
export function isWrappedBetween(text: string, before: Span, after: Span): boolean {
  const [, blanks] = /^([ \t]*)(?:\r\n|\r|\n)[ \t]*$/.exec(text.slice(before.end, after.start)) ?? [];
  if (blanks === undefined) return false;
  const line = text.slice(lineStart(text, before.end), before.end + blanks.length);
  const next = lineFrom(text, after.start);
  if (HAS_COLUMNS.test(line) || HAS_COLUMNS.test(next)) return false;
  return isWrapped(line, next) || hangsBelow(line, next);
}

/**
 * Whether a line hangs below the words of a clause, or below another line that does: "2.1 The rent is payable on the first
 * day of", and indented below, "each month". Chunks are cut without this rule.
 */
function hangsBelow(before: string, after: string): boolean {
  const words = after.trimStart();
  const indent = after.length - words.length;
  const line = before.trimEnd();
  if (indent < 2 || words === "" || line.length < SHORTEST || line.length > LONGEST) return false;
  if (STRUCTURE.test(words) || CLAUSE_MARK.test(words) || ENDED.test(line) || ONE_LINE.test(line)) return false;
  const mark = CLAUSE_MARK.exec(line)?.[0];
  if (mark !== undefined) return indent === mark.length;
  return indent === line.length - line.trimStart().length && ![line, words].some((one) => CODE_MARKS.test(one));
}

/** The sentences of prose: those that {@link splitSentences} cut where an editor wrapped them are whole again. */
export function wholeSentences(
  text: string,
  blocks: readonly FencedBlock[] = fencedBlocks(text, { isPart: true }),
): readonly Span[] {
  const spans = splitSentences(text, blocks);
  if (!/[\r\n]/.test(text)) return spans;
  const tableAt = createTablePlaces(text, { isPart: true });
  const markerAt = createLetteredItems(text);
  return joinSpans(spans, blocks, (before, after) => {
    if (tableAt(before.start) !== null || tableAt(after.start) !== null || markerAt(after.start) > 0) return false;
    return before.start + markerAt(before.start) === before.end || isWrappedBetween(text, before, after);
  });
}

/** Spans of which one is joined to the one before it where a test says so; in blocks of code all stay apart. */
export function joinSpans(
  spans: readonly Span[],
  blocks: readonly FencedBlock[],
  belongs: (before: Span, after: Span) => boolean,
): readonly Span[] {
  const joined: Span[] = [];
  const fenceAt = createFencePlaces(blocks);
  for (const span of spans) {
    const last = joined.at(-1);
    if (last !== undefined && fenceAt(span.start) === null && belongs(last, span)) {
      joined[joined.length - 1] = { start: last.start, end: span.end };
    } else joined.push(span);
  }
  return joined;
}

function lineFrom(text: string, offset: number): string {
  const [line = ""] = /^[^\r\n]*/.exec(text.slice(lineStart(text, offset))) ?? [];
  return line;
}
