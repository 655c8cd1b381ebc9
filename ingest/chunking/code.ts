import type { LoadedDocument } from "../../src/domain/document.ts";
import type { Chunker, NoteCutting } from "./chunker.ts";
import { type CodeLine, codeLines, isClosing } from "./code-lines.ts";
import { guessOutline } from "./guess-outline.ts";
import type { CodeDefinition, CodeOutline } from "./outline.ts";
import { type LineRegion, packLines } from "./pack-lines.ts";
import type { SizeOptions } from "./measure.ts";
import { symbolOf } from "./symbol-path.ts";
import type { ReadSyntax } from "./syntax-reader.ts";

/** Largest piece of source code, in tokens. If the model reads less at once, it is embedded as several windows. */
export const CODE_CHUNK_TOKENS = 512;
/** Largest piece of source code, in lines. */
const CODE_CHUNK_LINES = 60;

/** Settings of the chunker for code. */
export interface CodeChunkerOptions extends SizeOptions {
  /** Parses source code. Default: every text is cut by how its lines look. */
  readonly readSyntax?: ReadSyntax;
  /**
   * The most lines of a piece.
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
      const near = createNearby(outline.definitions);
      let start = 0;
      for (const region of regions) {
        const end = lines[region.to]?.start ?? text.length;
        const definitions = near(region);
        // Blank text is part of the next piece, so that there is blank text here only if the whole text is.
        if (text.slice(start, end).trim() === "") continue;
        const first = firstTelling(region, { text, lines });
        const { symbol, inside, signature } = symbolOf({ ...region, first }, definitions);
        yield { span: { start, end }, symbol, signature, context: inside };
        start = end;
      }
    },
  };
}

/**
 * Makes the function that gives the definitions that begin in a region, or that began before it and are not over yet.
 * Regions have to come in order.
 */
function createNearby(definitions: readonly CodeDefinition[]): (region: LineRegion) => readonly CodeDefinition[] {
  let next = 0;
  let open: readonly CodeDefinition[] = [];
  return ({ to }) => {
    const from = next;
    while ((definitions[next]?.from ?? to) < to) next += 1;
    const found = [...open, ...definitions.slice(from, next)];
    open = found.filter((definition) => definition.to >= to);
    return found;
  };
}

/** The first line of a region that does more than close something. */
function firstTelling(
  region: LineRegion,
  { text, lines }: { readonly text: string; readonly lines: readonly CodeLine[] },
): number {
  let first = region.from;
  while (first < region.to - 1 && isClosing(text.slice(lines[first]?.start ?? 0, lines[first]?.end ?? 0))) first += 1;
  return first;
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
