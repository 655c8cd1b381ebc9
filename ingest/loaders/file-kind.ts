import { asBuffer } from "./as-buffer.ts";
import { extensionOf } from "./languages.ts";

/** What a file's first bytes say it is. */
export interface FileKind {
  /** Such as `PNG image`. */
  readonly name: string;
  /** How its text can be had all the same; empty where there is no way. */
  readonly advice: string;
  /** Who can read it: a loader, or nobody. A `zip` shows its kind by what is packed in it. */
  readonly reader: "pdf" | "zip" | "compound" | "none";
}

type Signature = readonly [bytes: string | readonly number[], name: string, offset?: number];

/** First bytes of formats that hold no text of their own. */
const SIGNATURES: readonly Signature[] = [
  [[0x89, 0x50, 0x4e, 0x47], "PNG image"],
  [[0xff, 0xd8, 0xff], "JPEG image"],
  ["GIF8", "GIF image"],
  ["II*\0", "TIFF image"],
  ["MM\0*", "TIFF image"],
  ["8BPS", "Photoshop image"],
  ["WEBP", "WebP image", 8],
  ["ftypavif", "AVIF image", 4],
  ["ftyphei", "HEIC image", 4],
  ["ftypM4A", "M4A audio", 4],
  ["ftyp", "MP4 video", 4],
  [[0x1a, 0x45, 0xdf, 0xa3], "Matroska video"],
  ["AVI ", "AVI video", 8],
  ["WAVE", "WAV audio", 8],
  ["OggS", "Ogg audio or video"],
  ["fLaC", "FLAC audio"],
  ["ID3", "MP3 audio"],
  [[0xff, 0xfb], "MP3 audio"],
  [[0x1f, 0x8b], "gzip archive"],
  ["BZh", "bzip2 archive"],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], "xz archive"],
  [[0x28, 0xb5, 0x2f, 0xfd], "Zstandard archive"],
  [[0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], "7-Zip archive"],
  ["Rar!", "RAR archive"],
  ["ustar", "tar archive", 257],
  ["!<arch>", "library or Debian package"],
  [[0x7f, 0x45, 0x4c, 0x46], "program"],
  ["MZ", "program"],
  [[0xcf, 0xfa, 0xed, 0xfe], "program"],
  [[0xca, 0xfe, 0xba, 0xbe], "program"],
  ["\0asm", "WebAssembly program"],
  ["SQLite format 3", "SQLite database"],
  ["PAR1", "Parquet table"],
  ["ARROW1", "Arrow table"],
  ["wOFF", "font"],
  ["wOF2", "font"],
  ["OTTO", "font"],
  ["BOOKMOBI", "Mobipocket e-book", 60],
  ["Standard Jet DB", "Access database", 4],
  ["Standard ACE DB", "Access database", 4],
  ["!BDN", "Outlook data file"],
  [[0xe4, 0x52, 0x5c, 0x7b, 0x8c, 0xd8, 0xa7, 0x4d], "OneNote section"],
  [[0xff, 0x57, 0x50, 0x43], "WordPerfect document"],
  [[0xff, 0xfe, 0, 0], "text in UTF-32"],
  [[0, 0, 0xfe, 0xff], "text in UTF-32"],
  ["AC10", "AutoCAD drawing"],
  ["\0\0\x01\0", "icon"],
  ["\0\x01\0\0", "font"],
  ["BM", "BMP image"],
];

/** What helps, by the end of a kind's name. */
const ADVICE: readonly (readonly [kind: RegExp, advice: string])[] = [
  [/ archive$/, "unpack it to have its files read"],
  [/ (?:database|table)$/, "export it as .csv or .jsonl"],
  [/^Outlook/, "export its mails as .eml or .mbox"],
  [/^OneNote/, "export it as .docx"],
  [/^WordPerfect/, "save it as .docx"],
  [/^Mobipocket/, "convert it to .epub"],
  [/UTF-32$/, "save it as UTF-8"],
];

/** What data that is no plain text is by its first bytes. A text may begin with the same letters as an image. */
export function binaryKindOf(head: Uint8Array): FileKind {
  if (startsWith(head, [0x50, 0x4b, 3, 4], 0) || startsWith(head, [0x50, 0x4b, 5, 6], 0)) {
    return { ...named("ZIP archive"), reader: "zip" };
  }
  if (isCompoundFile(head)) return { ...named("old Microsoft Office file"), reader: "compound" };
  const known = SIGNATURES.find(([bytes, , offset = 0]) => startsWith(head, bytes, offset));
  return { ...named(known?.[1] ?? "binary file"), reader: "none" };
}

/** Whether a file is packed as Office files before `.docx` and Outlook's messages are. */
export function isCompoundFile(head: Uint8Array): boolean {
  return startsWith(head, [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], 0);
}

function named(name: string): Omit<FileKind, "reader"> {
  return { name, advice: ADVICE.find(([kind]) => kind.test(name))?.[1] ?? "" };
}

/** Whether the first bytes are a known format's and could not be those of a text. */
export function isSurelyBinary(head: Uint8Array): boolean {
  const { name } = binaryKindOf(head);
  return name !== "binary file" && head.subarray(0, 6).some((byte) => byte < 9 || byte >= 128);
}

/** Bytes within which the mark of a PDF stands; some begin with a few bytes of something else. */
const PDF_MARK_WITHIN = 1_024;

/** Whether a file is a PDF: by its first bytes, or by its name and a mark that stands near the beginning. */
export function isPdf(head: Uint8Array, source: string): boolean {
  if (startsWith(head, "%PDF-", 0)) return true;
  if (extensionOf(source) !== "pdf") return false;
  return asBuffer(head.subarray(0, PDF_MARK_WITHIN)).includes("%PDF-");
}

/** Whether a file is rich text, which is written in letters and holds few words as they are. */
export function isRichText(head: Uint8Array): boolean {
  return startsWith(head, "{\\rtf", 0);
}

function startsWith(bytes: Uint8Array, wanted: string | readonly number[], offset: number): boolean {
  for (let index = 0; index < wanted.length; index += 1) {
    const expected = typeof wanted === "string" ? wanted.charCodeAt(index) : wanted[index];
    if (bytes[offset + index] !== expected) return false;
  }
  return true;
}
