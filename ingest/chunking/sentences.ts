import type { Span } from "../../src/domain/document.ts";
import { splitSentences } from "../../src/lexical/sentences.ts";
import { hasMarkdownHeadings } from "../loaders/languages.ts";
import { blocks } from "./blocks.ts";
import type { Chunker, ChunkPiece } from "./chunker.ts";
import { cutLong } from "./cut-long.ts";
import type { Measure } from "./measure.ts";
import { type Paragraph, paragraphs } from "./paragraphs.ts";
import { spanWithIndent, type TextUnit } from "./text-unit.ts";

/** From this share of the budget on, a chunk is closed at the end of a paragraph. */
const PARAGRAPH_CLOSE_SHARE = 0.6;
/** A single sentence that is longer than this share of the budget is cut. */
const LONGEST_SENTENCE_SHARE = 110 / 150;

/** Line breaks that exported chats write as a backslash and an n. */
const SPELT_BREAK = /(?:\\n)+(?![a-z])/g;

/** Size settings of a chunker. */
export interface SizeOptions {
  /** Largest chunk. */
  readonly budget: number;
  readonly measure: Measure;
}

/**
 * Packs whole sentences up to the budget. A chunk is also closed at the end of a paragraph once it is 60 % full, and
 * before a heading, which belongs to what follows; so after an edit the cuts soon fall where they did before. A table,
 * a list or a fence of code that fits into a chunk is not cut, and the later parts of a longer table are embedded with
 * its header.
 */
export function createSentenceChunker({ budget, measure }: SizeOptions): Chunker {
  return {
    *cut({ text, language }) {
      let open: OpenChunk | null = null;
      let floor = 0;
      const closed = (chunk: OpenChunk): ChunkPiece => {
        const piece = close(text, chunk, floor);
        floor = chunk.end;
        open = null;
        return piece;
      };
      const markdown = hasMarkdownHeadings(language);
      for (const block of blocks(text, paragraphs(text, { markdown }))) {
        const parts = block.paragraphs.map((paragraph) => ({
          isHeading: paragraph.isHeading,
          units: [...unitsOf(text, paragraph, { budget, measure })],
        }));
        const total = parts.reduce((sum, { units }) => sum + tokensOf(units), 0);
        const isWhole = block.kind !== "prose" && total <= budget;
        const header = block.kind === "table" ? headerOf(text, block.paragraphs) : "";
        if (open?.hasBody === true && parts[0]?.isHeading === true) yield closed(open);
        else if (open?.hasBody === true && isWhole && open.tokens + total > budget) {
          const { beforeLead, lead }: OpenChunk = open;
          const goesAlong = beforeLead?.hasBody === true && tokensOf(lead) + total <= budget;
          yield closed(goesAlong ? beforeLead : open);
          if (goesAlong) for (const unit of lead) open = extend(open, unit, { hasBody: true, context: "" });
        }
        for (const [index, { isHeading, units }] of parts.entries()) {
          const before: OpenChunk | null = open;
          for (const unit of units) {
            if (open !== null && open.tokens + unit.tokens > budget) yield closed(open);
            open = extend(open, unit, { hasBody: !isHeading, context: index > 1 ? header : "" });
          }
          // A sentence that introduces what follows moves to the chunk of what follows.
          if (open !== null && before !== null && before.start === open.start && endsInColon(text, units)) {
            open = { ...open, beforeLead: before, lead: units };
          }
          const mayClose = !isWhole || index === parts.length - 1;
          if (mayClose && open?.hasBody === true && open.tokens >= budget * PARAGRAPH_CLOSE_SHARE) yield closed(open);
        }
      }
      if (open !== null) yield closed(open);
    },
  };
}

interface OpenChunk extends TextUnit {
  /** Whether it holds more than headings. */
  readonly hasBody: boolean;
  /** Header of the table inside which the chunk begins, else empty. */
  readonly context: string;
  /** The units of the chunk's last paragraph if that introduces what follows, and the chunk without them. */
  readonly lead: readonly TextUnit[];
  readonly beforeLead: OpenChunk | null;
}

function endsInColon(text: string, units: readonly TextUnit[]): boolean {
  const last = units.at(-1);
  return last !== undefined && text[last.end - 1] === ":";
}

function extend(open: OpenChunk | null, unit: TextUnit, next: Pick<OpenChunk, "hasBody" | "context">): OpenChunk {
  const none = { lead: [], beforeLead: null };
  if (open === null) return { ...unit, ...next, ...none };
  const { start, context } = open;
  const hasBody = open.hasBody || next.hasBody;
  return { start, end: unit.end, tokens: open.tokens + unit.tokens, hasBody, context, ...none };
}

function close(text: string, open: OpenChunk, floor: number): ChunkPiece {
  const span = spanWithIndent(text, { start: open.start, end: open.end }, floor);
  return { span, symbol: null, context: open.context };
}

function tokensOf(units: readonly TextUnit[]): number {
  return units.reduce((sum, { tokens }) => sum + tokens, 0);
}

/** The first row of a table whose second row is a rule of dashes; else empty. */
function headerOf(text: string, [first, rule]: readonly Paragraph[]): string {
  if (first === undefined || rule === undefined) return "";
  return /^[\s|:-]+$/.test(text.slice(rule.start, rule.end)) ? text.slice(first.start, first.end).trim() : "";
}

function* unitsOf(text: string, paragraph: Paragraph, { budget, measure }: SizeOptions): Generator<TextUnit> {
  const limit = Math.max(1, Math.floor(budget * LONGEST_SENTENCE_SHARE));
  for (const span of paragraph.isVerbatim ? [paragraph] : sentencesOf(text, paragraph)) {
    yield* cutLong(text, span, { limit, measure });
  }
}

function* sentencesOf(text: string, paragraph: Paragraph): Generator<Span> {
  // A line break within a sentence reads as a blank; one blank for each break character keeps every offset.
  const content = text.slice(paragraph.start, paragraph.end).replaceAll(/[\r\n]/g, " ");
  let from = 0;
  for (const match of content.matchAll(SPELT_BREAK)) {
    yield* shifted(content.slice(from, match.index), paragraph.start + from, match[0].length);
    from = match.index + match[0].length;
  }
  yield* shifted(content.slice(from), paragraph.start + from, 0);
}

/**
 * The sentences of a part of a text, with their offsets in the text; the spelt-out break behind the part goes to the
 * last one.
 */
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
