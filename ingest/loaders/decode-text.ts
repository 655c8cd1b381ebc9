/** Bytes that are looked at to tell text from binary data. */
export const SNIFF_BYTES = 8_192;

/** Share of control characters from which data counts as binary. */
const MOST_CONTROLS = 0.1;

/** Text with a note on how it was read; the note is empty in the ordinary case. */
export interface DecodedText {
  readonly text: string;
  readonly note: string;
}

/** Whether the first bytes of a file are those of binary data rather than of text. */
export function looksBinary(head: Uint8Array): boolean {
  if (unicodeMark(head) !== null) return false;
  let controls = 0;
  for (const byte of head.subarray(0, SNIFF_BYTES)) {
    if (byte === 0) return true;
    // Tab to carriage return, backspace and escape occur in logs and terminal output.
    if (byte < 32 && !(byte >= 8 && byte <= 13) && byte !== 27) controls += 1;
  }
  return controls > Math.min(head.length, SNIFF_BYTES) * MOST_CONTROLS;
}

/**
 * The text of bytes: UTF-16 by its mark, else UTF-8, else the encoding that the page declares or windows-1252, which gives
 * every byte a character.
 */
export function decodeText(bytes: Uint8Array, options: { readonly declared?: string | null } = {}): DecodedText {
  const mark = unicodeMark(bytes);
  if (mark === "utf-16le" || mark === "utf-16be") {
    const text = new TextDecoder(mark).decode(bytes);
    return { text, note: text.includes("\ufffd") ? "not quite valid UTF-16: some characters could not be read" : "" };
  }
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), note: "" };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const encoding = knownEncoding(options.declared ?? null) ?? "windows-1252";
    return { text: new TextDecoder(encoding).decode(bytes), note: `not valid UTF-8: read as ${encoding}` };
  }
}

/** The encoding that an HTML page names in its first kilobyte, else null. */
export function declaredEncoding(bytes: Uint8Array): string | null {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 1_024));
  return /<meta[^>]+charset\s*=\s*["']?([\w-]+)/i.exec(head)?.[1]?.toLowerCase() ?? null;
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

function unicodeMark(bytes: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return "utf-8";
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return null;
}
