import { indentOf } from "./markup-lines.ts";

/** A line that is a heading by its marks. */
export const HEADING: RegExp = /^(={1,6}|#{1,6})[ \t]+(\S.*)$/;
const UNDERLINES = "=-~^+";
const ADMONITION = /^(NOTE|TIP|IMPORTANT|WARNING|CAUTION):\s+/;
/** An item of a list, with its mark and its text. */
export const LIST: RegExp = /^\s*(\*{1,6}|\.{1,6}|-|<[\d.]+>)\s+(\S.*)$/;
/** A term with what it means, or alone above that. */
export const TERM: RegExp = /^\s*(\S.{0,300}?)\s{0,20}(?::{2,4}|;;)(?:\s+(\S.*))?$/;

/** A line with marks of AsciiDoc's own at its beginning as Markdown has them. */
export function markedLine(line: string): { readonly text: string; readonly indent: number } {
  const [, mark, item = ""] = LIST.exec(line) ?? [];
  if (mark !== undefined) {
    const depth = "*.".includes(mark.charAt(0)) ? mark.length - 1 : 0;
    return { text: `${/^[*-]/.test(mark) ? "-" : "1."} ${item}`, indent: depth * 2 };
  }
  const indent = Math.min(2, indentOf(line));
  const [, term, meaning] = TERM.exec(line) ?? [];
  if (term !== undefined) return { text: `- **${term}:** ${meaning ?? ""}`, indent: 0 };
  const text = line.trim();
  const label = ADMONITION.exec(text);
  if (label !== null) {
    const [found, word = ""] = label;
    return { text: `**${word.charAt(0)}${word.slice(1).toLowerCase()}:** ${text.slice(found.length)}`, indent };
  }
  return /^\.[^\s.]/.test(text) ? { text: `**${text.slice(1)}**`, indent } : { text, indent };
}

/**
 * Lines as {@link markedLine} has them; several terms with one meaning, each on a line of its own, become one item:
 * `-a::` above `--all::`.
 */
export function markedLines(lines: readonly string[]): readonly ReturnType<typeof markedLine>[] {
  const terms = lines.map((line) => {
    const [, term = null, meaning] = LIST.test(line) ? [] : (TERM.exec(line) ?? []);
    return { term, isOpen: term !== null && meaning === undefined };
  });
  return lines.map((line, at) => {
    const { term, isOpen } = terms[at] ?? { term: null, isOpen: false };
    const isFurther = term !== null && terms[at - 1]?.isOpen === true;
    const isFollowed = isOpen && terms[at + 1]?.term !== null && at + 1 < lines.length;
    if (!isFurther && !isFollowed) return markedLine(line);
    const text = isFollowed ? `**${term ?? ""},**` : markedLine(line).text.replace(/^- /, "");
    return isFurther ? { text, indent: 2 } : { text: `- ${text}`, indent: 0 };
  });
}

/** The heading that begins on a line, by its marks or by what underlines it; no line that ends an open block does. */
export function headingAt(
  source: readonly string[],
  at: number,
  open: ReadonlySet<number>,
): { readonly level: number; readonly title: string; readonly lines: number } | null {
  const line = source[at] ?? "";
  const [, marks, title = ""] = HEADING.exec(line) ?? [];
  if (marks !== undefined)
    return {
      level: marks.length,
      title: title
        .trimEnd()
        .replace(/\s[=#]{1,6}$/, "")
        .trim(),
      lines: 1,
    };
  const under = (source[at + 1] ?? "").trimEnd();
  const level = UNDERLINES.indexOf(under.charAt(0)) + 1;
  const isUnder = !open.has(at + 1) && under.length > 1 && level > 0 && under === under.charAt(0).repeat(under.length);
  const isTitle = isUnder && /^\w/.test(line) && Math.abs(line.trimEnd().length - under.length) <= 1;
  return isTitle ? { level, title: line.trim(), lines: 2 } : null;
}
