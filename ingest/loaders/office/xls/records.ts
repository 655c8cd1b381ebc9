import { damage } from "../../compound-file.ts";

/** One record of a workbook, with the parts in which its data go on. */
export interface BiffRecord {
  readonly type: number;
  readonly data: Buffer;
  /** The data of what continues it, most often none. */
  readonly more: readonly Buffer[];
}

/** Numbers of the records that are read. */
export const RECORD = {
  formula: 0x06,
  end: 0x0a,
  name: 0x18,
  dates: 0x22,
  password: 0x2f,
  continued: 0x3c,
  codePage: 0x42,
  object: 0x5d,
  sheet: 0x85,
  numbers: 0xbd,
  richLabel: 0xd6,
  cellLook: 0xe0,
  merged: 0xe5,
  strings: 0xfc,
  sharedLabel: 0xfd,
  drawnText: 0x1b6,
  number: 0x203,
  label: 0x204,
  truth: 0x205,
  text: 0x207,
  shortNumber: 0x27e,
  format: 0x41e,
  begin: 0x809,
} as const;

const KNOWN: ReadonlySet<number> = new Set(Object.values(RECORD));

/**
 * The records from a place to the end of the part that begins there, without those that nobody reads. Parts within it, such
 * as charts, are passed over. Throws where the file breaks off.
 */
export function* readRecords(stream: Buffer, start: number): Generator<BiffRecord> {
  let depth = 0;
  for (let at = start; ;) {
    if (at + 4 > stream.length) throw damage("a part of its sheets is missing");
    const [type, next] = [stream.readUInt16LE(at), endOf(stream, at)];
    const data = stream.subarray(at + 4, next);
    at = next;
    if (type === RECORD.begin) depth += 1;
    if (type === RECORD.end) depth -= 1;
    if (depth <= 0) return;
    if (depth > 1 || !KNOWN.has(type)) continue;
    const more: Buffer[] = [];
    while (at + 4 <= stream.length && stream.readUInt16LE(at) === RECORD.continued) {
      const end = endOf(stream, at);
      more.push(stream.subarray(at + 4, end));
      at = end;
    }
    yield { type, data, more };
  }
}

function endOf(stream: Buffer, at: number): number {
  const end = at + 4 + stream.readUInt16LE(at + 2);
  if (end > stream.length) throw damage("a part of its sheets is missing");
  return end;
}
