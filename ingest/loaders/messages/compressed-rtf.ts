/** What the window of every text holds at its beginning (MS-OXRTFCP). */
const DICTIONARY =
  "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor " +
  "MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
const HEADER_SIZE = 16;
const WINDOW = 4_096;
const COMPRESSED = 0x75465a4c;
const PLAIN = 0x414c454d;
/** One reference of two bytes gives at most so many. */
const MOST_REPEATED = 17;

/** Unpacks rich text as Outlook packs it; null where it is no such text. */
export function unpackRtf(packed: Buffer): Buffer | null {
  if (packed.length < HEADER_SIZE) return null;
  const kind = packed.readUInt32LE(8);
  if (kind === PLAIN) return packed.subarray(HEADER_SIZE, HEADER_SIZE + packed.readUInt32LE(4));
  if (kind !== COMPRESSED) return null;
  const window = Buffer.alloc(WINDOW);
  let end = window.write(DICTIONARY, "latin1");
  const unpacked = Buffer.alloc(Math.min(packed.readUInt32LE(4), packed.length * MOST_REPEATED));
  let length = 0;
  const put = (byte: number): void => {
    window[end] = byte;
    end = (end + 1) % WINDOW;
    if (length < unpacked.length) unpacked[length] = byte;
    length += 1;
  };
  for (let at = HEADER_SIZE; at < packed.length && length < unpacked.length;) {
    const flags = packed[at] ?? 0;
    at += 1;
    for (let bit = 0; bit < 8 && at < packed.length; bit += 1) {
      if ((flags & (1 << bit)) === 0) {
        put(packed[at] ?? 0);
        at += 1;
        continue;
      }
      const reference = ((packed[at] ?? 0) << 8) | (packed[at + 1] ?? 0);
      at += 2;
      const from = reference >> 4;
      // A reference to where the next byte goes is the end.
      if (from === end) return unpacked.subarray(0, Math.min(length, unpacked.length));
      for (let copied = 0; copied < (reference & 15) + 2; copied += 1) put(window[(from + copied) % WINDOW] ?? 0);
    }
  }
  return unpacked.subarray(0, Math.min(length, unpacked.length));
}
