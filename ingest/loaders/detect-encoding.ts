import { isAscii } from "node:buffer";

/** How many bytes a guess is based on. */
const SAMPLE_BYTES = 65_536;
const LINE_FEED = 0x0a;
/** Control characters that no text has, and that a wrong encoding often gives. */
const UPPER_CONTROL = /[\u0080-\u009f\ufffd]/;
/** Lowest confidence, of 100, at which a guess is taken. */
const LEAST_CONFIDENCE = 15;

/**
 * Guesses the encoding of bytes that are not UTF-8; windows-1252, in which every byte is a character, if nothing fits
 * better. Short texts in one-byte encodings look alike.
 */
export async function detectEncoding(bytes: Uint8Array): Promise<string> {
  const sample = foreignLines(bytes);
  const { analyse } = await import("chardet");
  for (const { name, confidence } of analyse(sample)) {
    if (confidence < LEAST_CONFIDENCE) break;
    const encoding = fittingEncoding(name, sample);
    if (encoding !== null) return encoding;
  }
  return "windows-1252";
}

/** The lines with bytes beyond ASCII. The others say nothing about the encoding, and would outweigh them. */
function foreignLines(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  let size = 0;
  for (const line of byteLines(bytes)) {
    if (size >= SAMPLE_BYTES) break;
    const begin = line.subarray(0, SAMPLE_BYTES);
    if (isAscii(begin)) continue;
    parts.push(begin);
    size += begin.length;
  }
  return parts.length === 0 ? bytes.subarray(0, SAMPLE_BYTES) : Buffer.concat(parts);
}

/** The lines of bytes, each with its line feed. */
export function* byteLines(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(LINE_FEED, start);
    const end = found === -1 ? bytes.length : found + 1;
    yield bytes.subarray(start, end);
    start = end;
  }
}

function fittingEncoding(name: string, sample: Uint8Array): string | null {
  try {
    const decoder = new TextDecoder(name, { fatal: true });
    if (decoder.encoding === "utf-8" || decoder.encoding.startsWith("utf-16")) return null;
    // A sample may end within a character.
    return UPPER_CONTROL.test(decoder.decode(sample, { stream: true })) ? null : decoder.encoding;
  } catch (error) {
    // An encoding that the platform does not know, or in which the bytes are not valid.
    if (error instanceof RangeError || error instanceof TypeError) return null;
    throw error;
  }
}
