import type { LoadedDocument, Span } from "../../src/domain/document.ts";
import { splitSentences } from "../../src/lexical/sentences.ts";
import type { Chunker, ChunkPiece } from "./chunker.ts";
import { cutLong } from "./cut-long.ts";
import { isCertainlyOver, type Measure } from "./measure.ts";
import { type Paragraph, paragraphs } from "./paragraphs.ts";
import { spanWithIndent, type TextUnit, trimmedSpan } from "./text-unit.ts";

/** Share of the budget from which a chunk is closed at the end of a paragraph. */
export const PARAGRAPH_CLOSE_SHARE = 0.6;
/** Share of the budget over which a single sentence is cut. */
export const LONGEST_SENTENCE_SHARE: number = 110 / 150;

/** Line breaks that exported chats spell out as a backslash and an n. */
const SPELT_BREAK = /(?:\\n)+(?![a-z])/g;

/** Settings of a chunker. */
export interface SizeOptions {
  /** Largest chunk. */
  readonly budget: number;
  readonly measure: Measure;
}

/**
 * Packs whole sentences up to the budget. A chunk is also closed at the end of a paragraph once it is 60 % full, and before
 * a heading, which belongs to what follows; so the cuts after an edit soon fall where they did before.
 */
export function createSentenceChunker({ budget, measure }: SizeOptions): Chunker {
  return {
    *cut({ text, language }) {
      let open: OpenChunk | null = null;
      let floor = 0;
      for (const paragraph of paragraphs(text, { markdown: hasHeadings(language) })) {
        if (paragraph.isHeading && open?.hasBody === true) {
          yield close(text, open, floor);
          floor = open.end;
          open = null;
        }
        for (const unit of unitsOf(text, paragraph, { budget, measure })) {
          if (open !== null && open.tokens + unit.tokens > budget) {
            yield close(text, open, floor);
            floor = open.end;
            open = null;
          }
          open = extend(open, unit, !paragraph.isHeading);
        }
        if (open?.hasBody === true && open.tokens >= budget * PARAGRAPH_CLOSE_SHARE) {
          yield close(text, open, floor);
          floor = open.end;
          open = null;
        }
      }
      if (open !== null) yield close(text, open, floor);
    },
  };
}

interface OpenChunk extends TextUnit {
  /** Whether there is more than headings. */
  readonly hasBody: boolean;
}

function extend(open: OpenChunk | null, unit: TextUnit, hasBody: boolean): OpenChunk {
  if (open === null) return { ...unit, hasBody };
  return { start: open.start, end: unit.end, tokens: open.tokens + unit.tokens, hasBody: open.hasBody || hasBody };
}

function close(text: string, open: OpenChunk, floor: number): ChunkPiece {
  return { span: spanWithIndent(text, { start: open.start, end: open.end }, floor), symbol: null };
}

function hasHeadings(language: LoadedDocument["language"]): boolean {
  return language === "markdown" || language === "html";
}

function* unitsOf(text: string, paragraph: Paragraph, { budget, measure }: SizeOptions): Generator<TextUnit> {
  const limit = Math.max(1, Math.floor(budget * LONGEST_SENTENCE_SHARE));
  for (const span of paragraph.isVerbatim ? [paragraph] : sentencesOf(text, paragraph)) {
    const trimmed = trimmedSpan(text, span);
    if (trimmed === null) continue;
    const isOver = isCertainlyOver(trimmed.end - trimmed.start, limit);
    const tokens = isOver ? Number.POSITIVE_INFINITY : measure(text.slice(trimmed.start, trimmed.end));
    if (tokens <= limit) yield { ...trimmed, tokens };
    else yield* cutLong(text, trimmed, { limit, measure });
  }
}

function* sentencesOf(text: string, paragraph: Paragraph): Generator<Span> {
  // A wrapped line's break is a blank to the sentence; blanks in its place keep every offset.
  const content = text.slice(paragraph.start, paragraph.end).replaceAll(/[\r\n]/g, " ");
  let from = 0;
  for (const match of content.matchAll(SPELT_BREAK)) {
    yield* shifted(content.slice(from, match.index), paragraph.start + from, match[0].length);
    from = match.index + match[0].length;
  }
  yield* shifted(content.slice(from), paragraph.start + from, 0);
}

/** Sentences of a part of a text, at their place in it; the spelt-out break behind the part goes to the last one. */
function* shifted(content: string, offset: number, breakLength: number): Generator<Span> {
  const sentences = splitSentences(content);
  for (const [index, { start, end }] of sentences.entries()) {
    const isLast = index === sentences.length - 1;
    yield { start: offset + start, end: isLast ? offset + content.length + breakLength : offset + end };
  }
  if (sentences.length === 0 && breakLength > 0) {
    yield { start: offset + content.length, end: offset + content.length + breakLength };
  }
}
