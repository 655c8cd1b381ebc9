import { isAscii, isUtf8 } from "node:buffer";
import { asBuffer } from "./as-buffer.ts";
import { byteLines, detectEncoding } from "./detect-encoding.ts";

/** How many bytes are examined to tell text from binary data. */
export const SNIFF_BYTES = 8_192;

/** From this share of control characters on, data counts as binary. */
const MOST_CONTROLS = 0.1;

/** Text, with a note on how it was read if that is unusual, else empty. */
export interface DecodedText {
  readonly text: string;
  readonly note: string;
}

type Utf16 = "utf-16le" | "utf-16be";

/** Whether the first bytes of a file are those of binary data rather than of text. */
export function looksBinary(head: Uint8Array): boolean {
  if (unicodeMark(head) !== null) return false;
  let controls = 0;
  const sample = head.subarray(0, SNIFF_BYTES);
  for (const byte of sample) {
    // Only UTF-16 text has zero bytes.
    if (byte === 0) return guessUtf16(sample) === null;
    // Tab to carriage return, backspace and escape occur in logs and terminal output.
    if (byte < 32 && !(byte >= 8 && byte <= 13) && byte !== 27) controls += 1;
  }
  return controls > sample.length * MOST_CONTROLS;
}

/**
 * Decodes bytes: as UTF-16 if its mark or its zero bytes show that, else as UTF-8, else in the encoding that the page
 * declares or that the text seems to be in. No byte is dropped; if one has no character, the note says so.
 */
export async function decodeText(
  bytes: Uint8Array,
  options: { readonly declared?: string | null } = {},
): Promise<DecodedText> {
  const mark = unicodeMark(bytes);
  if (mark === "utf-16le" || mark === "utf-16be") return decodeAs(bytes, mark, "");
  const unmarked = mark === null ? guessUtf16(bytes.subarray(0, SNIFF_BYTES)) : null;
  if (unmarked !== null) return decodeAs(bytes, unmarked, `read as ${unmarked}, though it has no byte order mark`);
  // Japanese mail is written in seven bits, which would be valid UTF-8.
  if (hasJapaneseShift(bytes)) return decodeAs(bytes, "iso-2022-jp", "not UTF-8: read as iso-2022-jp");
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), note: "" };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  if (mark === "utf-8") return decodeAs(bytes, "utf-8", "");
  const declared = knownEncoding(options.declared ?? null);
  if (declared !== null) return decodeAs(bytes, declared, `not valid UTF-8: read as ${declared}, as declared`);
  const encoding = await detectEncoding(bytes);
  return decodeMixed(bytes, encoding) ?? decodeAs(bytes, encoding, `not valid UTF-8: read as ${encoding}`);
}

/**
 * Decodes a file that several programs wrote to, such as a log: lines that are UTF-8 as such, the others in the other
 * encoding. Null if most lines beyond ASCII are not UTF-8.
 */
function decodeMixed(bytes: Uint8Array, encoding: string): DecodedText | null {
  let valid = 0;
  let others = 0;
  for (const line of byteLines(bytes)) {
    if (!isUtf8(line)) others += 1;
    else if (!isAscii(line)) valid += 1;
  }
  if (valid < others) return null;
  const decoders = { utf8: new TextDecoder("utf-8", { ignoreBOM: true }), other: new TextDecoder(encoding) };
  const text = Array.from(byteLines(bytes), (line) => decoders[isUtf8(line) ? "utf8" : "other"].decode(line)).join("");
  return { text, note: `${others} ${others === 1 ? "line is" : "lines are"} not valid UTF-8: read as ${encoding}` };
}

/** The encoding that an HTML page names in its first kilobyte, else null. */
export function declaredEncoding(bytes: Uint8Array): string | null {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 1_024));
  return /<meta[^>]+charset\s*=\s*["']?([\w-]+)/i.exec(head)?.[1]?.toLowerCase() ?? null;
}

function decodeAs(bytes: Uint8Array, encoding: string, note: string): DecodedText {
  const text = new TextDecoder(encoding).decode(bytes);
  if (!text.includes("\ufffd")) return { text, note };
  const lost = `not quite valid ${encoding.toUpperCase()}: some characters could not be read and stand as \ufffd`;
  return { text, note: note === "" ? lost : `${note}; ${lost}` };
}

function knownEncoding(name: string | null): string | null {
  if (name === null || /^utf-?8$/.test(name)) return null;
  try {
    return new TextDecoder(name).encoding;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function unicodeMark(bytes: Uint8Array): "utf-8" | Utf16 | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return "utf-8";
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return null;
}

/** At least this share of a text is letters, digits, marks and spaces. */
const LEAST_TEXT = 0.9;
const TEXT_CHARACTER = /[\p{L}\p{M}\p{N}\p{P}\p{Zs}\p{Sc}\p{Sm}\t\r\n]/gu;
/** White space and punctuation that every text has; in the wrong byte order they are hardly ever characters. */
const FREQUENT = /[ \n\r\t.,。、]/g;

/** Guesses the byte order of UTF-16 without a mark; null if the bytes make no sense as such text. */
function guessUtf16(head: Uint8Array): Utf16 | null {
  const even = head.subarray(0, head.length - (head.length % 2));
  if (even.length < 8 || !even.includes(0) || isAsciiWithZeros(even)) return null;
  const orders: readonly Utf16[] = ["utf-16le", "utf-16be"];
  const rated = orders
    .map((order) => ({ order, ...rateText(new TextDecoder(order).decode(even)) }))
    .toSorted((left, right) => right.frequent - left.frequent || right.share - left.share);
  const [best] = rated;
  return best !== undefined && best.share >= LEAST_TEXT && best.frequent > 0 ? best.order : null;
}

/** Whether bytes are ASCII with some zeros, whose pairs could be taken for Chinese characters. */
function isAsciiWithZeros(bytes: Uint8Array): boolean {
  const count = (wanted: number): number => bytes.filter((byte) => byte === wanted).length;
  // In UTF-16 a blank comes with a zero.
  return bytes.every((byte) => byte < 128) && count(BLANK) > 2 * count(0);
}

const BLANK = 0x20;

function rateText(text: string): { readonly share: number; readonly frequent: number } {
  if (text.includes("\0")) return { share: 0, frequent: 0 };
  return {
    share: (text.match(TEXT_CHARACTER) ?? []).length / Math.max(1, countCharacters(text)),
    frequent: (text.match(FREQUENT) ?? []).length,
  };
}

/** Number of characters, counting one that takes two code units once. */
function countCharacters(text: string): number {
  return text.length - (text.match(/[\u{10000}-\u{10ffff}]/gu) ?? []).length;
}

function hasJapaneseShift(bytes: Uint8Array): boolean {
  const buffer = asBuffer(bytes);
  return (
    (buffer.includes("\x1b$B") || buffer.includes("\x1b$@")) && (buffer.includes("\x1b(B") || buffer.includes("\x1b(J"))
  );
}
