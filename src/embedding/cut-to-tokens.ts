/** How many tokens a stretch of text may have, and who counts. */
export interface TokenLimit {
  /** Tokens at most; at least 1. */
  readonly budget: number;
  /** Counts the tokens of a text. */
  readonly countTokens: (text: string) => number;
}

interface Unit {
  readonly text: string;
  readonly tokens: number;
}

// A word with all space before it: byte-pair tokenizers count that space to the word. Begun within the space at the end of a
// text, it would be looked for from each blank.
const WORDS = /(?<!\s)\s*\S+/gu;
// First guess for the length of a piece of an overlong word; then it is halved until it fits.
const CHARACTERS_A_TOKEN = 6;

/**
 * Cuts a text into pieces of at most `budget` tokens at word boundaries, all about as long as each other; a word that is
 * too long by itself is cut inside, between two characters. Joined, the pieces are the text without the white space at
 * its end. A text without words is one empty piece.
 */
export function cutIntoPieces(text: string, limit: TokenLimit): string[] {
  const units = [...unitsOf(text, limit)];
  const total = units.reduce((sum, unit) => sum + unit.tokens, 0);
  const target = total / Math.max(1, Math.ceil(total / limit.budget));

  const pieces: string[] = [];
  let piece: string[] = [];
  let tokens = 0;
  for (const unit of units) {
    if (piece.length > 0 && (tokens >= target || tokens + unit.tokens > limit.budget)) {
      pieces.push(piece.join(""));
      piece = [];
      tokens = 0;
    }
    piece.push(unit.text);
    tokens += unit.tokens;
  }
  if (piece.length > 0 || pieces.length === 0) pieces.push(piece.join(""));
  return pieces;
}

/** The beginning of a text that has at most `budget` tokens; it ends with a word where one fits. */
export function cutToTokens(text: string, limit: TokenLimit): string {
  const kept: string[] = [];
  let tokens = 0;
  for (const unit of unitsOf(text, limit)) {
    tokens += unit.tokens;
    if (tokens > limit.budget) break;
    kept.push(unit.text);
  }
  return kept.join("");
}

function* unitsOf(text: string, limit: TokenLimit): Generator<Unit> {
  for (const [word] of text.matchAll(WORDS)) {
    const tokens = limit.countTokens(word);
    if (tokens <= limit.budget) yield { text: word, tokens };
    else yield* cutWord(word, limit);
  }
}

function* cutWord(word: string, { budget, countTokens }: TokenLimit): Generator<Unit> {
  for (let start = 0; start < word.length;) {
    let length = Math.min(budget * CHARACTERS_A_TOKEN, word.length - start);
    let part = word.slice(start, characterEnd(word, start, start + length));
    let tokens = countTokens(part);
    while (tokens > budget && length > 1) {
      length = Math.floor(length / 2);
      part = word.slice(start, characterEnd(word, start, start + length));
      tokens = countTokens(part);
    }
    yield { text: part, tokens };
    start += part.length;
  }
}

/** The nearest place at or before `end`, but after `start`, that does not lie within a surrogate pair. */
function characterEnd(text: string, start: number, end: number): number {
  const code = text.codePointAt(end - 1) ?? 0;
  if (end >= text.length || code <= 0xffff) return end;
  return end - 1 > start ? end - 1 : end + 1;
}
