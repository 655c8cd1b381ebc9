import { Unzip, UnzipInflate, unzipSync } from "fflate";

/** Most bytes that the files taken from one package may have when unpacked. */
const MAX_UNPACKED_BYTES = 200_000_000;
/** Packed bytes that are unpacked at a time: at most some 66 MB come out of it before they are counted. */
const STEP = 65_536;

/** The names of the files in a ZIP package. Throws where the package is damaged. */
export function listPacked(bytes: Uint8Array): readonly string[] {
  const names: string[] = [];
  unzipSync(bytes, {
    filter: ({ name }) => {
      names.push(name);
      return false;
    },
  });
  return names;
}

/** What a ZIP package of these files is, by the names of files that each kind has. */
export function packedKind(names: readonly string[]): string {
  const has = new Set(names);
  if (has.has("word/document.xml")) return "docx";
  if (has.has("META-INF/container.xml")) return "epub";
  if (has.has("xl/workbook.xml") || has.has("xl/workbook.bin")) return "Excel workbook";
  if (has.has("ppt/presentation.xml")) return "PowerPoint presentation";
  if (has.has("mimetype") && has.has("content.xml")) return "OpenDocument file";
  if (has.has("META-INF/MANIFEST.MF")) return "Java archive";
  return "ZIP archive";
}

/**
 * Unpacks the files of a ZIP package that are wanted; null where that would be more than is allowed. Counts what really
 * comes out, whatever the package says about its sizes.
 */
export function unpack(
  bytes: Uint8Array,
  wanted: (name: string) => boolean,
  { maxBytes = MAX_UNPACKED_BYTES }: { readonly maxBytes?: number } = {},
): ReadonlyMap<string, Uint8Array> | null {
  const parts = new Map<string, Uint8Array[]>();
  let total = 0;
  const unzip = new Unzip((file) => {
    if (!wanted(file.name)) return;
    const own: Uint8Array[] = [];
    parts.set(file.name, own);
    file.ondata = (error, chunk) => {
      if (error !== null) throw error;
      total += chunk.length;
      if (total <= maxBytes) own.push(chunk);
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  for (let start = 0; start < bytes.length; start += STEP) {
    unzip.push(bytes.subarray(start, start + STEP), start + STEP >= bytes.length);
    if (total > maxBytes) return null;
  }
  return new Map([...parts].map(([name, chunks]) => [name, Buffer.concat(chunks)]));
}
