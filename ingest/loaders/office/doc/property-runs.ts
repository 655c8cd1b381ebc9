import { lastStarting } from "../../../last-starting.ts";
import { type Change, readChanges } from "./changes.ts";

/** What holds for a range of the file. */
export interface PropertyRun<Properties> {
  readonly start: number;
  readonly end: number;
  readonly properties: Properties;
}

/** Finds what holds at a place of the file; places are mostly asked for in their order. */
export type PropertiesAt<Properties> = (offset: number) => Properties | null;

const PAGE = 512;
/** Bytes for each paragraph in a page: the place of its properties, and its height. */
const PARAGRAPH_ENTRY = 13;
const CHARACTERS_ENTRY = 1;

/** What a file says of a paragraph: its style, and how it differs from it. */
export interface ParagraphRun {
  readonly style: number;
  readonly changes: readonly Change[];
}

const PLAIN: ParagraphRun = { style: 0, changes: [] };

/** Reads the properties of paragraphs from the pages that a table names. */
export function readParagraphRuns(table: Buffer, stream: Buffer): readonly PropertyRun<ParagraphRun>[] {
  return readRuns(table, stream, {
    entrySize: PARAGRAPH_ENTRY,
    read(page, at) {
      const words = page[at] ?? 0;
      // A length of no words says that the next byte holds it.
      const [start, length] = words === 0 ? [at + 2, 2 * (page[at + 1] ?? 0)] : [at + 1, 2 * words - 1];
      const bytes = page.subarray(start, start + length);
      if (bytes.length < 2) return PLAIN;
      return { style: bytes.readUInt16LE(0), changes: readChanges(bytes.subarray(2)) };
    },
    none: PLAIN,
  });
}

/** Reads how characters differ from their paragraphs. */
export function readCharacterRuns(table: Buffer, stream: Buffer): readonly PropertyRun<readonly Change[]>[] {
  return readRuns(table, stream, {
    entrySize: CHARACTERS_ENTRY,
    read: (page, at) => readChanges(page.subarray(at + 1, at + 1 + (page[at] ?? 0))),
    none: [],
  });
}

interface PageReader<Properties> {
  readonly entrySize: number;
  readonly read: (page: Buffer, at: number) => Properties;
  /** What holds where a page says nothing. */
  readonly none: Properties;
}

function readRuns<Properties>(
  table: Buffer,
  stream: Buffer,
  { entrySize, read, none }: PageReader<Properties>,
): readonly PropertyRun<Properties>[] {
  const count = Math.floor((table.length - 4) / 8);
  const runs: PropertyRun<Properties>[] = [];
  const seen = new Set<number>();
  for (let index = 0; index < count; index += 1) {
    const number = table.readUInt32LE(4 * (count + 1) + 4 * index) & 0x3fffff;
    const page = stream.subarray(number * PAGE, (number + 1) * PAGE);
    if (seen.has(number) || page.length < PAGE) continue;
    seen.add(number);
    const inPage = page[PAGE - 1] ?? 0;
    const entries = 4 * (inPage + 1);
    if (entries + inPage * entrySize > PAGE) continue;
    for (let run = 0; run < inPage; run += 1) {
      const at = 2 * (page[entries + run * entrySize] ?? 0);
      const properties = at === 0 ? none : read(page, at);
      runs.push({ start: page.readUInt32LE(4 * run), end: page.readUInt32LE(4 * run + 4), properties });
    }
  }
  return runs.toSorted((a, b) => a.start - b.start);
}

/** A way to look up runs that are sorted by their beginnings. */
export function createLookUp<Properties>(runs: readonly PropertyRun<Properties>[]): PropertiesAt<Properties> {
  let last: PropertyRun<Properties> | undefined;
  return (offset) => {
    if (last === undefined || offset < last.start || offset >= last.end)
      last = runs[lastStarting(runs.length, (index) => runs[index]?.start ?? 0, offset)];
    return last !== undefined && offset < last.end ? last.properties : null;
  };
}
