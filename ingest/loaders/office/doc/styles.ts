import { type Change, readChanges } from "./changes.ts";

/** A style of paragraphs. */
export interface DocStyle {
  /** The number of a style that every Word has, whatever it is called in its language; 4094 for others. */
  readonly builtIn: number;
  readonly name: string;
  /** The style that it is based on; null for none. */
  readonly base: number | null;
  readonly changes: readonly Change[];
}

const PARAGRAPH_STYLE = 1;
const NO_STYLE = 0xfff;
/** Bytes of the beginning that tell what kind of style it is. */
const LEAST_BASE = 10;

/** The styles of a file by their numbers; null where a number has none for paragraphs. */
export function readStyles(table: Buffer): readonly (DocStyle | null)[] {
  const styles: (DocStyle | null)[] = [];
  if (table.length < 6) return styles;
  const headLength = table.readUInt16LE(0);
  const count = table.readUInt16LE(2);
  const baseLength = table.readUInt16LE(4);
  let at = 2 + headLength;
  while (styles.length < count && at + 2 <= table.length) {
    const length = table.readUInt16LE(at);
    styles.push(readStyle(table.subarray(at + 2, at + 2 + length), baseLength));
    at += 2 + length;
  }
  return styles;
}

function readStyle(bytes: Buffer, baseLength: number): DocStyle | null {
  if (bytes.length < Math.max(LEAST_BASE, baseLength) + 2) return null;
  const kindAndBase = bytes.readUInt16LE(2);
  if ((kindAndBase & 0xf) !== PARAGRAPH_STYLE) return null;
  const nameEnd = baseLength + 2 + 2 * bytes.readUInt16LE(baseLength);
  // Behind the name stands a zero; what follows begins at an even place.
  const at = nameEnd + 2 + (nameEnd % 2);
  const length = at + 2 > bytes.length ? 0 : bytes.readUInt16LE(at);
  const base = kindAndBase >> 4;
  return {
    builtIn: bytes.readUInt16LE(0) & 0xfff,
    name: bytes.toString("utf16le", baseLength + 2, nameEnd),
    base: base === NO_STYLE ? null : base,
    // The style's own number stands before its properties.
    changes: length < 2 ? [] : readChanges(bytes.subarray(at + 4, at + 2 + length)),
  };
}
