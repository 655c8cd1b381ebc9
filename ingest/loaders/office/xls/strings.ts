import { decodeCodePage } from "../../code-pages.ts";
import type { BiffRecord } from "./records.ts";

/** Reads a record's data from its beginning on, over the parts in which they go on. */
export interface BiffReader {
  /** Whether there is something left. */
  readonly hasMore: boolean;
  byte(): number;
  word(): number;
  skip(count: number): void;
  /** Characters in the form of Excel 97 and later; a byte before them says how many bytes each takes. */
  characters(count: number, form: number): string;
  /** A string of Excel 97 and later: its length, its form, characters, and what is about their look. */
  string(): string;
}

const WIDE = 1;
const HAS_PHONETIC = 4;
const HAS_RUNS = 8;

/** Begins to read a record, or the parts behind it. What is missing at the end reads as zeros. */
export function createBiffReader({ data, more }: Pick<BiffRecord, "data" | "more">): BiffReader {
  const parts = [data, ...more];
  let index = 0;
  let at = 0;
  const part = (): Buffer | undefined => {
    for (let current = parts[index]; current !== undefined; current = parts[(index += 1)]) {
      if (at < current.length) return current;
      at = 0;
    }
    return undefined;
  };
  const reader: BiffReader = {
    get hasMore() {
      return part() !== undefined;
    },
    byte() {
      const value = part()?.[at] ?? 0;
      at += 1;
      return value;
    },
    word: () => reader.byte() | (reader.byte() << 8),
    skip(count) {
      for (let left = count, current = part(); current !== undefined && left > 0; current = part()) {
        const step = Math.min(left, current.length - at);
        at += step;
        left -= step;
      }
    },
    characters(count, form) {
      let text = "";
      let isWide = (form & WIDE) === WIDE;
      for (let left = count; left > 0;) {
        const before = index;
        const current = part();
        if (current === undefined) break;
        // Where characters go on in a further part, it says anew how many bytes each takes.
        if (index !== before) isWide = (reader.byte() & WIDE) === WIDE;
        const size = isWide ? 2 : 1;
        const taken = Math.min(left, Math.floor((current.length - at) / size));
        text += current.toString(isWide ? "utf16le" : "latin1", at, at + taken * size);
        at = taken === 0 ? current.length : at + taken * size;
        left -= taken;
      }
      return text;
    },
    string() {
      const count = reader.word();
      const form = reader.byte();
      const runs = (form & HAS_RUNS) === 0 ? 0 : reader.word();
      const phonetic = (form & HAS_PHONETIC) === 0 ? 0 : reader.word() + 65_536 * reader.word();
      const text = reader.characters(count, form);
      reader.skip(4 * runs + phonetic);
      return text;
    },
  };
  return reader;
}

/** How a workbook writes texts. */
export interface TextForm {
  /** Excel 97 and later. */
  readonly isUnicode: boolean;
  /** The code page of the texts of Excel 95. */
  readonly codePage: number;
}

/** The text at a place of a record, whose length stands before it in two bytes, or in one. */
export function readText(
  record: Pick<BiffRecord, "data" | "more">,
  { isUnicode, codePage, at, lengthBytes = 2 }: TextForm & { readonly at: number; readonly lengthBytes?: 1 | 2 },
): string {
  const reader = createBiffReader(record);
  reader.skip(at);
  if (isUnicode && lengthBytes === 2) return reader.string();
  const length = lengthBytes === 1 ? reader.byte() : reader.word();
  if (isUnicode) return reader.characters(length, reader.byte());
  return decodeCodePage(record.data.subarray(at + lengthBytes, at + lengthBytes + length), codePage);
}
