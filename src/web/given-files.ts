import { isHidden, withoutHidden, type GivenFiles, type NamedFile } from "./upload-batches.ts";

/** What was chosen in a dialogue for files or for a folder. */
export function chosenFiles(files: Iterable<File>): GivenFiles {
  return withoutHidden(Array.from(files, (file) => ({ name: file.webkitRelativePath || file.name, file })));
}

/** What was dropped, with everything in dropped folders. Has to be called while the event is being handled. */
export async function droppedFiles({ items, files }: DataTransfer): Promise<GivenFiles> {
  const entries = Array.from(items, (item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  // A file that a script made is in no file system.
  if (entries.length === 0) return chosenFiles(files);
  const found: NamedFile[] = [];
  let hidden = 0;
  for (const entry of entries) hidden += await collect(entry, found);
  return { files: found, hidden };
}

/** Adds the files of an entry, and gives the number of hidden ones; what was dropped itself was meant. */
async function collect(entry: FileSystemEntry, found: NamedFile[]): Promise<number> {
  if (isFileEntry(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    found.push({ name: entry.fullPath.replace(/^\//, ""), file });
    return 0;
  }
  if (!isFolderEntry(entry)) return 0;
  const reader = entry.createReader();
  let hidden = 0;
  for (;;) {
    // A browser gives a hundred at a time.
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (entries.length === 0) return hidden;
    for (const inner of entries) hidden += isHidden(inner.name) ? 1 : await collect(inner, found);
  }
}

function isFileEntry(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolderEntry(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
