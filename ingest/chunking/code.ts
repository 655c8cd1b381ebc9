import type { Chunker, ChunkPiece } from "./chunker.ts";
import { cutLong } from "./cut-long.ts";
import { type Definition, findDefinition, introducesDefinition } from "./definitions.ts";
import { isCertainlyOver } from "./measure.ts";
import type { SizeOptions } from "./sentences.ts";
import { spanWithIndent, textLines, type TextUnit, trimmedSpan } from "./text-unit.ts";

/** Largest piece of source code, in tokens; it is embedded as several windows where the model reads less. */
export const CODE_CHUNK_TOKENS = 512;
/** Largest piece of source code, in lines. */
export const CODE_CHUNK_LINES = 60;
/** Share of either limit from which a piece ends before the next definition. */
const DEFINITION_CLOSE_SHARE = 0.6;
/** Lines that a piece has at least when it has to end somewhere. */
const FEWEST_LINES = 15;

/** How well a piece may begin at a line. */
const RANK = { inside: 0, afterBlank: 1, nested: 2, topLevel: 3 } as const;

interface CodeLine extends TextUnit {
  readonly rank: number;
  readonly definition: Definition | null;
  readonly isIndented: boolean;
}

/**
 * Cuts source code and data between lines: before a definition at the left margin where one comes in time, else before a
 * nested one or after an empty line. Comments stay with what they describe. A line over the limit is cut inside.
 */
export function createCodeChunker({ budget, measure }: SizeOptions): Chunker {
  return {
    *cut({ text, language }) {
      const lines = rankLines(text, [...codeLines(text, language, { budget, measure })]);
      let enclosing: string | null = null;
      for (let from = 0; from < lines.length;) {
        const to = findEnd(lines, from, budget);
        const piece = lines.slice(from, to);
        yield* toPiece(text, piece, enclosing);
        enclosing = piece.findLast(({ definition }) => definition?.isTopLevel === true)?.definition?.name ?? enclosing;
        from = to;
      }
    },
  };
}

function* codeLines(text: string, language: string, { budget, measure }: SizeOptions): Generator<CodeLine> {
  for (const { start, end } of textLines(text)) {
    const content = text.slice(start, end);
    const isOver = isCertainlyOver(content.length, budget);
    const tokens = isOver ? Number.POSITIVE_INFINITY : content === "" ? 0 : measure(content);
    const rank = RANK.inside;
    if (tokens <= budget) {
      yield {
        start,
        end,
        tokens,
        rank,
        definition: findDefinition(content, language),
        isIndented: /^\s/.test(content),
      };
      continue;
    }
    for (const unit of cutLong(text, { start, end }, { limit: budget, measure })) {
      yield { ...unit, rank, definition: null, isIndented: true };
    }
  }
}

function rankLines(text: string, lines: readonly CodeLine[]): readonly CodeLine[] {
  const ranked = [...lines];
  const contentOf = (line: CodeLine | undefined): string =>
    line === undefined ? "" : text.slice(line.start, line.end);
  for (const [index, line] of lines.entries()) {
    const isAfterBlank = index > 0 && contentOf(lines[index - 1]).trim() === "";
    const isClosing = /^\s*[)\]}]/.test(contentOf(line));
    let rank: number = isAfterBlank && !isClosing ? RANK.afterBlank : RANK.inside;
    let begin = index;
    if (line.definition !== null) {
      rank = line.definition.isTopLevel ? RANK.topLevel : RANK.nested;
      while (begin > 0 && introducesDefinition(contentOf(lines[begin - 1]))) begin -= 1;
    }
    const first = ranked[begin];
    if (first !== undefined && first.rank < rank) ranked[begin] = { ...first, rank };
  }
  return ranked;
}

/** Index after the last line of a piece that starts at `from`. */
function findEnd(lines: readonly CodeLine[], from: number, budget: number): number {
  let tokens = 0;
  let best = from;
  let bestRank: number = RANK.inside;
  for (let to = from; to < lines.length; to += 1) {
    const line = lines[to];
    if (line === undefined) break;
    const size = to - from;
    const isFull = size >= CODE_CHUNK_LINES * DEFINITION_CLOSE_SHARE || tokens >= budget * DEFINITION_CLOSE_SHARE;
    if (size > 0 && isFull && line.rank === RANK.topLevel) return to;
    if (size > 0 && (tokens + line.tokens > budget || size >= CODE_CHUNK_LINES)) return best > from ? best : to;
    if (size >= FEWEST_LINES && line.rank > RANK.inside && line.rank >= bestRank) {
      best = to;
      bestRank = line.rank;
    }
    tokens += line.tokens;
  }
  return lines.length;
}

function* toPiece(text: string, lines: readonly CodeLine[], enclosing: string | null): Generator<ChunkPiece> {
  const first = lines[0];
  const last = lines.at(-1);
  if (first === undefined || last === undefined) return;
  const trimmed = trimmedSpan(text, { start: first.start, end: last.end });
  if (trimmed === null) return;
  yield { span: spanWithIndent(text, trimmed, first.start), symbol: symbolOf(text, lines, enclosing) };
}

/** The one definition that a piece is about, with its one member where it has just one; null where there are several. */
function symbolOf(text: string, lines: readonly CodeLine[], enclosing: string | null): string | null {
  const definitions = lines.flatMap(({ definition }) => (definition === null ? [] : [definition]));
  const names = new Set(definitions.filter(({ isTopLevel }) => isTopLevel).map(({ name }) => name));
  const firstCode = lines.find(({ start, end }) => text.slice(start, end).trim() !== "");
  if (firstCode?.isIndented === true && enclosing !== null) names.add(enclosing);
  const [name] = names;
  if (name === undefined || names.size > 1) return null;
  const members = definitions.filter(({ isTopLevel }) => !isTopLevel);
  return members.length === 1 && members[0] !== undefined ? `${name}.${members[0].name}` : name;
}
