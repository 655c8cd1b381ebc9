/** One property that differs: its number in the format, and its value. */
export interface Change {
  readonly code: number;
  readonly value: number;
}

/** Numbers of the properties that are looked at. */
export const CHANGE = {
  isDeleted: 0x0800,
  isHidden: 0x083c,
  isSpecial: 0x0855,
  isInTable: 0x2416,
  isRowEnd: 0x2417,
  listLevel: 0x260a,
  outlineLevel: 0x2640,
  list: 0x460b,
} as const;

/** Lengths of values by the kind that the highest bits of a number name; 0 where the value says it itself. */
const LENGTHS: readonly number[] = [1, 1, 2, 4, 2, 2, 0, 3];
const TABLE_DEFINITION = 0xd608;
const TAB_STOPS = 0xc615;

/** The properties in a list, as far as it goes. Values that are no plain numbers are given as 0. */
export function readChanges(list: Buffer): readonly Change[] {
  const changes: Change[] = [];
  for (let at = 0; at + 3 <= list.length;) {
    const code = list.readUInt16LE(at);
    const length = LENGTHS[code >> 13] ?? 0;
    at += 2;
    if (length === 0) at += lengthAt(list, at, code);
    else {
      if (at + length > list.length) break;
      if (NUMBERS.has(code)) changes.push({ code, value: list.readUIntLE(at, length) });
      at += length;
    }
  }
  return changes;
}

const NUMBERS: ReadonlySet<number> = new Set(Object.values(CHANGE));

/** Bytes of a value that begins with its length. */
function lengthAt(list: Buffer, at: number, code: number): number {
  if (code === TABLE_DEFINITION) return at + 2 > list.length ? 2 : list.readUInt16LE(at) + 1;
  const length = list[at] ?? 0;
  if (code !== TAB_STOPS || length < 255) return length + 1;
  // Too many for a byte: deleted stops of four bytes each, then added ones of three.
  const deleted = list[at + 1] ?? 0;
  return 3 + 4 * deleted + 3 * (list[at + 2 + 4 * deleted] ?? 0);
}
