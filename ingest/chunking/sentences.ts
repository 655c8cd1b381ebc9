import { hasMarkdownHeadings } from "../loaders/languages.ts";
import { type Block, blocks } from "./blocks.ts";
import type { Chunker } from "./chunker.ts";
import type { SizeOptions } from "./measure.ts";
import { type Paragraph, paragraphs } from "./paragraphs.ts";
import { sentenceUnits } from "./sentence-units.ts";
import { spanWithIndent, type TextUnit } from "./text-unit.ts";

/** From this share of the budget on, a chunk is closed at the end of a paragraph. */
const PARAGRAPH_CLOSE_SHARE = 0.6;
/** A single sentence that is longer than this share of the budget is cut. */
const LONGEST_SENTENCE_SHARE = 110 / 150;

/**
 * Packs whole sentences up to the budget. A chunk is also closed at the end of a paragraph once it is 60 % full, and
 * before a heading, which belongs to what follows; so after an edit the cuts soon fall where they did before. A table,
 * a list or a fence of code that fits into a chunk is not cut, and the later parts of a longer table are embedded with
 * its header.
 */
export function createSentenceChunker(size: SizeOptions): Chunker {
  return {
    *cut({ text, language }) {
      let floor = 0;
      const markdown = hasMarkdownHeadings(language);
      const found = blocks(text, paragraphs(text, { markdown }));
      for (const { start, end, context } of pack(measured(text, found, size), size.budget)) {
        yield { span: spanWithIndent(text, { start, end }, floor), symbol: null, context };
        floor = end;
      }
    },
  };
}

interface MeasuredBlock {
  readonly paragraphs: readonly MeasuredParagraph[];
  readonly tokens: number;
  /** Whether it is not to be cut. */
  readonly isWhole: boolean;
  /** First row of a table that has a header, else empty. */
  readonly header: string;
}

interface MeasuredParagraph {
  readonly isHeading: boolean;
  readonly units: readonly TextUnit[];
  /** Whether it ends in a colon, and so belongs to what follows. */
  readonly isLead: boolean;
}

function* measured(text: string, found: Iterable<Block>, { budget, measure }: SizeOptions): Generator<MeasuredBlock> {
  const longest = { budget: Math.max(1, Math.floor(budget * LONGEST_SENTENCE_SHARE)), measure };
  for (const { kind, paragraphs: all } of found) {
    const parts = all.map((paragraph): MeasuredParagraph => {
      const units = [...sentenceUnits(text, paragraph, longest)];
      const end = units.at(-1)?.end ?? 0;
      return { isHeading: paragraph.isHeading, units, isLead: text[end - 1] === ":" };
    });
    const tokens = parts.reduce((sum, { units }) => sum + tokensOf(units), 0);
    const isWhole = kind !== "prose" && tokens <= budget;
    yield { paragraphs: parts, tokens, isWhole, header: kind === "table" ? headerOf(text, all) : "" };
  }
}

/** A chunk that is being filled. */
interface OpenChunk extends TextUnit {
  /** Whether it holds more than headings. */
  readonly hasBody: boolean;
  /** Header of the table inside which the chunk begins, else empty. */
  readonly context: string;
  /** The units of the chunk's last paragraph if that introduces what follows, and the chunk without them. */
  readonly lead: readonly TextUnit[];
  readonly beforeLead: OpenChunk | null;
}

function* pack(all: Iterable<MeasuredBlock>, budget: number): Generator<OpenChunk> {
  let open: OpenChunk | null = null;
  for (const block of all) {
    const { paragraphs: parts, isWhole, header } = block;
    const cut = cutBefore(block, open, budget);
    if (cut !== null) {
      yield cut.closed;
      open = cut.open;
    }
    for (const [index, { isHeading, units, isLead }] of parts.entries()) {
      const before: OpenChunk | null = open;
      for (const unit of units) {
        if (open !== null && open.tokens + unit.tokens > budget) {
          yield open;
          open = null;
        }
        open = extend(open, unit, { hasBody: !isHeading, context: index > 1 ? header : "" });
      }
      if (isLead && open !== null && before?.start === open.start) open = { ...open, beforeLead: before, lead: units };
      const mayClose = !isWhole || index === parts.length - 1;
      if (mayClose && open?.hasBody === true && open.tokens >= budget * PARAGRAPH_CLOSE_SHARE) {
        yield open;
        open = null;
      }
    }
  }
  if (open !== null) yield open;
}

/** The chunk that is closed before a block, and the one that is open then; null where the block follows in one. */
function cutBefore(
  { paragraphs: [first], tokens, isWhole }: MeasuredBlock,
  open: OpenChunk | null,
  budget: number,
): { readonly closed: OpenChunk; readonly open: OpenChunk | null } | null {
  if (open?.hasBody !== true) return null;
  if (first?.isHeading === true) return { closed: open, open: null };
  if (!isWhole || open.tokens + tokens <= budget) return null;
  const { beforeLead, lead } = open;
  if (beforeLead?.hasBody !== true || tokensOf(lead) + tokens > budget) return { closed: open, open: null };
  let next: OpenChunk | null = null;
  for (const unit of lead) next = extend(next, unit, { hasBody: true, context: "" });
  return { closed: beforeLead, open: next };
}

function extend(open: OpenChunk | null, unit: TextUnit, next: Pick<OpenChunk, "hasBody" | "context">): OpenChunk {
  const none = { lead: [], beforeLead: null };
  if (open === null) return { ...unit, ...next, ...none };
  const { start, context } = open;
  const hasBody = open.hasBody || next.hasBody;
  return { start, end: unit.end, tokens: open.tokens + unit.tokens, hasBody, context, ...none };
}

function tokensOf(units: readonly TextUnit[]): number {
  return units.reduce((sum, { tokens }) => sum + tokens, 0);
}

/** The first row of a table whose second row is a rule of dashes; else empty. */
function headerOf(text: string, [first, rule]: readonly Paragraph[]): string {
  if (first === undefined || rule === undefined) return "";
  return /^[\s|:-]+$/.test(text.slice(rule.start, rule.end)) ? text.slice(first.start, first.end).trim() : "";
}
