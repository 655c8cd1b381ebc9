import { type FileHandle, open, realpath } from "node:fs/promises";
import path from "node:path";
import type { LoadedDocument } from "../../src/domain/document.ts";
import { errorMessage, systemErrorCode } from "../../src/errors.ts";
import { type FoundFile, isBelow, OUTSIDE_REASON } from "../find-files.ts";
import { hashOf } from "../identity.ts";
import { joinNotes } from "../join-notes.ts";
import { redactMetadata } from "../secrets/redact-metadata.ts";
import { redactSecrets } from "../secrets/redact-secrets.ts";
import { secretFileReason } from "../secrets/secret-files.ts";
import { secretsHash } from "../secrets/secrets-hash.ts";
import { SNIFF_BYTES } from "./decode-text.ts";
import { isPdf, isRichText } from "./file-kind.ts";
import { titleFromFirstLine } from "./first-line-title.ts";
import { hasBinaryName, isNamedByPath } from "./languages.ts";
import { createLoadThread, retryMailsAlone } from "./load-apart.ts";
import type { LoadedText, Unreadable } from "./loader.ts";
import {
  firstLine,
  isBinary,
  openContent,
  unreadableBinary,
  type OpenedContent,
  type SourceBytes,
} from "./open-content.ts";
import { runLoader } from "./run-loader.ts";
import { isNestedDeeperThan } from "./tag-depth.ts";
import { titleFromName, withDayOfName } from "./title-from-name.ts";

/** Largest file in bytes that is read unless a setting says otherwise. */
export const DEFAULT_MAX_FILE_BYTES = 100_000_000;
/** From this length on, a text is parsed in a thread of its own, in characters. */
const LARGE_TEXT = 200_000;
/** Longest text that gets its file's name as a title, in characters: some ten pages. */
const LONGEST_NOTE = 20_000;
/** From this nesting on, even a small page may take long to parse, and is parsed in a thread of its own. */
const DEEP_PAGE = 60;

