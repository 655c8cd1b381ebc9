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
