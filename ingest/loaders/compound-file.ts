// The packing of Office files before `.docx` and of Outlook's messages: sectors in chains, as on a disk (MS-CFB).
import { asBuffer } from "./as-buffer.ts";

/** A folder of a compound file. Names are compared without case, as the format has it. */
export interface CompoundFolder {
  /** The names of its folders and streams, sorted. */
  readonly names: readonly string[];
  has(name: string): boolean;
  /** A stream's bytes; null where there is none. Throws where the file is damaged. */
  stream(name: string): Buffer | null;
  folder(name: string): CompoundFolder | null;
}

const HEADER_SIZE = 512;
const ENTRY_SIZE = 128;
const MINI_SECTOR = 64;
const END_OF_CHAIN = 0xfffffffe;
const IN_HEADER = 109;
const FOLDER = 1;
const STREAM = 2;
/** How often a file may be read over before its streams cannot be true: those of a sound file do not lie over each other. */
const MOST_READS = 4;

interface Entry {
  readonly name: string;
  readonly type: number;
  readonly left: number;
  readonly right: number;
  readonly child: number;
  readonly start: number;
  readonly size: number;
}

/** Bytes in sectors of one size, each with the number of the next one. */
interface Sectors {
  readonly bytes: Buffer;
  readonly size: number;
  readonly next: Uint32Array;
}

/** Opens a compound file: its list of names is read, its streams when they are asked for. Throws where it is damaged. */
export function openCompoundFile(bytes: Uint8Array): CompoundFolder {
  const file = asBuffer(bytes);
  if (file.length < HEADER_SIZE) throw damage("it is shorter than its header");
  const size = file.readUInt16LE(30) === 12 ? 4_096 : 512;
  const sectors: Sectors = { bytes: file.subarray(size), size, next: readTable(file, size) };
  const entries = readEntries(readChain(sectors, { start: file.readUInt32LE(48) }));
  const [root] = entries;
  if (root === undefined) throw damage("its list of files is missing");
  const miniSize = file.readUInt32LE(56);
  let left = MOST_READS * file.length;
  let mini: Sectors | null = null;
  const miniSectors = (): Sectors =>
    (mini ??= {
      bytes: readChain(sectors, root),
      size: MINI_SECTOR,
      next: numbersOf(readChain(sectors, { start: file.readUInt32LE(60) })),
    });
  const read = (entry: Entry): Buffer => {
    left -= entry.size;
    if (left < 0) throw damage("its parts lie over each other");
    return entry.size === 0 ? Buffer.alloc(0) : readChain(entry.size < miniSize ? miniSectors() : sectors, entry);
  };
  const folders = listFolders(entries);
  const folderAt = (index: number): CompoundFolder => {
    const members = folders.get(index) ?? new Map<string, number>();
    const find = (name: string, type: number): number | null => {
      const found = members.get(name.toUpperCase());
      return found !== undefined && entries[found]?.type === type ? found : null;
    };
    return {
      names: Array.from(members.values(), (member) => entries[member]?.name ?? "").toSorted(),
      has: (name) => members.has(name.toUpperCase()),
      stream(name) {
        const entry = entries[find(name, STREAM) ?? -1];
        return entry === undefined ? null : read(entry);
      },
      folder(name) {
        const found = find(name, FOLDER);
        return found === null ? null : folderAt(found);
      },
    };
  };
  return folderAt(0);
}

/** An error that says of a file what is wrong with it. */
export function damage(what: string): Error {
  return new Error(`it is damaged: ${what}`);
}

/** The number of the sector behind each one. Where this table lies is written in the header, and goes on in a chain. */
function readTable(file: Buffer, size: number): Uint32Array {
  const count = Math.ceil((file.length - size) / size);
  const perSector = size / 4;
  const parts: Uint32Array[] = [];
  const wanted = Math.min(file.readUInt32LE(44), Math.ceil(count / perSector));
  const sectorAt = (number: number): Uint32Array => {
    if (number >= count) throw damage("its list of sectors is missing");
    return numbersOf(file.subarray((number + 1) * size, (number + 2) * size));
  };
  let list = numbersOf(file.subarray(HEADER_SIZE - 4 * IN_HEADER, HEADER_SIZE));
  for (let next = file.readUInt32LE(68); ; next = list[perSector - 1] ?? END_OF_CHAIN) {
    // The last number of a list behind the header is where the next list lies.
    const inList = Math.min(wanted - parts.length, parts.length === 0 ? IN_HEADER : perSector - 1);
    for (const number of list.subarray(0, inList)) parts.push(sectorAt(number));
    if (parts.length >= wanted) break;
    list = sectorAt(next);
  }
  const table = new Uint32Array(parts.length * perSector).fill(END_OF_CHAIN);
  for (const [index, part] of parts.entries()) table.set(part, index * perSector);
  return table;
}

/** The bytes of a chain; one without a known size is read to its end. */
function readChain(
  { bytes, size: sectorSize, next }: Sectors,
  { start, size }: { readonly start: number; readonly size?: number },
): Buffer {
  if (size !== undefined && size > bytes.length) throw damage("a part of it is missing");
  const most = size === undefined ? next.length : Math.ceil(size / sectorSize);
  const parts: Buffer[] = [];
  for (let at = start; parts.length < most && at < next.length; at = next[at] ?? END_OF_CHAIN) {
    parts.push(bytes.subarray(at * sectorSize, (at + 1) * sectorSize));
  }
  const whole = Buffer.concat(parts);
  if (size !== undefined && whole.length < size) throw damage("a part of it is missing");
  return size === undefined ? whole : whole.subarray(0, size);
}

function numbersOf(bytes: Buffer): Uint32Array {
  return Uint32Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) => bytes.readUInt32LE(4 * index));
}

function readEntries(bytes: Buffer): readonly Entry[] {
  return Array.from({ length: Math.floor(bytes.length / ENTRY_SIZE) }, (_, index) => {
    const entry = bytes.subarray(index * ENTRY_SIZE, (index + 1) * ENTRY_SIZE);
    return {
      name: entry.toString("utf16le", 0, Math.max(0, Math.min(64, entry.readUInt16LE(64)) - 2)),
      type: entry.readUInt8(66),
      left: entry.readUInt32LE(68),
      right: entry.readUInt32LE(72),
      child: entry.readUInt32LE(76),
      start: entry.readUInt32LE(116),
      size: entry.readUInt32LE(120),
    };
  });
}

/** What lies in each folder, by names in capitals. The members of a folder form a tree; no entry belongs to two. */
function listFolders(entries: readonly Entry[]): ReadonlyMap<number, ReadonlyMap<string, number>> {
  const folders = new Map<number, ReadonlyMap<string, number>>();
  const seen = new Set([0]);
  const open = [0];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    const members = new Map<string, number>();
    folders.set(folder, members);
    const ahead = [entries[folder]?.child ?? -1];
    for (let at = ahead.pop(); at !== undefined; at = ahead.pop()) {
      const entry = entries[at];
      if (entry === undefined || seen.has(at)) continue;
      seen.add(at);
      members.set(entry.name.toUpperCase(), at);
      if (entry.type === FOLDER) open.push(at);
      ahead.push(entry.left, entry.right);
    }
  }
  return folders;
}
