import { encodingOfCodePage } from "../code-pages.ts";

/** Turns the bytes of a rich text file into words, in the encoding of the font that is on. */
export interface RtfDecoder {
  /** Takes bytes, given as one character each; the words come with the next {@link RtfDecoder.flush}. */
  add(bytes: string): void;
  /** Passes over the next bytes, which stand for a character that was given already. */
  skip(count: number): void;
  /** The words of the bytes since the last flush, in this font; null is the file's own encoding. */
  flush(font: number | null): string;
  /** Says of a control word whether it is about encodings, and takes what it says. */
  takeWord(name: string, value: number | null): boolean;
  /** A font's number; its encoding follows. */
  defineFont(font: number): void;
}

/** Makes the decoder of one file. */
export function createRtfDecoder(): RtfDecoder {
  const fonts = new Map<number, string>();
  let encoding = "windows-1252";
  let defined = 0;
  let pending = "";
  let toSkip = 0;
  return {
    add(bytes) {
      const skipped = Math.min(toSkip, bytes.length);
      toSkip -= skipped;
      pending += bytes.slice(skipped);
    },
    skip(count) {
      toSkip = count;
    },
    flush(font) {
      if (pending === "") return "";
      const words = new TextDecoder(fonts.get(font ?? -1) ?? encoding).decode(Buffer.from(pending, "latin1"));
      pending = "";
      return words;
    },
    takeWord(name, value) {
      if (name === "ansicpg") encoding = encodingOfCodePage(value ?? 1_252);
      else if (name === "mac") encoding = "macintosh";
      else if (name === "fcharset") {
        const own = BY_CHARSET[value ?? 0];
        if (own !== undefined) fonts.set(defined, own);
      } else return false;
      return true;
    },
    defineFont(font) {
      defined = font;
    },
  };
}

/** Encodings of fonts by the number of their character set; others have that of the file. */
const BY_CHARSET: Readonly<Record<number, string>> = {
  77: "macintosh",
  128: "shift_jis",
  129: "euc-kr",
  134: "gb18030",
  136: "big5",
  161: "windows-1253",
  162: "windows-1254",
  163: "windows-1258",
  177: "windows-1255",
  178: "windows-1256",
  186: "windows-1257",
  204: "windows-1251",
  222: "windows-874",
  238: "windows-1250",
};
