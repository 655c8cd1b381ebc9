import { hasMarkdownHeadings } from "../loaders/languages.ts";
import { headingText } from "../loaders/markdown.ts";
import type { Chunker, ChunkPiece } from "./chunker.ts";
import { type Paragraph, paragraphs } from "./paragraphs.ts";

/**
 * Wraps a chunker so that its pieces also carry the headings they stand under, including a piece's own first heading.
 */
export function withHeadings(chunker: Chunker): Chunker {
  return {
    ...chunker,
    *cut(document, note) {
      const pieces = chunker.cut(document, note);
      if (hasMarkdownHeadings(document.language)) yield* addHeadings(document.text, pieces);
      else yield* pieces;
    },
  };
}

/**
 * The titles of the articles that a text is made of: its headings of level 1, each once. Empty for a text with fewer
 * than two, in which such a heading is the title of the whole.
 */
export function articleTitles({
  language,
  text,
}: {
  readonly language: string;
  readonly text: string;
}): readonly string[] {
  // Most texts have no two such headings, which costs less to find out than reading all paragraphs.
  const marks = text.match(/^(?: {0,3}#[ \t]|=+[ \t]*$)/gm);
  if (!hasMarkdownHeadings(language) || marks === null || marks.length < 2) return [];
  const titles = new Set<string>();
  for (const { level, title } of headingsOf(text)) if (level === 1 && title !== "") titles.add(title);
  return titles.size < 2 ? [] : [...titles];
}

interface Heading extends Paragraph {
  readonly level: number;
  readonly title: string;
}

function* addHeadings(text: string, pieces: Iterable<ChunkPiece>): Generator<ChunkPiece> {
  const headings = headingsOf(text);
  let next = headings.next();
  /** Headings inside the last piece that were read ahead; the next piece may share this text. */
  let ahead: Heading[] = [];
  let above: readonly Heading[] = [];
  for (const piece of pieces) {
    const { start, end } = piece.span;
    while (next.done !== true && next.value.start < end) {
      ahead.push(next.value);
      next = headings.next();
    }
    for (const heading of ahead.filter((one) => one.start < start)) above = under(above, heading);
    ahead = ahead.filter((one) => one.start >= start);
    let path = above;
    let at = start;
    for (const heading of ahead) {
      if (heading.start >= end || text.slice(at, heading.start).trim() !== "") break;
      path = under(path, heading);
      at = heading.end;
    }
    yield { ...piece, headings: path.map(({ title }) => title) };
  }
}

function under(path: readonly Heading[], heading: Heading): readonly Heading[] {
  return [...path.filter(({ level }) => level < heading.level), heading];
}

function* headingsOf(text: string): Generator<Heading> {
  for (const paragraph of paragraphs(text, { markdown: true })) {
    if (!paragraph.isHeading) continue;
    const content = text.slice(paragraph.start, paragraph.end).trim();
    const marks = /^#{1,6}/.exec(content)?.[0];
    const level = marks?.length ?? (content.endsWith("=") ? 1 : 2);
    const title =
      marks === undefined ? content.replace(/\s*[\r\n].*$/s, "") : content.slice(level).replace(/\s#+$/, "");
    yield { ...paragraph, level, title: headingText(title) ?? "" };
  }
}
