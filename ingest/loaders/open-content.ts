import { isUtf8 } from "node:buffer";
import { declaredEncoding, decodeText, looksBinary } from "./decode-text.ts";
import { binaryKindOf, isPdf, isRichText, isSurelyBinary } from "./file-kind.ts";
import { extensionOf, formatOf, formatOfMediaType, type KnownFormat, type PackedLoaderName } from "./languages.ts";
import type { PackedKind } from "./packed-files.ts";
import type { LoaderName } from "./run-loader.ts";

/** Largest HTML page that is parsed: its tree takes some twenty times its size. */
export const MAX_HTML_BYTES = 16_000_000;

/** A source's bytes with what is known about them. */
export interface SourceBytes {
  readonly root: string;
  readonly source: string;
  readonly bytes: Uint8Array;
  /** Decides the format before the name does. */
  readonly mediaType?: string;
}

/** What a source holds, ready for its loader. */
export interface OpenedContent {
  readonly content: string | Uint8Array;
  readonly loader: LoaderName;
  readonly format: Pick<KnownFormat, "language" | "mediaType">;
  readonly note: string;
}

const PACKED_MEDIA_TYPES: Readonly<Record<PackedLoaderName, string>> = {
  pdf: "application/pdf",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  odt: "application/vnd.oasis.opendocument.text",
  odp: "application/vnd.oasis.opendocument.presentation",
  ods: "application/vnd.oasis.opendocument.spreadsheet",
  rtf: "application/rtf",
  epub: "application/epub+zip",
};

/**
 * Finds the loader of a source: by its content where that is a known format's, else by its media type and name. Gives the
 * reason where there is none.
 */
export async function openContent({
  source,
  bytes,
  mediaType,
}: SourceBytes): Promise<OpenedContent | { readonly reason: string }> {
  if (isPdf(bytes, source)) return packedContent(bytes, "pdf");
  if (isRichText(bytes)) return packedContent(bytes, "rtf");
  if (isBinary(bytes)) return await openPacked(bytes);
  const isHtml = ["html", "htm", "xhtml"].includes(extensionOf(source)) || mediaType?.startsWith("text/html") === true;
  const charset = /;\s*charset\s*=\s*["']?([\w-]+)/i.exec(mediaType ?? "")?.[1];
  const { text, note } = await decodeText(bytes, { declared: charset ?? (isHtml ? declaredEncoding(bytes) : null) });
  // Zeros beyond the bytes that were looked at.
  if (text.includes("\0")) return { reason: "binary file" };
  const format =
    (mediaType === undefined ? null : formatOfMediaType(mediaType)) ?? formatOf(source, firstLine(text.slice(0, 200)));
  if (format.loader === "html" && bytes.length > MAX_HTML_BYTES) {
    return { reason: `a page of more than ${MAX_HTML_BYTES.toLocaleString("en")} bytes; split it` };
  }
  return { content: text, loader: format.loader, format, note };
}

async function openPacked(bytes: Uint8Array): Promise<OpenedContent | { readonly reason: string }> {
  const { reader } = binaryKindOf(bytes);
  if (reader === "ole") return { reason: oleReason(bytes) };
  if (reader !== "zip") return { reason: unreadableBinary(bytes) ?? "binary file" };
  const { listPacked, packedKind } = await import("./packed-files.ts");
  let kind: PackedKind;
  try {
    kind = packedKind(bytes, listPacked(bytes));
  } catch {
    return { reason: "a damaged ZIP package: its list of files is missing or broken" };
  }
  return "loader" in kind ? packedContent(bytes, kind.loader) : { reason: `not supported: ${kind.name}` };
}

function packedContent(bytes: Uint8Array, loader: PackedLoaderName): OpenedContent {
  return { content: bytes, loader, format: { language: loader, mediaType: PACKED_MEDIA_TYPES[loader] }, note: "" };
}

/** Office files with a password, and those of the time before `.docx`, are packed in the same old way. */
function oleReason(bytes: Uint8Array): string {
  const isEncrypted = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(
    Buffer.from("EncryptedPackage", "utf16le"),
  );
  return isEncrypted
    ? "encrypted: an Office file with a password"
    : "not supported: old Microsoft Office file (.doc, .xls, .ppt); save it as .docx, .xlsx or .pptx";
}

/** Whether the first bytes of a source say that it is no text. */
export function isBinary(bytes: Uint8Array): boolean {
  return looksBinary(bytes) || (isSurelyBinary(bytes) && !isUtf8(bytes));
}

/** Why binary data cannot be read, null where there is a reader for it. */
export function unreadableBinary(head: Uint8Array): string | null {
  const { name, reader } = binaryKindOf(head);
  if (reader !== "none") return null;
  return name === "binary file" ? name : `binary file: ${name}`;
}

/** The first line of a text. */
export function firstLine(text: string): string {
  return text.split(/[\r\n]/, 1)[0] ?? "";
}
