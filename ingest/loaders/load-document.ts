import { createHash } from "node:crypto";
import { open, type FileHandle } from "node:fs/promises";
import type { LoadedDocument } from "../../src/domain/document.ts";
import { errorMessage, systemErrorCode } from "../../src/errors.ts";
import type { FoundFile } from "../find-files.ts";
import { declaredEncoding, decodeText, looksBinary, SNIFF_BYTES } from "./decode-text.ts";
import { loadHtml, MAX_HTML_BYTES } from "./html.ts";
import { extensionOf, formatOf, formatOfMediaType, type KnownFormat, unsupportedFormat } from "./languages.ts";
import type { LoadedText } from "./loader.ts";
import { loadMarkdown } from "./markdown.ts";
import { loadPlainText } from "./plain-text.ts";
import { loadSourceCode } from "./source-code.ts";

/** Largest file in bytes that is read unless a setting says otherwise. */
export const DEFAULT_MAX_FILE_BYTES = 100_000_000;

/** A document, or why there is none. `note` says how it was read where that is out of the ordinary. */
export type LoadOutcome =
  | { readonly status: "loaded"; readonly document: LoadedDocument; readonly note: string }
  | { readonly status: "skipped" | "failed"; readonly reason: string };

/** A source's bytes with what is known about them. */
export interface SourceBytes {
  readonly root: string;
  readonly source: string;
  readonly bytes: Uint8Array;
  /** Decides the format before the name does. */
  readonly mediaType?: string;
}

/** Why a source is skipped, as far as its name and size tell; null where its content decides. */
export function skipReason(
  { source, bytes }: { readonly source: string; readonly bytes: number },
  maxFileBytes: number,
): string | null {
  const unsupported = unsupportedFormat(source);
  if (unsupported !== null) return `not supported yet: ${unsupported}`;
  if (bytes === 0) return "empty file";
  if (bytes > maxFileBytes) {
    return `${bytes.toLocaleString("en")} bytes are more than the ${maxFileBytes.toLocaleString("en")} that maxFileBytes allows`;
  }
  return null;
}

/** Reads and parses a file. Never throws for what is wrong with the file: the outcome says it. */
export async function loadFile(
  file: FoundFile,
  { maxFileBytes, signal }: { readonly maxFileBytes: number; readonly signal?: AbortSignal },
): Promise<LoadOutcome> {
  const reason = skipReason(file, maxFileBytes);
  if (reason !== null) return { status: "skipped", reason };
  let handle: FileHandle | undefined;
  try {
    handle = await open(file.absolutePath);
    const head = new Uint8Array(SNIFF_BYTES);
    const { bytesRead } = await handle.read(head, 0, SNIFF_BYTES, 0);
    if (looksBinary(head.subarray(0, bytesRead))) return { status: "skipped", reason: "binary file" };
    const bytes = await handle.readFile({ signal });
    return loadBytes({ root: file.root, source: file.source, bytes });
  } catch (error) {
    signal?.throwIfAborted();
    return { status: "failed", reason: readFailure(error) };
  } finally {
    await handle?.close();
  }
}

/** What went wrong while a file was read, in words. */
export function readFailure(error: unknown): string {
  const code = systemErrorCode(error);
  if (code === "EACCES" || code === "EPERM") return "permission denied";
  if (code === "ENOENT") return "vanished while it was being read";
  return errorMessage(error);
}

/** Parses a source's bytes. Never throws for what is wrong with them: the outcome says it. */
export function loadBytes({ root, source, bytes, mediaType }: SourceBytes): LoadOutcome {
  if (looksBinary(bytes)) return { status: "skipped", reason: "binary file" };
  const isHtml = ["html", "htm", "xhtml"].includes(extensionOf(source)) || mediaType?.startsWith("text/html") === true;
  const { text, note } = decodeText(bytes, { declared: isHtml ? declaredEncoding(bytes) : null });
  if (text.includes("\0")) return { status: "skipped", reason: "binary file" };
  const firstLine = text.slice(0, 200).split(/[\r\n]/, 1)[0] ?? "";
  const format = (mediaType === undefined ? null : formatOfMediaType(mediaType)) ?? formatOf(source, firstLine);
  if (format.language === "html" && bytes.length > MAX_HTML_BYTES) {
    return { status: "skipped", reason: `a page of more than ${MAX_HTML_BYTES.toLocaleString("en")} bytes; split it` };
  }
  try {
    const loaded = loadText(text, format);
    if (loaded.text.trim() === "") return { status: "skipped", reason: "empty file" };
    return { status: "loaded", document: describe({ root, source, bytes }, format, loaded), note };
  } catch (error) {
    return { status: "failed", reason: `cannot be parsed as ${format.language}: ${errorMessage(error)}` };
  }
}

/** SHA-256 of bytes, in hex. */
export function hashBytes(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function loadText(text: string, format: KnownFormat): LoadedText {
  if (format.language === "markdown") return loadMarkdown(text);
  if (format.language === "html") return loadHtml(text);
  return format.kind === "code" ? loadSourceCode(text) : loadPlainText(text);
}

function describe(
  { root, source, bytes }: SourceBytes,
  format: KnownFormat,
  { text, title }: LoadedText,
): LoadedDocument {
  return {
    root,
    source,
    title,
    mediaType: format.mediaType,
    language: format.language,
    text,
    contentHash: hashBytes(bytes),
    bytes: bytes.length,
    pages: [],
  };
}