/** Office programs put a file with such a name, which holds the user's name, beside an open document. */
const OPEN_MARK = /(?:^|\/)(?:~\$[^/]*\.(?:docx?|docm|dotx?|xlsx?|xlsm|pptx?|pptm)|\.~lock\.[^/]*#)$/i;

/** A document, or why there is none. `note` says how it was read if that is unusual. */
export type LoadOutcome =
  | { readonly status: "loaded"; readonly document: LoadedDocument; readonly note: string }
  | { readonly status: "skipped" | "failed"; readonly reason: string };

/** Options of {@link loadBytes}. */
export interface LoadOptions {
  /**
   * Whether passwords and keys stay in the text, and files that consist of them are read.
   * @default false
   */
  readonly allowSecrets?: boolean;
  readonly signal?: AbortSignal;
}

/** Options of {@link skipReason}. */
export interface SkipOptions extends Pick<LoadOptions, "allowSecrets"> {
  readonly maxFileBytes: number;
}

const loadThread = retryMailsAlone(createLoadThread());

/** Why a source is skipped, as far as its name and size tell; null where its content decides. */
export function skipReason(
  { source, bytes }: { readonly source: string; readonly bytes: number },
  { maxFileBytes, allowSecrets = false }: SkipOptions,
): string | null {
  const secretFile = allowSecrets ? null : secretFileReason(source);
  if (secretFile !== null) return secretFile;
  if (bytes === 0) return "empty file";
  if (OPEN_MARK.test(source)) return "a mark of an Office program that a document is open; it holds no text";
  if (bytes > maxFileBytes) {
    return `${bytes.toLocaleString("en")} bytes are more than the ${maxFileBytes.toLocaleString("en")} that maxFileBytes allows; raise that setting (CITEWELL_MAX_FILE_BYTES), or split the file`;
  }
  return null;
}

/**
 * Why a file with the name of an image, a film, an archive or the like is skipped: its first bytes say what it is. Null for
 * other names, and where the content is not what the name says.
 */
export async function binarySkipReason({ source, absolutePath }: FoundFile): Promise<string | null> {
  if (!hasBinaryName(source)) return null;
  try {
    await using handle = await open(absolutePath);
    const head = await readHead(handle);
    return isBinary(head) ? unreadableBinary(head) : null;
  } catch {
    // A file that cannot be opened is reported when it is read.
    return null;
  }
}

/** Reads and parses a file. Never throws for a fault of the file: the outcome tells it. */
export async function loadFile(
  file: FoundFile,
  { maxFileBytes, allowSecrets, signal }: SkipOptions & LoadOptions,
): Promise<LoadOutcome> {
  const reason = skipReason(file, { maxFileBytes, allowSecrets });
  if (reason !== null) return { status: "skipped", reason };
  try {
    await using handle = await open(file.absolutePath);
    if (await leadsOutOf(file)) return { status: "skipped", reason: OUTSIDE_REASON };
    const head = await readHead(handle);
    const unreadable = isBinary(head) && !isPdf(head, file.source) && !isRichText(head) ? unreadableBinary(head) : null;
    if (unreadable !== null) return { status: "skipped", reason: unreadable };
    const bytes = await handle.readFile({ signal });
    return await loadBytes({ root: file.root, source: file.source, bytes }, { allowSecrets, signal });
  } catch (error) {
    signal?.throwIfAborted();
    return { status: "failed", reason: readFailure(error) };
  }
}

/** Whether a file, or a folder above it, has become a link to somewhere else since it was found. */
async function leadsOutOf({ root, absolutePath }: FoundFile): Promise<boolean> {
  if (path.relative(root, absolutePath) === "") return false;
  const [realRoot, real] = await Promise.all([realpath(root), realpath(absolutePath)]);
  return !isBelow(realRoot, real);
}

/** Says what went wrong while a file was read. */
export function readFailure(error: unknown): string {
  const code = systemErrorCode(error);
  if (code === "EACCES" || code === "EPERM") return "permission denied";
  // Office programs on Windows lock what they have open.
  if (code === "EBUSY") return "another program has it open and lets nobody else read it; close it there";
  if (code === "ENOENT") return "vanished while it was being read";
  if (code === "ERR_STRING_TOO_LONG" || code === "ERR_FS_FILE_TOO_LARGE")
    return "too large to be read at once; split it";
  return errorMessage(error);
}

/**
 * Parses a source's bytes, by the format that its content shows, else by its media type and name. Never throws for a
 * fault of the bytes: the outcome tells it. An abort throws its reason.
 */
export async function loadBytes(source: SourceBytes, options: LoadOptions = {}): Promise<LoadOutcome> {
  const opened = await openContent(source);
  if ("reason" in opened) return { status: opened.isDamaged === true ? "failed" : "skipped", reason: opened.reason };
  const { content, loader, format, note } = opened;
  let loaded: LoadedText | Unreadable;
  try {
    const isHeavy =
      typeof content !== "string" ||
      content.length > LARGE_TEXT ||
      (loader === "html" && isNestedDeeperThan(DEEP_PAGE, content));
    const apart = isHeavy && loader !== "plain" && loader !== "markdown";
    loaded = await (apart ? loadThread.load({ loader, content }, options) : runLoader(loader, content));
  } catch (error) {
    options.signal?.throwIfAborted();
    return { status: "failed", reason: `cannot be read as ${format.language}: ${firstLine(errorMessage(error))}` };
  }
  if ("unreadable" in loaded) return { status: "skipped", reason: loaded.unreadable };
  if (loaded.text.trim() === "")
    return { status: "skipped", reason: typeof content === "string" ? "empty file" : "no text in it" };
  return await finish(source, {
    loaded,
    format: loaded.format ?? format,
    note,
    allowSecrets: options.allowSecrets ?? false,
  });
}

/** What of a document says which title it gets. */
interface Titled {
  readonly source: string;
  readonly language: string;
  readonly text: string;
  readonly hasPages: boolean;
}

/** The title of a document; prose gets the day with it that only its file's name has. */
function titleOf(title: string | null, document: Titled): string | null {
  const own = title ?? guessTitle(document);
  return own === null || isNamedByPath(document.language) ? own : withDayOfName(own, document.source);
}

/**
 * A title for a text that names none: its first line, or its file's name. Null for code, and for a long text, which says
 * itself what it is about, in other words at each place; unless it has pages, since these are contracts, statutes and
 * reports, which are of one kind and told apart by whose they are.
 */
function guessTitle({ source, language, text, hasPages }: Titled): string | null {
  if (isNamedByPath(language) || (text.length > LONGEST_NOTE && !hasPages)) return null;
  return (language === "text" ? titleFromFirstLine(text) : null) ?? titleFromName(source);
}

async function readHead(handle: FileHandle): Promise<Uint8Array> {
  const head = new Uint8Array(SNIFF_BYTES);
  const { bytesRead } = await handle.read(head, 0, SNIFF_BYTES, 0);
  return head.subarray(0, bytesRead);
}

async function finish(
  { root, source, bytes }: SourceBytes,
  {
    loaded,
    format,
    note,
    allowSecrets,
  }: Pick<OpenedContent, "format" | "note"> & { readonly loaded: LoadedText; readonly allowSecrets: boolean },
): Promise<LoadOutcome> {
  const cleaned = await redactSecrets({ text: loaded.text, title: loaded.title }, { source, allowSecrets });
  if (cleaned.skip !== null) return { status: "skipped", reason: cleaned.skip };
  // Its secrets are also secrets of the text, which the note and the hash report already.
  const said = loaded.metadata && (await redactMetadata(loaded.metadata, { source, allowSecrets }));
  const { text } = cleaned;
  const { language, mediaType } = format;
  const document: LoadedDocument = {
    root,
    source,
    title: titleOf(cleaned.title, { source, language, text, hasPages: loaded.pages !== undefined }),
    mediaType,
    language,
    text,
    contentHash: secretsHash(hashOf(bytes), cleaned.secrets === 0 ? "none" : allowSecrets ? "kept" : "redacted"),
    bytes: bytes.length,
    pages: loaded.pages ?? [],
    ...(said && { metadata: said.metadata }),
  };
  return { status: "loaded", document, note: joinNotes(note, ...(loaded.notes ?? []), cleaned.note) };
}
