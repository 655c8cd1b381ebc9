import { isJsonObject, type JsonObject } from "../domain/json-object.ts";

/** Token ids of a text, without special tokens. */
export type Encode = (text: string) => readonly number[];

/** A word with capitals, a known beginning and several pieces: two tokenizers that cut it alike follow the same rules. */
const PROBE = "Unaffable2Xq7zzz";

/**
 * Cuts words of ASCII letters and digits into WordPiece's tokens, the longest known piece first. The library does it in a
 * time that grows with the cube of a word's length, and hashes and encoded data are words of 30 to 100 letters: there this
 * is about ten times as fast. Takes the data of a `tokenizer.json`; words of any other tokenizer are left to `encode`.
 */
export function createWordPieces({ model, normalizer }: JsonObject, encode: Encode): Encode {
  if (!isJsonObject(model) || model["type"] !== "WordPiece" || !isJsonObject(model["vocab"])) return encode;
  const { continuing_subword_prefix: prefix = "##" } = model;
  if (typeof prefix !== "string") return encode;
  const begins = new Map<string, number>();
  const continues = new Map<string, number>();
  for (const [piece, id] of Object.entries(model["vocab"])) {
    if (typeof id !== "number") return encode;
    begins.set(piece, id);
    if (piece.startsWith(prefix)) continues.set(piece.slice(prefix.length), id);
  }
  const unknown = begins.get(String(model["unk_token"]));
  if (unknown === undefined) return encode;
  const longestPiece = Math.max(...[...begins.keys()].map(({ length }) => length));
  const longestWord = Number(model["max_input_chars_per_word"] ?? 100);
  const lowers = isJsonObject(normalizer) && normalizer["lowercase"] === true;

  const pieces: Encode = (given) => {
    if (given.length > longestWord) return [unknown];
    const word = lowers ? given.toLowerCase() : given;
    const ids: number[] = [];
    for (let start = 0; start < word.length;) {
      const known = start === 0 ? begins : continues;
      let end = Math.min(word.length, start + longestPiece);
      let id = known.get(word.slice(start, end));
      while (id === undefined && end > start + 1) {
        end -= 1;
        id = known.get(word.slice(start, end));
      }
      if (id === undefined) return [unknown];
      ids.push(id);
      start = end;
    }
    return ids;
  };
  return pieces(PROBE).join() === encode(PROBE).join() ? pieces : encode;
}
