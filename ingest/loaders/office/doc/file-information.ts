import { damage } from "../../compound-file.ts";

/** Where something lies in the stream with the tables. */
export interface TablePlace {
  readonly start: number;
  readonly end: number;
}

/** The texts of a Word file, which follow each other, and the number of characters of each. */
export interface StoryLengths {
  readonly main: number;
  readonly footnotes: number;
  readonly headers: number;
  readonly macros: number;
  readonly comments: number;
  readonly endnotes: number;
  readonly textBoxes: number;
}

/** What a Word file says about itself at its beginning. */
export interface FileInformation {
  readonly isEncrypted: boolean;
  /** The stream that the tables lie in; there may be an older one beside it. */
  readonly tableStream: "0Table" | "1Table";
  readonly stories: StoryLengths;
  /** The place of a table. */
  table(name: TableName): TablePlace;
}

/** Tables by their number in the list of the format. */
const TABLES = {
  styles: 1,
  footnoteMarks: 2,
  footnoteTexts: 3,
  characterPages: 12,
  paragraphPages: 13,
  pieces: 33,
  endnoteMarks: 46,
  endnoteTexts: 47,
  lists: 73,
  listUses: 74,
} as const;
type TableName = keyof typeof TABLES;

const WORD_97 = 0xa5ec;
const FIRST_VERSION = 193;
const FLAGS = 0x0a;
const ENCRYPTED = 0x0100;
const SECOND_TABLE = 0x0200;
const LENGTHS = 0x4c;
const PLACES = 0x9a;

/** Reads the beginning of the stream `WordDocument`; null for versions before Word 97, which write it in another way. */
export function readFileInformation(stream: Buffer): FileInformation | null {
  if (stream.length < PLACES + 2) throw damage("its beginning is missing");
  if (stream.readUInt16LE(0) !== WORD_97 || stream.readUInt16LE(2) < FIRST_VERSION) return null;
  const flags = stream.readUInt16LE(FLAGS);
  const lengthAt = (index: number): number => Math.max(0, stream.readInt32LE(LENGTHS + 4 * index));
  return {
    isEncrypted: (flags & ENCRYPTED) !== 0,
    tableStream: (flags & SECOND_TABLE) === 0 ? "0Table" : "1Table",
    stories: {
      main: lengthAt(0),
      footnotes: lengthAt(1),
      headers: lengthAt(2),
      macros: lengthAt(3),
      comments: lengthAt(4),
      endnotes: lengthAt(5),
      textBoxes: lengthAt(6),
    },
    table(name) {
      const at = PLACES + 8 * TABLES[name];
      if (at + 8 > stream.length) return { start: 0, end: 0 };
      const start = stream.readUInt32LE(at);
      return { start, end: start + stream.readUInt32LE(at + 4) };
    },
  };
}
