import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Tokenizer } from "@huggingface/tokenizers";
import { describe, expect, it } from "vitest";
import { isJsonObject, parseJsonObject } from "../../src/domain/json-object.ts";
import { createModelTokenizer } from "../../src/embedding/model-tokenizer.ts";
import { createWordPieces } from "../../src/embedding/word-pieces.ts";
import { bundledModelFolder } from "../../src/embedding/open-embedder.ts";

const [data, config] = await Promise.all(
  ["tokenizer.json", "tokenizer_config.json"].map(async (file) =>
    parseJsonObject(await readFile(join(bundledModelFolder(), file), "utf8")),
  ),
);
const library = new Tokenizer(data ?? {}, config ?? {});

// The same tokenizer, word by word and whole: a name the fast way does not know turns it off.
const fast = createModelTokenizer(data ?? {}, config ?? {});
const whole = createModelTokenizer(
  { ...data, pre_tokenizer: { type: "Sequence", pretokenizers: [{ type: "BertPreTokenizer" }] } },
  config ?? {},
);

describe("createModelTokenizer", () => {
  it.each([
    "",
    " \n\t\r ",
    "Plain words, with punctuation (and brackets); twice twice.",
    "Ünïcödé ÀÉÎ ΣΑΣ ẞß İstanbul",
    "no\u00A0break\u3000wide\u2028line\u000Bvertical\u000Cfeed\uFEFFmark\u00ADsoft\u200Bzero\u0000nul\uFFFDbad",
    "日本語のテキスト と 한국어 텍스트",
    "emoji 👩‍👩‍👧 🎉 and lone \uD83D surrogate",
    "[CLS] inside [MASK]ed text [SEP]x[UNK]",
    `giant ${"x".repeat(150)} word`,
    "const x = await fetch(`${url}/path?query=1`);\r\n\tif (!x.ok) return;",
    "UnaffableTokenizers sha512 E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855 0123456789",
    `iVBORw0KGgoAAAANSUhEUgAAADAAAAAw/8AAAkQAAGkV+${"Zq7".repeat(33)}A ${"Zq7".repeat(33)}Ab= 9z`,
  ])("gives %j the tokens that the library gives it", (text) => {
    const expected = library.encode(text, { add_special_tokens: true }).ids;
    for (const tokenizer of [fast, whole]) {
      expect(tokenizer.encode(text, 1000)).toEqual(expected);
      expect(tokenizer.count(text)).toBe(expected.length - 2);
    }
  });

  it("leaves words to the library where the model's rules are not those that it knows", () => {
    const model = { ...(isJsonObject(data?.["model"]) ? data["model"] : {}), continuing_subword_prefix: "@@" };
    const odd = { ...data, model };
    const text = "unaffable 2Xq7 tokenizers";
    const expected = new Tokenizer(odd, config ?? {}).encode(text, { add_special_tokens: true }).ids;
    expect(createModelTokenizer(odd, config ?? {}).encode(text, 100)).toEqual(expected);
    const cased = { ...data, normalizer: { type: "BertNormalizer", lowercase: false } };
    const kept = new Tokenizer(cased, config ?? {}).encode("Unaffable ABC", { add_special_tokens: true }).ids;
    expect(createModelTokenizer(cased, config ?? {}).encode("Unaffable ABC", 100)).toEqual(kept);
  });

  it("cuts long words itself, since the library takes a time that grows with the cube of their length", () => {
    const vocab = { "[UNK]": 0, u: 1, "##n": 2, "##z": 3 };
    const asked: string[] = [];
    const pieces = createWordPieces({ model: { type: "WordPiece", unk_token: "[UNK]", vocab } }, (word) => {
      asked.push(word);
      return [0];
    });
    expect(asked).toHaveLength(1);
    expect(pieces(`un${"z".repeat(98)}`)).toEqual([1, 2, ...Array.from({ length: 98 }, () => 3)]);
    expect(asked).toHaveLength(1);
  });

  it("keeps the special tokens when it cuts", () => {
    const ids = fast.encode("one two three four five six", 5);
    expect(ids).toHaveLength(5);
    expect([ids[0], ids[4]]).toEqual([101, 102]);
  });
});
