import { Tokenizer } from "@huggingface/tokenizers";
import { isJsonObject, type JsonObject } from "./json-object.ts";

/** A model's own tokenizer, as embedding needs it. */
export interface ModelTokenizer {
  /** How many special tokens the model adds to a text. */
  readonly specialTokens: number;
  /** Tokens of a text, without special tokens, never cut off. */
  count: (text: string) => number;
  /** Token ids with the special tokens, cut to `maxTokens` in all; the special tokens always stay. */
  encode(text: string, maxTokens: number): number[];
}

// Words up to this length are remembered: they come again and again, long ones are mostly unique.
const LONGEST_REMEMBERED_WORD = 40;
const MOST_REMEMBERED_WORDS = 100_000;

/**
 * Makes a tokenizer from the parsed `tokenizer.json` and `tokenizer_config.json`.
 * @throws Error of the library when the data is not a tokenizer.
 */
export function createModelTokenizer(data: JsonObject, config: JsonObject): ModelTokenizer {
  const tokenizer = new Tokenizer(data, config);
  const { before, after } = specialTokensOf(tokenizer);
  const countWhole = (text: string): number => idsOf(tokenizer, text, false).length;
  return {
    specialTokens: before.length + after.length,
    count: countsWordByWord(data) ? createWordwiseCount(countWhole) : countWhole,
    encode(text, maxTokens) {
      const room = Math.max(0, maxTokens - before.length - after.length);
      return [...before, ...idsOf(tokenizer, text, false).slice(0, room), ...after];
    },
  };
}

function idsOf(tokenizer: Tokenizer, text: string, special: boolean): number[] {
  return tokenizer.encode(text, { add_special_tokens: special }).ids;
}

function specialTokensOf(tokenizer: Tokenizer): { before: readonly number[]; after: readonly number[] } {
  const plain = idsOf(tokenizer, "a", false);
  const full = idsOf(tokenizer, "a", true);
  const start = full.findIndex((_, index) => plain.every((id, offset) => full[index + offset] === id));
  return start < 0
    ? { before: [], after: [] }
    : { before: full.slice(0, start), after: full.slice(start + plain.length) };
}

/**
 * Whether the tokens of a text are those of its whitespace-separated words. True for BERT's scheme, as long as no added
 * token reaches over a space.
 */
function countsWordByWord(data: JsonObject): boolean {
  const { pre_tokenizer: split, normalizer, added_tokens: added } = data;
  return (
    typeOf(split) === "BertPreTokenizer" &&
    typeOf(normalizer) === "BertNormalizer" &&
    Array.isArray(added) &&
    added.every((token: unknown) => isJsonObject(token) && !/\s/u.test(String(token["content"])))
  );
}

function typeOf(part: unknown): unknown {
  return isJsonObject(part) ? part["type"] : undefined;
}

/** Counts word by word and remembers the words: some ten times as fast over prose as counting whole texts. */
function createWordwiseCount(countWhole: (text: string) => number): (text: string) => number {
  let remembered = new Map<string, number>();
  const countWord = (word: string): number => {
    if (word.length > LONGEST_REMEMBERED_WORD) return countWhole(word);
    const known = remembered.get(word);
    if (known !== undefined) return known;
    const count = countWhole(word);
    if (remembered.size >= MOST_REMEMBERED_WORDS) remembered = new Map();
    // A copy: a slice would keep the whole text that it was cut from in memory.
    remembered.set(Buffer.from(word, "utf16le").toString("utf16le"), count);
    return count;
  };
  return (text) => {
    let tokens = 0;
    let start = -1;
    for (let index = 0; index <= text.length; index += 1) {
      const code = index < text.length ? text.charCodeAt(index) : 0x20;
      // Only these four: BERT's normaliser drops other control characters and joins what stands around them.
      const space = code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d;
      if (!space) {
        if (start < 0) start = index;
      } else if (start >= 0) {
        tokens += countWord(text.slice(start, index));
        start = -1;
      }
    }
    return tokens;
  };
}
