import type { Span } from "../domain/document.ts";

/** A text as a reader sees it, with the way back to the written text. */
export interface VisibleText {
  readonly text: string;
  /** Maps a span of the visible text to the written text; a link is included as a whole if the span holds its words. */
  writtenSpan(span: Span): Span;
}

/** Options of {@link visibleText}. */
export interface VisibleTextOptions {
  /** Leaves links as they are, for a reader who asked for an address. @default false */
  readonly keepLinks?: boolean;
}

interface Link {
  readonly span: Span;
  readonly words: Span;
}

const TARGET = String.raw`\((?:[^()\n]|\([^()\n]*\))*\)`;
const IMAGE = String.raw`!\[[^[\]\n]*\]${TARGET}`;
/** An element that stands in running text; what else has angle brackets may be a type or a place to fill in. */
const TAG = String.raw`<\/?(?:a|b|br|center|code|details|div|em|h[1-6]|hr|i|img|kbd|p|picture|s|small|source|span|strong|sub|summary|sup|u)(?:\s[^<>]*)?\/?>`;
const MARKS = new RegExp(
  [
    // Code is read as it is written.
    /(?<code>```[\s\S]*?(?:```|$)|`[^`\n]+`)/.source,
    String.raw`<!--(?:(?!<!--)[\s\S])*?-->`,
    String.raw`\[${IMAGE}\]${TARGET}`,
    IMAGE,
    // Links between notes: their words are the name behind the folders, or the words behind a bar.
    String.raw`!\[\[[^[\]\n]+\]\]`,
    String.raw`\[\[(?=[^[\]\n]*\p{L})(?! )(?:[^[\]\n|]+\||(?:[^[\]\n|/]+/)*)(?<note>[^[\]\n|/]+)(?<! )\]\]`,
    String.raw`(?<![\p{L}\p{N}_)\]])\[(?<words>(?:[^[\]\n]|\n(?!\s*\n)|\[[^[\]\n]*\])+)\](?:${TARGET}|\[[^[\]\n]*\])`,
    TAG,
    // The mark of a definition, which stands behind its term.
    String.raw`(?<=\S)[ \t]*\n[ \t]*(?=:[ \t]+\S)|:(?<=^[ \t]*:)[ \t]+(?=\S)`,
    // The mark of a block quotation, with the label of a note such as "[!TIP]".
    String.raw`(?<=^|\n)[ \t]*(?:>[ \t]?)+(?:\[![A-Z]+\])?`,
  ].join("|"),
  "gu",
);
/** `[1][2]` are two numbers of passages. */
const NUMBER = /^\d+$/;

/**
 * Markdown as a reader sees it in a sentence: links, also `[[those between notes]]`, are their words, and images, comments, elements and the marks of
 * quoted blocks and of definitions are gone. Emphasis and code stay as they are written.
 */
export function visibleText(written: string, { keepLinks = false }: VisibleTextOptions = {}): VisibleText {
  const links: Link[] = [];
  const kept: Span[] = [];
  let end = 0;
  for (const match of written.matchAll(MARKS)) {
    const [mark] = match;
    const { code, words, note } = match.groups ?? {};
    if (code !== undefined || (words !== undefined && (keepLinks || NUMBER.test(words)))) continue;
    kept.push({ start: end, end: match.index });
    end = match.index + mark.length;
    const inner =
      words !== undefined
        ? { start: match.index + 1, end: match.index + 1 + words.length }
        : note !== undefined
          ? { start: end - "]]".length - note.length, end: end - "]]".length }
          : null;
    if (inner === null) continue;
    links.push({ span: { start: match.index, end }, words: inner });
    kept.push(inner);
  }
  kept.push({ start: end, end: written.length });
  return {
    text: kept.map((span) => written.slice(span.start, span.end)).join(""),
    writtenSpan({ start, end: visibleEnd }) {
      const span = { start: placeOf(kept, start), end: placeOf(kept, visibleEnd - 1) + 1 };
      const whole = links.filter(({ words }) => span.start <= words.start && words.end <= span.end);
      return {
        start: Math.min(span.start, ...whole.map((link) => link.span.start)),
        end: Math.max(span.end, ...whole.map((link) => link.span.end)),
      };
    },
  };
}

/** Where a character of the kept spans stands. */
function placeOf(kept: readonly Span[], position: number): number {
  let rest = position;
  for (const { start, end } of kept) {
    if (rest < end - start) return start + rest;
    rest -= end - start;
  }
  return kept.at(-1)?.end ?? 0;
}
