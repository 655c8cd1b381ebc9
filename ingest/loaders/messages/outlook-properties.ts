import { isUtf8 } from "node:buffer";
import { decodeCodePage } from "../code-pages.ts";
import type { CompoundFolder } from "../compound-file.ts";

/** What a folder of an Outlook message says: the message, a receiver or an attached file. */
export interface OutlookProperties {
  /** Empty where there is none. */
  readonly text: (id: number) => string;
  readonly number: (id: number) => number | null;
  readonly time: (id: number) => Date | null;
  readonly bytes: (id: number) => Buffer | null;
  /** A folder in a folder: an attached message, or an object of another program. */
  readonly folder: (id: number) => CompoundFolder | null;
}

/** Bytes before the list of properties, by what they belong to. */
export const HEADER_SIZE = { message: 32, attachedMessage: 24, part: 8 } as const;

/** The stream in which the properties of a message, or of a part of one, are listed. */
export const PROPERTY_LIST = "__properties_version1.0";
const ENTRY_SIZE = 16;
const UNICODE = "001F";
const CODE_PAGE_TEXT = "001E";
const BINARY = "0102";
const OBJECT = "000D";
const MESSAGE_CODE_PAGE = 0x3ffd;
const INTERNET_CODE_PAGE = 0x3fde;
const UTF_8 = 65_001;
const WINDOWS_1252 = 1_252;
/** From 1601, where Windows begins to count, to 1970. */
const EPOCH_MS = 11_644_473_600_000;

/** Reads the properties of a folder. `codePage` is that of the message, for its parts. */
export function readOutlookProperties(
  folder: CompoundFolder,
  { headerSize, codePage }: { readonly headerSize: number; readonly codePage?: number },
): OutlookProperties {
  const fixed = readFixed(folder.stream(PROPERTY_LIST) ?? Buffer.alloc(0), headerSize);
  const number = (id: number): number | null => fixed.get(id)?.readInt32LE(0) ?? null;
  const stream = (id: number, type: string): Buffer | null => folder.stream(nameOf(id, type));
  const page = codePage ?? codePageOf({ number });
  return {
    number,
    text(id) {
      const wide = stream(id, UNICODE);
      const text = wide?.toString("utf16le") ?? decodeText(stream(id, CODE_PAGE_TEXT) ?? Buffer.alloc(0), page);
      return text.split("\0", 1)[0] ?? "";
    },
    time(id) {
      const value = fixed.get(id)?.readBigUInt64LE(0);
      if (value === undefined || value === 0n) return null;
      const time = new Date(Number(value / 10_000n) - EPOCH_MS);
      return Number.isNaN(time.getTime()) ? null : time;
    },
    bytes: (id) => stream(id, BINARY),
    folder: (id) => folder.folder(nameOf(id, OBJECT)),
  };
}

/** The code page that a message's texts are written in, where they are not in Unicode. */
export function codePageOf({ number }: Pick<OutlookProperties, "number">): number {
  return number(MESSAGE_CODE_PAGE) ?? number(INTERNET_CODE_PAGE) ?? WINDOWS_1252;
}

/** The encoding that a message came in over the internet, by its number. */
export function internetCodePageOf({ number }: Pick<OutlookProperties, "number">): number | null {
  return number(INTERNET_CODE_PAGE);
}

/** Mails that came in as UTF-8 say so of their other texts as well. */
function decodeText(bytes: Buffer, page: number): string {
  return decodeCodePage(bytes, page === UTF_8 && !isUtf8(bytes) ? WINDOWS_1252 : page);
}

function nameOf(id: number, type: string): string {
  return `__substg1.0_${id.toString(16).padStart(4, "0").toUpperCase()}${type}`;
}

/** The values of eight bytes that stand in the list itself, by their ids. */
function readFixed(list: Buffer, headerSize: number): ReadonlyMap<number, Buffer> {
  const values = new Map<number, Buffer>();
  for (let at = headerSize; at + ENTRY_SIZE <= list.length; at += ENTRY_SIZE) {
    values.set(list.readUInt16LE(at + 2), list.subarray(at + 8, at + ENTRY_SIZE));
  }
  return values;
}
