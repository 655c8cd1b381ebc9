import { describe, expect, it } from "vitest";
import { decodeText, looksBinary } from "../../../ingest/loaders/decode-text.ts";

/** Bytes of a text in an encoding that the platform can only read: each character's bytes are found by trying. */
function encode(text: string, encoding: string): Uint8Array {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const table = new Map<string, readonly number[]>();
  const learn = (bytes: readonly number[]): void => {
    try {
      const character = decoder.decode(Uint8Array.from(bytes));
      if (Array.from(character).length === 1 && !table.has(character)) table.set(character, bytes);
    } catch {
      // Not a character of this encoding.
    }
  };
  for (let first = 0; first < 256; first += 1) learn([first]);
  if (Array.from(text).some((character) => !table.has(character)))
    for (let first = 128; first < 256; first += 1)
      for (let second = 0x40; second < 256; second += 1) learn([first, second]);
  return Uint8Array.from(
    Array.from(text).flatMap((character) => {
      const bytes = table.get(character);
      if (bytes === undefined) throw new Error(`${encoding} has no ${character}`);
      return bytes;
    }),
  );
}

function utf16(text: string, order: "le" | "be"): Uint8Array {
  const bytes = Buffer.from(text, "utf16le");
  return order === "le" ? bytes : bytes.swap16();
}

describe("decoding", () => {
  it.each([
    ["windows-1252", "Le château était situé près de la forêt, “dit-on”.\nIt is plain here.\n"],
    ["shift_jis", "これは日本語のテキストです。文字コードを判定します。\n"],
    ["euc-jp", "これは日本語のテキストです。文字コードを判定します。\n"],
    ["gb18030", "这是中文文本。我们需要检测编码。安装说明在下一页。\n"],
    ["big5", "這是中文文本。我們需要檢測編碼。\n"],
    ["euc-kr", "이것은 한국어 텍스트입니다. 인코딩을 확인합니다.\n"],
    ["koi8-r", "Это русский текст для проверки кодировки.\n"],
    ["windows-1251", "Это русский текст для проверки кодировки.\n"],
  ])("reads %s and says so", async (encoding, text) => {
    const plain = "A line of plain English stands before the others.\n".repeat(50);
    const bytes = Buffer.concat([Buffer.from(plain), encode(text, encoding)]);
    expect(await decodeText(bytes)).toEqual({ text: plain + text, note: `not valid UTF-8: read as ${encoding}` });
  });

  it.each(["# Log\n\nA line with \0 in it.\n", "\0\0 begins with zeros and goes on in plain English.\n"])(
    "takes plain text with a zero in it for no UTF-16: %j",
    async (text) => {
      for (const bytes of [Buffer.from(text), Buffer.from(` ${text}`)]) {
        expect(looksBinary(bytes)).toBe(true);
        expect(await decodeText(bytes)).toEqual({ text: bytes.toString(), note: "" });
      }
    },
  );

  it.each(["le", "be"] as const)("reads UTF-16 (%s) without a mark", async (order) => {
    for (const text of [
      "Plain words.\nMore of them.\n",
      "Привет, мир! Это текст.\n",
      "これは日本語です。\n改行もある\n",
    ]) {
      const bytes = utf16(text, order);
      expect(looksBinary(bytes)).toBe(false);
      expect(await decodeText(bytes)).toEqual({
        text,
        note: `read as utf-16${order}, though it has no byte order mark`,
      });
    }
  });

  it("reads the seven bits of Japanese mail", async () => {
    const bytes = Buffer.from("\u001b$BF|K\\\u001b(B is Japan", "latin1");
    expect(await decodeText(bytes)).toEqual({ text: "日本 is Japan", note: "not UTF-8: read as iso-2022-jp" });
  });

  it("says when bytes have no character, and keeps their place", async () => {
    const { text, note } = await decodeText(Uint8Array.from([0xef, 0xbb, 0xbf, 0x61, 0xff, 0x62]));
    expect(text).toBe("a\ufffdb");
    expect(note).toMatch(/not quite valid UTF-8/);
  });

  it.each([
    ["numbers of sixteen bits", Uint8Array.from({ length: 400 }, (_, index) => (index % 2 === 0 ? index % 32 : 0))],
    ["zeros", new Uint8Array(64)],
    ["random bytes", Uint8Array.from({ length: 400 }, (_, index) => (index * 7_919 + ((index * index) % 251)) % 256)],
  ])("takes %s for binary", (_name, bytes) => {
    expect(looksBinary(bytes)).toBe(true);
  });
});

describe("files that several programs wrote into", () => {
  const utf8 = (text: string): Uint8Array => Buffer.from(text);
  const latin1 = (text: string): Uint8Array => Buffer.from(text, "latin1");

  it("are read line by line where most lines beyond ASCII are UTF-8", async () => {
    const bytes = Buffer.concat([utf8("plain\ngute Grüße\n„so“\n"), latin1("schlechte Grüße\n"), utf8("Ende")]);
    expect(await decodeText(bytes)).toEqual({
      text: "plain\ngute Grüße\n„so“\nschlechte Grüße\nEnde",
      note: expect.stringMatching(/^1 line is not valid UTF-8: read as /),
    });
  });

  it("are read in the other encoding where most are not", async () => {
    const bytes = Buffer.concat([utf8("Grüße\n"), latin1("Grüße aus Köln, schöne Tage\nund Müßiggang für alle\n")]);
    expect((await decodeText(bytes)).text).toContain("Grüße aus Köln, schöne Tage\nund Müßiggang für alle\n");
  });
});
