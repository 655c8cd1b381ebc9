import { isUtf8 } from "node:buffer";
import type { CompoundKind } from "./compound-kind.ts";
import { declaredEncoding, decodeText, looksBinary } from "./decode-text.ts";
import { binaryKindOf, isPdf, isRichText, isSurelyBinary } from "./file-kind.ts";
import { guessMarkup } from "./guess-markup.ts";
import {
  extensionOf,
  formatOf,
  formatOfMediaType,
  type KnownFormat,
  type LoaderName,
  type PackedLoaderName,
} from "./languages.ts";
import { looksLikeChat } from "./messages/chat-kind.ts";
import { messageKindOf } from "./messages/message-kind.ts";
import type { PackedKind } from "./packed-files.ts";

/** Largest HTML page that is parsed: its tree takes some twenty times its size. */
export const MAX_HTML_BYTES = 16_000_000;

/** What stands in a file's place until Git LFS has fetched it. */
const LFS_POINTER = /^version https:\/\/git-lfs\.github\.com\/spec\/v\d+\r?\n(?:[a-z\d.-]+ \S+\r?\n)*size (\d+)\s*$/;
/** Largest such pointer in bytes, as its specification says. */
const MAX_POINTER_BYTES = 1_024;

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

/** Why a source has no loader. */
export interface Unopened {
  readonly reason: string;
  /** Whether it is of a kind that could be read if it were whole. Default: no. */
  readonly isDamaged?: boolean;
}

/** Names of files that are ZIP packages with text in them. */
const PACKED_NAME = /\.(?:do[ct][xm]|xl[st][xm]|p[op]t[xm]|pps[xm]|o[dt][tsp]|epub)$/i;

/** Names of old Office files and Outlook messages that could be read if they were whole. */
const COMPOUND_NAME = /\.(?:do[ct]|xl[st]|msg)$/i;

const PACKED_MEDIA_TYPES: Readonly<Record<PackedLoaderName, string>> = {
  pdf: "application/pdf",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  odt: "application/vnd.oasis.opendocument.text",
  odp: "application/vnd.oasis.opendocument.presentation",
  ods: "application/vnd.oasis.opendocument.spreadsheet",
  rtf: "application/rtf",
  doc: "application/msword",
  xls: "application/vnd.ms-excel",
  epub: "application/epub+zip",
  mail: "message/rfc822",
  "web-archive": "multipart/related",
};

/** How the export of a chat program is read, which its name does not tell from other JSON. */
const CHAT: Pick<OpenedContent, "loader" | "format"> = {
  loader: "chat",
  format: { language: "chat", mediaType: "application/json" },
};

/**
 * Finds the loader of a source: by its content where that is a known format's, else by its media type and name. Gives the
 * reason where there is none.
 */
export async function openContent({
  source,
  bytes,
  mediaType,
}: Omit<SourceBytes, "root">): Promise<OpenedContent | Unopened> {
  const pointer = pointerReason(bytes);
  if (pointer !== null) return { reason: pointer };
  if (isPdf(bytes, source)) return packedContent(bytes, "pdf");
  if (isRichText(bytes)) return packedContent(bytes, "rtf");
  if (isBinary(bytes)) return await openPacked(bytes, source);
  const message = messageKindOf(bytes, source);
  if (message !== null) return packedContent(bytes, message);
  const isHtml = ["html", "htm", "xhtml"].includes(extensionOf(source)) || mediaType?.startsWith("text/html") === true;
  const charset = /;\s*charset\s*=\s*["']?([\w-]+)/i.exec(mediaType ?? "")?.[1];
  const { text, note } = await decodeText(bytes, { declared: charset ?? (isHtml ? declaredEncoding(bytes) : null) });
  // Zeros beyond the bytes that were looked at.
  if (text.includes("\0")) return { reason: "binary file" };
  const named =
    (mediaType === undefined ? null : formatOfMediaType(mediaType)) ?? formatOf(source, firstLine(text.slice(0, 200)));
  const format = named.language === "text" && named.loader === "plain" ? (guessMarkup(text) ?? named) : named;
  if (format.loader === "html" && bytes.length > MAX_HTML_BYTES) {
    return { reason: `a page of more than ${MAX_HTML_BYTES.toLocaleString("en")} bytes; split it` };
  }
  if (format.loader === "json" && looksLikeChat(text)) return { content: text, ...CHAT, note };
  return { content: text, loader: format.loader, format, note };
}

/** Why a file that Git LFS keeps elsewhere is skipped; null for any other. */
function pointerReason(bytes: Uint8Array): string | null {
  if (bytes.length > MAX_POINTER_BYTES) return null;
  const size = LFS_POINTER.exec(new TextDecoder().decode(bytes))?.[1];
  if (size === undefined) return null;
  return `a pointer of Git LFS to a file of ${Number(size).toLocaleString("en")} bytes, which is not here; fetch it with \`git lfs pull\``;
}

async function openPacked(bytes: Uint8Array, source: string): Promise<OpenedContent | Unopened> {
  const { reader } = binaryKindOf(bytes);
  if (reader === "compound") return await openCompound(bytes, source);
  if (reader !== "zip") return { reason: unreadableBinary(bytes) ?? "binary file" };
  const { packedKind } = await import("./packed-files.ts");
  let kind: PackedKind;
  try {
    kind = packedKind(bytes);
  } catch {
    const reason = "a damaged ZIP package: its list of files is missing or broken";
    return { reason, isDamaged: PACKED_NAME.test(source) };
  }
  return "loader" in kind ? packedContent(bytes, kind.loader) : { reason: `not supported: ${kind.name}` };
}

function packedContent(bytes: Uint8Array, loader: PackedLoaderName): OpenedContent {
  return { content: bytes, loader, format: { language: loader, mediaType: PACKED_MEDIA_TYPES[loader] }, note: "" };
}

/** Office files with a password, those of the time before `.docx`, and Outlook's messages are packed in the same old way. */
async function openCompound(bytes: Uint8Array, source: string): Promise<OpenedContent | Unopened> {
  const { compoundKind } = await import("./compound-kind.ts");
  let kind: CompoundKind;
  try {
    kind = compoundKind(bytes);
  } catch {
    const reason = "a damaged old Office file or Outlook message: its list of parts is missing or broken";
    return { reason, isDamaged: COMPOUND_NAME.test(source) };
  }
  if ("reason" in kind) return kind;
  const opened = packedContent(bytes, kind.loader);
  const { mediaType = opened.format.mediaType } = kind;
  return { ...opened, format: { ...opened.format, mediaType } };
}

/** Whether the first bytes of a source say that it is no text. */
export function isBinary(bytes: Uint8Array): boolean {
  return looksBinary(bytes) || (isSurelyBinary(bytes) && !isUtf8(bytes));
}

/** Why binary data cannot be read, null where there is a reader for it. */
export function unreadableBinary(head: Uint8Array): string | null {
  const { name, reader, advice } = binaryKindOf(head);
  if (reader !== "none") return null;
  return name === "binary file" ? name : `binary file: ${name}${advice === "" ? "" : `; ${advice}`}`;
}

/** The first line of a text. */
export function firstLine(text: string): string {
  return text.split(/[\r\n]/, 1)[0] ?? "";
}
