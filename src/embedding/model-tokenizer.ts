import { Tokenizer } from "@huggingface/tokenizers";
import { isJsonObject, type JsonObject } from "../domain/json-object.ts";
import { createWordPieces, type Encode } from "./word-pieces.ts";

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
  const addedTokens = addedTokensOfWordwise(data);
  const plain: PlainTokenizer = addedTokens
    ? createWordwise(encodeWhole, { addedTokens, encodeAscii: createWordPieces(data, encodeWhole) })
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
 * The tokens that stand for themselves in any text, such as `[SEP]`, if apart from them the tokens of a text are those of
 * its words and punctuation marks: so it is in BERT's scheme. Undefined in any other.
 */
function addedTokensOfWordwise(data: JsonObject): readonly string[] | undefined {
  const { pre_tokenizer: split, normalizer, added_tokens: added } = data;
  if (typeOf(split) !== "BertPreTokenizer" || typeOf(normalizer) !== "BertNormalizer" || !Array.isArray(added)) {
    return undefined;
  }
  const tokens = added.filter((token: unknown) => isJsonObject(token));
  // A normalised one is looked for in the normalised text, which the fast way never makes.
  return tokens.some((token) => token["normalized"] === true)
    ? undefined
    : tokens.map((token) => String(token["content"]));
}

function typeOf(part: unknown): unknown {
  return isJsonObject(part) ? part["type"] : undefined;
}

/** Remembers the token ids of words. */
function createWordMemory(encode: Encode): Encode {
  let remembered = new Map<string, readonly number[]>();
  return (word) => {
    if (word.length > LONGEST_REMEMBERED_WORD) return encode(word);
    const known = remembered.get(word);
    if (known) return known;
    const ids = encode(word);
    if (remembered.size >= MOST_REMEMBERED_WORDS) remembered = new Map();
    // A copy: a slice would keep the whole text that it was cut from in memory.
    remembered.set(Buffer.from(word, "utf16le").toString("utf16le"), ids);
    return ids;
  };
}

type VisitIds = (ids: readonly number[]) => void;

interface WordwiseOptions {
  readonly addedTokens: readonly string[];
  /** Tokens of a word of ASCII letters and digits. */
  readonly encodeAscii: Encode;
}

/** Tokenises word by word, from memory where it can: several times as fast over prose and code as whole texts. */
function createWordwise(encode: Encode, { addedTokens, encodeAscii }: WordwiseOptions): PlainTokenizer {
  const idsOfWord = createWordMemory(encode);
  const idsOfAscii = createWordMemory(encodeAscii);

  /** An ASCII stretch without spaces: runs of letters and digits, and single punctuation marks. */
  const visitAscii = (stretch: string, visit: VisitIds): void => {
    let start = 0;
    for (let index = 0; index < stretch.length; index += 1) {
      if (isAsciiAlphanumeric(stretch.charCodeAt(index))) continue;
      if (index > start) visit(idsOfAscii(stretch.slice(start, index)));
      visit(idsOfWord(stretch.charAt(index)));
      start = index + 1;
    }
    if (start < stretch.length) visit(idsOfAscii(start === 0 ? stretch : stretch.slice(start)));
  };

  const visitWords = (text: string, visit: VisitIds): void => {
    if (addedTokens.some((token) => text.includes(token))) {
      visit(encode(text));
      return;
    }
    let start = -1;
    let ascii = true;
    for (let index = 0; index <= text.length; index += 1) {
      const code = index < text.length ? text.charCodeAt(index) : SPACE;
      if (!isSpace(code)) {
        if (start < 0) start = index;
        if (code < SPACE || code > LAST_PRINTABLE_ASCII) ascii = false;
      } else if (start >= 0) {
        const stretch = text.slice(start, index);
        if (ascii) visitAscii(stretch, visit);
        else visit(idsOfWord(stretch));
        start = -1;
        ascii = true;
      }
    }
  };

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

const SPACE = 0x20;
const LAST_PRINTABLE_ASCII = 0x7e;

/** Only these four: BERT's normaliser drops other control characters and joins what stands around them. */
function isSpace(code: number): boolean {
  return code === SPACE || code === 0x0a || code === 0x09 || code === 0x0d;
}

function isAsciiAlphanumeric(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39);
}
