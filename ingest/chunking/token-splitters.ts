import type { Span } from "../../src/domain/document.ts";
import type { Chunker, ChunkPiece } from "./chunker.ts";
import { cutLong } from "./cut-long.ts";
import { type SizeOptions, tokensWithin } from "./measure.ts";
import { type TextUnit, trimmedSpan } from "./text-unit.ts";

/** Settings of a chunker whose chunks may share tokens. */
export interface OverlapOptions extends SizeOptions {
  /** The most tokens that neighbouring chunks share; less than the budget. */
  readonly overlap: number;
}

/**
 * Cuts at the first separator that the text has, cuts again at the next one what is still too long, and joins neighbours
 * that fit together. A separator begins the piece after it, and an empty one stands for a cut anywhere.
 */
export function createSeparatorChunker(options: OverlapOptions & { readonly separators: readonly string[] }): Chunker {
  const separators = options.separators.filter((separator) => separator !== "");
  return {
    *cut({ text }) {
      yield* toPieces(text, splitAt(separators, { text, span: { start: 0, end: text.length }, options }));
    },
  };
}

/** Packs words up to the budget, wherever that ends. */
export function createTokenChunker(options: OverlapOptions): Chunker {
  return {
    *cut({ text }) {
      yield* toPieces(text, merge(words(text, options), options));
    },
  };
}

function* toPieces(text: string, units: Iterable<Span>): Generator<ChunkPiece> {
  for (const unit of units) {
    const span = trimmedSpan(text, unit);
    if (span !== null) yield { span, symbol: null };
  }
}

function* splitAt(
  separators: readonly string[],
  { text, span, options }: { readonly text: string; readonly span: Span; readonly options: OverlapOptions },
): Generator<Span> {
  const content = text.slice(span.start, span.end);
  const level = separators.findIndex((separator) => content.includes(separator));
  const separator = separators[level];
  if (separator === undefined) {
    yield* cutLong(text, span, options);
    return;
  }
  const merger = createMerger(options);
  for (const piece of piecesOf(content, separator, span.start)) {
    const tokens = tokensWithin(text, piece, options);
    if (tokens !== null) {
      yield* merger.add({ ...piece, tokens });
      continue;
    }
    yield* merger.flush();
    yield* splitAt(separators.slice(level + 1), { text, span: piece, options });
  }
  yield* merger.flush();
}

function* piecesOf(content: string, separator: string, offset: number): Generator<Span> {
  let start = 0;
  while (start < content.length) {
    const found = content.indexOf(separator, start + 1);
    const end = found === -1 ? content.length : found;
    yield { start: offset + start, end: offset + end };
    start = end;
  }
}

function* words(text: string, options: SizeOptions): Generator<TextUnit> {
  for (const match of text.matchAll(/\s*\S+/g)) {
    const span = { start: match.index, end: match.index + match[0].length };
    // A long run of white space before a word would be measured by its length and use up the budget, so it is trimmed
    // off.
    const word = span.end - span.start > 200 ? (trimmedSpan(text, span) ?? span) : span;
    const tokens = tokensWithin(text, word, options);
    if (tokens === null) yield* cutLong(text, word, options);
    else yield { ...word, tokens };
  }
}

function* merge(units: Iterable<TextUnit>, options: OverlapOptions): Generator<Span> {
  const merger = createMerger(options);
  for (const unit of units) yield* merger.add(unit);
  yield* merger.flush();
}

interface Merger {
  add(unit: TextUnit): Generator<Span>;
  flush(): Generator<Span>;
}

function createMerger({ budget, overlap }: OverlapOptions): Merger {
  let open: TextUnit[] = [];
  let tokens = 0;
  let isShared = false;
  function* emit(): Generator<Span> {
    const first = open[0];
    const last = open.at(-1);
    // Text that only repeats the end of the last chunk is no chunk.
    if (first !== undefined && last !== undefined && !isShared) yield { start: first.start, end: last.end };
  }
  return {
    *add(unit) {
      if (tokens + unit.tokens > budget && open.length > 0) {
        yield* emit();
        isShared = true;
        while (open.length > 0 && (tokens > overlap || tokens + unit.tokens > budget)) {
          tokens -= open.shift()?.tokens ?? 0;
        }
      }
      open.push(unit);
      tokens += unit.tokens;
      isShared = false;
    },
    *flush() {
      yield* emit();
      open = [];
      tokens = 0;
    },
  };
}
