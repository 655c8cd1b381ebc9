import type { LoadedDocument, Span } from "../../src/domain/document.ts";
import type { Chunker, ChunkPiece, NoteCutting } from "./chunker.ts";
import { type CodeLine, codeLines, isClosing } from "./code-lines.ts";
import { guessOutline } from "./guess-outline.ts";
import type { CodeOutline } from "./outline.ts";
import { type LineRegion, packLines } from "./pack-lines.ts";
import type { SizeOptions } from "./sentences.ts";
import { symbolOf } from "./symbol-path.ts";
import type { ReadSyntax } from "./syntax-reader.ts";

/** Largest piece of source code, in tokens; it is embedded as several windows where the model reads less. */
export const CODE_CHUNK_TOKENS = 512;
/** Largest piece of source code, in lines. */
export const CODE_CHUNK_LINES = 60;

/** Settings of the chunker for code. */
export interface CodeChunkerOptions extends SizeOptions {
  /** Reads syntax; without it every text is cut by the look of its lines. */
  readonly readSyntax?: ReadSyntax;
  /**
   * Most lines of a piece.
   * @default 60
   */
  readonly maxLines?: number;
}

/**
 * Cuts source code and data between lines: whole functions and classes where they fit, else between their members or
 * statements; small neighbours are joined, comments stay with what they document. A line over the limit is cut inside.
 * The pieces hold every character of the text, empty lines too, each of them once.
 */
export function createCodeChunker(options: CodeChunkerOptions): Chunker {
  const { budget, maxLines = CODE_CHUNK_LINES } = options;
  return {
    *cut(document, note) {
      const { text } = document;
      const lines = codeLines(document, options);
      const outline = readOutline(document, lines, { options, note });
      const regions = packLines(lines, { text, levels: outline.levels, budget, maxLines });
      let start = 0;
      for (const [index, region] of regions.entries()) {
        const next = regions[index + 1];
        const end = next === undefined ? text.length : (lines[next.from]?.start ?? text.length);
        const piece = toPiece({ start, end }, region, { text, lines, outline });
        // Blank text belongs to what comes next; there is such only where the whole text is blank.
        if (piece === null) continue;
        yield piece;
        start = end;
      }
    },
  };
}

function readOutline(
  document: Pick<LoadedDocument, "text" | "language">,
  lines: readonly CodeLine[],
  { options, note }: { readonly options: CodeChunkerOptions; readonly note: NoteCutting | undefined },
): CodeOutline {
  const fits = (from: number, to: number): boolean => {
    if (to - from + 1 > (options.maxLines ?? CODE_CHUNK_LINES)) return false;
    let tokens = 0;
    for (let index = from; index <= to; index += 1) tokens += lines[index]?.tokens ?? 0;
    return tokens <= options.budget;
  };
  const syntax = options.readSyntax?.(document, lines, fits) ?? null;
  if (syntax === null) return guessOutline(document, lines);
  if (syntax.outline === null) {
    note?.(syntax.reason);
    return guessOutline(document, lines);
  }
  return syntax.outline;
}

function toPiece(
  span: Span,
  region: LineRegion,
  {
    text,
    lines,
    outline,
  }: { readonly text: string; readonly lines: readonly CodeLine[]; readonly outline: CodeOutline },
): ChunkPiece | null {
  if (text.slice(span.start, span.end).trim() === "") return null;
  const contentOf = (index: number): string => text.slice(lines[index]?.start ?? 0, lines[index]?.end ?? 0);
  let first = region.from;
  while (first < region.to - 1 && isClosing(contentOf(first))) first += 1;
  const { symbol, inside } = symbolOf({ ...region, first }, outline.definitions);
  return { span, symbol, context: inside };
}
