import { analyse } from "../../lexical/analyse.ts";

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
/** Shorter words have too many similar words. */
const FEWEST_LETTERS = 5;

/** The usual words of a language, as an embedding model's tokenizer knows them: each is a single token. */
export interface UsualWords {
  readonly has: (word: string) => boolean;
  /**
   * The only usual word from which one slip leads to the given word (in small letters): swapped neighbours, a letter
   * left out, or one typed twice. Null if there is none, or several.
   */
  readonly nearest: (word: string) => string | null;
}

/** Reads usual words from a tokenizer. If tokens are only estimated, every word counts as usual. */
export function createUsualWords(countTokens: (text: string) => number): UsualWords {
  // Tokenizers like GPT's mark the beginning of a word by the blank in front of it.
  const isWhole = (word: string): boolean => countTokens(` ${word}`) === 1;
  if (!isWhole("information")) return { has: () => true, nearest: () => null };
  return {
    has(word) {
      const small = word.toLowerCase();
      return isWhole(small) || isWhole(word) || (small.endsWith("s") && isWhole(small.slice(0, -1)));
    },
    nearest(word) {
      if (word.length < FEWEST_LETTERS || word !== word.toLowerCase()) return null;
      const [term] = analyse(word);
      const found = slipsBack(word).filter((other) => isWhole(other) && analyse(other)[0] !== term);
      return found.length === 1 ? (found[0] ?? null) : null;
    },
  };
}

/** The words from which one of the commonest slips leads to this word; the first letter stays. */
function slipsBack(word: string): readonly string[] {
  const made = new Set<string>();
  for (let at = 1; at <= word.length; at += 1) {
    const [before, after] = [word.slice(0, at), word.slice(at)];
    for (const letter of LETTERS) made.add(before + letter + after);
    if (before.at(-1) === after[0]) made.add(before + after.slice(1));
    made.add(before.slice(0, -1) + (after[0] ?? "") + (before.at(-1) ?? "") + after.slice(1));
  }
  made.delete(word);
  return [...made];
}
