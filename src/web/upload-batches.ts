/** A file with the name that it is stored under: its path, where it comes from a folder. */
export interface NamedFile {
  readonly name: string;
  readonly file: File;
}

/** Files that were chosen or dropped, and how many hidden files and folders were left out beside them. */
export interface GivenFiles {
  readonly files: readonly NamedFile[];
  readonly hidden: number;
}

/** Bytes and files that are sent at once. A server takes 100 MB; small steps show how far they have come. */
const BATCH_BYTES = 20_000_000;
const BATCH_FILES = 50;

/** Leaves out what a folder hides (`.git`, `.DS_Store`); a hidden file that was named by itself is meant. */
export function withoutHidden(files: readonly NamedFile[]): GivenFiles {
  const shown = files.filter(({ name }) => !name.split("/").slice(1).some(isHidden));
  return { files: shown, hidden: files.length - shown.length };
}

/** Whether systems hide a file or folder of this name. */
export function isHidden(name: string): boolean {
  return name.startsWith(".");
}

/** The files in parts that can be sent one after the other; no part holds a name twice. */
export function batchesOf(files: readonly NamedFile[]): readonly (readonly NamedFile[])[] {
  const batches: NamedFile[][] = [];
  let bytes = 0;
  for (const one of files) {
    const last = batches.at(-1) ?? [];
    const isFull = last.length === BATCH_FILES || bytes + one.file.size > BATCH_BYTES;
    if (last.length === 0 || isFull || last.some(({ name }) => name === one.name)) {
      batches.push([one]);
      bytes = one.file.size;
    } else {
      last.push(one);
      bytes += one.file.size;
    }
  }
  return batches;
}
