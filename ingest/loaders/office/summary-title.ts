import type { CompoundFolder } from "../compound-file.ts";
import { tidyTitle } from "../loader.ts";
import { decodeCodePage } from "../code-pages.ts";

const STREAM = "\u0005SummaryInformation";
const CODE_PAGE = 1;
const TITLE = 2;
const WIDE_STRING = 31;
const MOST_PROPERTIES = 100;

/** The title of an old Office file's properties, else null. */
export function summaryTitle(file: CompoundFolder): string | null {
  let stream: Buffer | null;
  try {
    stream = file.stream(STREAM);
  } catch {
    // The document itself may be whole.
    return null;
  }
  if (stream === null || stream.length < 48) return null;
  const list = stream.subarray(stream.readUInt32LE(44));
  const places = placesOf(list);
  const at = places.get(TITLE);
  if (at === undefined || at + 8 > list.length) return null;
  const page = places.get(CODE_PAGE);
  const isWide = list.readUInt16LE(at) === WIDE_STRING;
  const length = list.readUInt32LE(at + 4) * (isWide ? 2 : 1);
  const bytes = list.subarray(at + 8, at + 8 + length);
  const codePage = page === undefined || page + 6 > list.length ? 1_252 : list.readUInt16LE(page + 4);
  const title = isWide ? bytes.toString("utf16le") : decodeCodePage(bytes, codePage);
  return tidyTitle(title.split("\0", 1)[0]);
}

function placesOf(list: Buffer): ReadonlyMap<number, number> {
  const count =
    list.length < 8 ? 0 : Math.min(list.readUInt32LE(4), MOST_PROPERTIES, Math.floor((list.length - 8) / 8));
  return new Map(
    Array.from({ length: count }, (_, index) => [list.readUInt32LE(8 + 8 * index), list.readUInt32LE(12 + 8 * index)]),
  );
}
