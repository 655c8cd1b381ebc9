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
const MOST_REMEMBERED_WORDS = 50_000;

type Encode = (text: string) => readonly number[];

/** A tokenizer that adds no special tokens. */
interface PlainTokenizer {
  readonly count: (text: string) => number;
  readonly encode: Encode;
}

/**
 * Makes a tokenizer from the parsed `tokenizer.json` and `tokenizer_config.json`.
 * @throws Error of the library when the data is not a tokenizer.
 */
export function createModelTokenizer(data: JsonObject, config: JsonObject): ModelTokenizer {
  const tokenizer = new Tokenizer(data, config);
  const { before, after } = specialTokensOf(tokenizer);
  const encodeWhole: Encode = (text) => idsOf(tokenizer, text, false);
  const plain: PlainTokenizer = isWordwise(data)
    ? createWordwise(encodeWhole)
    : { encode: encodeWhole, count: (text) => encodeWhole(text).length };
  return {
    specialTokens: before.length + after.length,
    count: plain.count,
    encode(text, maxTokens) {
      const room = Math.max(0, maxTokens - before.length - after.length);
      return [...before, ...plain.encode(text).slice(0, room), ...after];
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
function isWordwise(data: JsonObject): boolean {
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

/**
 * Calls `visit` with the token ids of each word of a text, and remembers the words: several times as fast over prose as
 * tokenising whole texts.
 */
function createWordVisitor(encode: Encode): (text: string, visit: (ids: readonly number[]) => void) => void {
  let remembered = new Map<string, readonly number[]>();
  const idsOfWord = (word: string): readonly number[] => {
    if (word.length > LONGEST_REMEMBERED_WORD) return encode(word);
    const known = remembered.get(word);
    if (known) return known;
    const ids = encode(word);
    if (remembered.size >= MOST_REMEMBERED_WORDS) remembered = new Map();
    // A copy: a slice would keep the whole text that it was cut from in memory.
    remembered.set(Buffer.from(word, "utf16le").toString("utf16le"), ids);
    return ids;
  };
  return (text, visit) => {
    let start = -1;
    for (let index = 0; index <= text.length; index += 1) {
      const code = index < text.length ? text.charCodeAt(index) : 0x20;
      // Only these four: BERT's normaliser drops other control characters and joins what stands around them.
      const space = code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d;
      if (!space) {
        if (start < 0) start = index;
      } else if (start >= 0) {
        visit(idsOfWord(text.slice(start, index)));
        start = -1;
      }
    }
  };
}

function createWordwise(encode: Encode): PlainTokenizer {
  const visitWords = createWordVisitor(encode);
  return {
    count(text) {
      let tokens = 0;
      visitWords(text, (ids) => {
        tokens += ids.length;
      });
      return tokens;
    },
    encode(text) {
      const all: number[] = [];
      visitWords(text, (ids) => {
        for (const id of ids) all.push(id);
      });
      return all;
    },
  };
}
