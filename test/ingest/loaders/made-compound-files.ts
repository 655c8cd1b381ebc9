// Compound files, built here so that the repository holds no foreign ones.

/** Streams and folders by their names. */
export interface CompoundTree {
  readonly [name: string]: Uint8Array | CompoundTree;
}

const SECTOR = 512;
const MINI_SECTOR = 64;
const SMALL = 4_096;
const END = 0xfffffffe;
const NONE = 0xffffffff;
const TABLE_SECTOR = 0xfffffffd;

interface Entry {
  readonly name: string;
  readonly type: number;
  readonly content: Uint8Array;
  next: number;
  child: number;
  start: number;
}

/** A compound file with these streams and folders; small streams lie in sectors of 64 bytes, as the format has it. */
export function makeCompoundFile(tree: CompoundTree): Buffer {
  const entries = listEntries(tree);
  const [root] = entries;
  if (root === undefined) throw new Error("a file has a root");
  const sectors: Buffer[] = [];
  const chain: number[] = [];
  const mini: { bytes: Buffer[]; chain: number[] } = { bytes: [], chain: [] };
  const add = (content: Uint8Array): number => {
    const count = Math.ceil(content.length / SECTOR);
    const start = sectors.length;
    for (let index = 0; index < count; index += 1) {
      const sector = Buffer.alloc(SECTOR);
      sector.set(content.subarray(index * SECTOR, (index + 1) * SECTOR));
      sectors.push(sector);
      chain.push(index + 1 < count ? start + index + 1 : END);
    }
    return count === 0 ? END : start;
  };
  for (const entry of entries.filter(({ type }) => type === 2)) {
    if (entry.content.length >= SMALL) entry.start = add(entry.content);
    else entry.start = addMini(mini, entry.content);
  }
  const miniStream = Buffer.concat(mini.bytes);
  root.start = add(miniStream);
  const miniTable = add(numbers(mini.chain));
  const list = add(Buffer.concat(entries.map((entry) => entryBytes(entry, miniStream.length))));
  // The table holds its own sectors as well.
  const tables = Math.ceil((sectors.length + 2) / 127);
  const table = numbers([...chain, ...Array.from({ length: tables }, () => TABLE_SECTOR)]);
  const header = headerBytes({ list, miniTable, miniSectors: Math.ceil(mini.chain.length / 128), tables });
  for (let index = 0; index < tables; index += 1) header.writeUInt32LE(sectors.length + index, 76 + 4 * index);
  const padded = Buffer.alloc(tables * SECTOR, 0xff);
  padded.set(table);
  return Buffer.concat([header, ...sectors, padded]);
}

function listEntries(tree: CompoundTree): Entry[] {
  const entries: Entry[] = [];
  const add = (name: string, value: Uint8Array | CompoundTree, type: number): number => {
    const at = entries.length;
    const content = value instanceof Uint8Array ? value : new Uint8Array(0);
    const entry: Entry = { name, type, content, next: NONE, child: NONE, start: END };
    entries.push(entry);
    let before: Entry | undefined;
    for (const [inner, member] of value instanceof Uint8Array ? [] : Object.entries(value)) {
      const number = add(inner, member, member instanceof Uint8Array ? 2 : 1);
      if (before === undefined) entry.child = number;
      else before.next = number;
      before = entries[number];
    }
    return at;
  };
  add("Root Entry", tree, 5);
  return entries;
}

function addMini(mini: { bytes: Buffer[]; chain: number[] }, content: Uint8Array): number {
  const count = Math.ceil(content.length / MINI_SECTOR);
  const start = mini.chain.length;
  const padded = Buffer.alloc(count * MINI_SECTOR);
  padded.set(content);
  mini.bytes.push(padded);
  for (let index = 0; index < count; index += 1) mini.chain.push(index + 1 < count ? start + index + 1 : END);
  return count === 0 ? END : start;
}

function entryBytes({ name, type, content, next, child, start }: Entry, miniLength: number): Buffer {
  const bytes = Buffer.alloc(128);
  bytes.write(name, "utf16le");
  bytes.writeUInt16LE(2 * name.length + 2, 64);
  bytes.writeUInt8(type, 66);
  bytes.writeUInt32LE(NONE, 68);
  bytes.writeUInt32LE(next, 72);
  bytes.writeUInt32LE(child, 76);
  bytes.writeUInt32LE(start, 116);
  bytes.writeUInt32LE(type === 5 ? miniLength : content.length, 120);
  return bytes;
}

interface Places {
  readonly list: number;
  readonly miniTable: number;
  readonly miniSectors: number;
  readonly tables: number;
}

function headerBytes({ list, miniTable, miniSectors, tables }: Places): Buffer {
  const header = Buffer.alloc(SECTOR, 0xff);
  header.fill(0, 0, 76);
  header.set([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
  header.writeUInt16LE(3, 26);
  header.writeUInt16LE(9, 30);
  header.writeUInt16LE(6, 32);
  header.writeUInt32LE(tables, 44);
  header.writeUInt32LE(list, 48);
  header.writeUInt32LE(SMALL, 56);
  header.writeUInt32LE(miniTable, 60);
  header.writeUInt32LE(miniSectors, 64);
  header.writeUInt32LE(END, 68);
  return header;
}

/** Numbers of four bytes each, as the format writes them. */
export function numbers(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, 4 * index);
  return bytes;
}
