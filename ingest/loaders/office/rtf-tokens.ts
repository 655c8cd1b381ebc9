/** One piece of a rich text file. */
export type RtfToken =
  | { readonly kind: "open" | "close" }
  | { readonly kind: "word"; readonly name: string; readonly value: number | null }
  /** Characters in the encoding of the font that is on, one byte a character. */
  | { readonly kind: "bytes"; readonly bytes: string };

const TOKEN = /\\([a-z]+)(-?\d+)? ?|\\'([\da-f]{2})|\\([\s\S])|([{}])|[\r\n\0]+|([^\\{}\r\n\0]+)/giy;

/** The pieces of a rich text file, whose bytes are given as one character each. Raw data is passed over. */
export function* rtfTokens(source: string): Generator<RtfToken> {
  const pattern = new RegExp(TOKEN);
  for (let match = pattern.exec(source); match !== null; match = pattern.exec(source)) {
    const [, name, value, hex, symbol, brace, bytes] = match;
    if (name === "bin") pattern.lastIndex += Math.max(0, Number(value ?? 0));
    else if (name !== undefined) yield { kind: "word", name, value: value === undefined ? null : Number(value) };
    else if (hex !== undefined) yield { kind: "bytes", bytes: String.fromCodePoint(Number.parseInt(hex, 16)) };
    else if (symbol !== undefined) yield symbolToken(symbol);
    else if (brace !== undefined) yield { kind: brace === "{" ? "open" : "close" };
    else if (bytes !== undefined) yield { kind: "bytes", bytes };
  }
}

function symbolToken(symbol: string): RtfToken {
  if (symbol === "\\" || symbol === "{" || symbol === "}") return { kind: "bytes", bytes: symbol };
  if (symbol === "\n" || symbol === "\r") return { kind: "word", name: "par", value: null };
  return { kind: "word", name: symbol, value: null };
}

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
const BY_CODE_PAGE: Readonly<Record<number, string>> = {
  866: "ibm866",
  874: "windows-874",
  932: "shift_jis",
  936: "gb18030",
  949: "euc-kr",
  950: "big5",
  10_000: "macintosh",
  65_001: "utf-8",
};

/** The encoding of a font by the number of its character set; null for the one of the file. */
export function encodingOfCharset(charset: number): string | null {
  return BY_CHARSET[charset] ?? null;
}

/** The encoding of a file by the number of its code page. */
export function encodingOfCodePage(page: number): string {
  return BY_CODE_PAGE[page] ?? (page >= 1_250 && page <= 1_258 ? `windows-${page}` : "windows-1252");
}
