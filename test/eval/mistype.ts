import { neighbouringKeys } from "../../src/lexical/neighbouring-keys.ts";

/** Words of five letters and more that are no part of a name of code, an address or a number. */
const WORD =
  /(?<![\p{L}\p{N}\p{M}_$'’.\-/@`])(?:[A-Z][a-z]{4,}|[a-z]{5,})(?![\p{L}\p{N}\p{M}_$\-/@`]|['’]\p{L}|\.\p{L})/gu;

/** A question as somebody may type it, with the words that were changed. */
export interface Mistyped {
  readonly text: string;
  readonly words: readonly { readonly meant: string; readonly written: string }[];
}

/**
 * Types one or two words of five letters and more wrong: neighbouring letters swapped, a letter left out or typed twice, or
 * the key beside the right one, each as often; never the first letter. The same seed gives the same. Null where there is no such word.
 */
export function mistype(question: string, seed: number): Mistyped | null {
  const random = createRandom(seed);
  const words = [...question.matchAll(WORD)];
  if (words.length === 0) return null;
  const wanted = random() < 0.5 ? 1 : 2;
  const picked: (typeof words)[number][] = [];
  while (picked.length < wanted && words.length > 0) {
    picked.push(...words.splice(Math.floor(random() * words.length), 1));
  }
  let text = question;
  const changed = picked
    .toSorted((left, right) => right.index - left.index)
    .map(({ 0: meant, index }) => {
      const written = mistypeWord(meant, random);
      text = text.slice(0, index) + written + text.slice(index + meant.length);
      return { meant, written };
    });
  return { text, words: changed };
}

function mistypeWord(word: string, random: () => number): string {
  for (;;) {
    const at = 1 + Math.floor(random() * (word.length - 1));
    const letter = word.charAt(at);
    const near = neighbouringKeys(letter);
    const made = [
      word.slice(0, at) + word.charAt(at + 1) + letter + word.slice(at + 2),
      word.slice(0, at) + word.slice(at + 1),
      word.slice(0, at) + letter + word.slice(at),
      word.slice(0, at) + (near[Math.floor(random() * near.length)] ?? letter) + word.slice(at + 1),
    ][Math.floor(random() * 4)];
    if (made !== undefined && made !== word) return made;
  }
}

/** Numbers from 0 to below 1, the same for the same seed (Mulberry32, public domain). */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
