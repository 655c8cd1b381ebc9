import { damage } from "../../compound-file.ts";

/** Characters of the text that lie in one place of the file. */
export interface Piece {
  /** Number of its first character in the text, and behind its last one. */
  readonly from: number;
  readonly to: number;
  /** Where it lies in the file. */
  readonly offset: number;
  readonly bytesPerCharacter: 1 | 2;
}

const PROPERTIES = 1;
const PIECE_TABLE = 2;
const ONE_BYTE = 0x40000000;
/** How many characters a text may have for each byte of its file; a file that was saved often may show a place twice. */
const MOST_REPEATED = 4;

/** The pieces that a text is put together from, in its order. */
export function readPieces(table: Buffer, stream: Buffer): readonly Piece[] {
  const list = pieceTable(table);
  const count = Math.floor((list.length - 4) / 12);
  if (count < 1) throw damage("it does not say where its text lies");
  let left = MOST_REPEATED * stream.length;
  return Array.from({ length: count }, (_, index) => {
    const from = list.readUInt32LE(4 * index);
    const to = list.readUInt32LE(4 * index + 4);
    const place = list.readUInt32LE(4 * (count + 1) + 8 * index + 2);
    const bytesPerCharacter = (place & ONE_BYTE) === 0 ? 2 : 1;
    const offset = bytesPerCharacter === 2 ? place : (place & ~ONE_BYTE) / 2;
    left -= to - from;
    if (to < from || left < 0 || offset + (to - from) * bytesPerCharacter > stream.length) {
      throw damage("a part of its text is missing");
    }
    return { from, to, offset, bytesPerCharacter };
  });
}

/** The table of the pieces, which stands behind changes that were saved quickly. */
function pieceTable(table: Buffer): Buffer {
  for (let at = 0; at + 5 <= table.length;) {
    if (table[at] === PIECE_TABLE) return table.subarray(at + 5, at + 5 + table.readUInt32LE(at + 1));
    if (table[at] !== PROPERTIES) break;
    at += 3 + table.readUInt16LE(at + 1);
  }
  throw damage("it does not say where its text lies");
}

const windows1252 = new TextDecoder("windows-1252");

/** The characters of a piece. */
export function pieceText({ from, to, offset, bytesPerCharacter }: Piece, stream: Buffer): string {
  const bytes = stream.subarray(offset, offset + (to - from) * bytesPerCharacter);
  return bytesPerCharacter === 2 ? bytes.toString("utf16le") : windows1252.decode(bytes);
}
