import { Unzip, type UnzipFileInfo, UnzipInflate, unzipSync } from "fflate";
import type { PackedLoaderName } from "./languages.ts";

/** Most bytes that the files taken from one package may have when unpacked. */
const MAX_UNPACKED_BYTES = 200_000_000;
/** Packed bytes that are unpacked at a time: at most some 66 MB come out of it before they are counted. */
const STEP = 65_536;

/** The names of the files in a ZIP package. */
function listPacked(bytes: Uint8Array): readonly string[] {
  const names: string[] = [];
  unzipSync(bytes, {
    filter: ({ name }) => {
      names.push(name);
      return false;
    },
  });
  return names;
}

/** What a ZIP package is: the loader that reads it, or what it is called where none does. */
export type PackedKind = { readonly loader: PackedLoaderName } | { readonly name: string };

/** Parts that say what a package is; some programs number them, or write a leading slash. */
const MAIN_PARTS: readonly (readonly [part: RegExp, kind: PackedKind])[] = [
  [/^word\/document\d*\.xml$/i, { loader: "docx" }],
  [/^xl\/workbook\d*\.bin$/i, { name: "binary Excel workbook (.xlsb); save it as .xlsx" }],
  [/^xl\/workbook\d*\.xml$/i, { loader: "xlsx" }],
  [/^ppt\/presentation\d*\.xml$/i, { loader: "pptx" }],
  [/^META-INF\/container\.xml$/, { loader: "epub" }],
  [
    /^Index(?:\.zip|\/[^/]+\.iwa)$/,
    { name: "Apple Pages, Numbers or Keynote document; export it as .docx, .xlsx or .pptx" },
  ],
];
const OPEN_DOCUMENTS: ReadonlyMap<string, PackedLoaderName> = new Map([
  ["text", "odt"],
  ["presentation", "odp"],
  ["spreadsheet", "ods"],
]);
/** Longest media type that a package is believed to name, in bytes. */
const MAX_TYPE_BYTES = 200;

/** What a ZIP package is, by the names of its files and by what it says about itself. Throws where it is damaged. */
export function packedKind(bytes: Uint8Array): PackedKind {
  const names = listPacked(bytes);
  const plain = names.map((name) => name.replaceAll("\\", "/").replace(/^\/+/, ""));
  // Before the rest: an OpenDocument file may hold files of other kinds, in folders of the same names.
  const kind = openDocumentKind(bytes);
  const openDocument = OPEN_DOCUMENTS.get(kind.replace(/-template$/, ""));
  if (openDocument !== undefined) return { loader: openDocument };
  if (kind !== "") return { name: `OpenDocument ${kind}` };
  const known = MAIN_PARTS.find(([part]) => plain.some((name) => part.test(name)));
  if (known !== undefined) return known[1];
  return {
    name: names.includes("META-INF/MANIFEST.MF") ? "Java archive" : "ZIP archive; unpack it to have its files read",
  };
}

/** What an OpenDocument file says that it is, such as `text` or `graphics`; empty for other packages. */
function openDocumentKind(bytes: Uint8Array): string {
  const filter = ({ name, originalSize }: UnzipFileInfo): boolean =>
    name === "mimetype" && originalSize <= MAX_TYPE_BYTES;
  const type = new TextDecoder().decode(unzipSync(bytes, { filter })["mimetype"]).trim();
  return /^application\/vnd\.oasis\.opendocument\.([a-z-]+)$/.exec(type)?.[1] ?? "";
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
