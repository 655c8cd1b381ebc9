import { hashOf } from "../../identity.ts";
import type { AttachedFile, AttachedPart, AttachedReader, AttachedText } from "../attached-files.ts";
import { fencedCode } from "../fenced-code.ts";
import { extensionOf, hasMarkdownHeadings, isProse } from "../languages.ts";
import { lowerHeadings } from "../lower-headings.ts";
import { oneLine } from "../../../src/domain/one-line.ts";

/** Levels of the headings above what is attached: the mail's, and the file's. */
const LEVELS_ABOVE = 2;
/** Files that a note lists. */
const FILES_NAMED = 5;
/** Attachments that programs make for programs: signatures, encrypted twins, keys. */
const TECHNICAL = /^application\/(?:pgp-(?:signature|keys|encrypted)|(?:x-)?pkcs7-signature)$/;

/** A file that is attached to a mail, or a picture in its text. */
export interface MailAttachment {
  readonly filename: string | null;
  readonly mimeType: string;
  readonly disposition: string | null;
  /** Whether the text shows it. */
  readonly related: boolean;
  /** Its bytes, or a function that reads it if it has none of its own; a string is a part of the mail's text. */
  readonly content: ArrayBuffer | Uint8Array | string | AttachedPart["load"];
}

/** The texts of attachments that were read, and the names of others. */
export interface AttachmentTexts {
  /** One text a file, each with a heading. */
  readonly texts: readonly string[];
  /** Names with the reason in brackets. */
  readonly unread: readonly string[];
  /** What is unusual about those that were read. */
  readonly notes: readonly string[];
}

/** Names of what is attached to a mail, without the pictures that its text shows. */
export function attachedNames(attachments: readonly MailAttachment[]): readonly string[] {
  return attachments.filter(({ related }) => !related).map(nameOf);
}

/** Reads what is attached to a mail, the same file once. Pictures in its text are no files of their own. */
export async function readAttachments(
  attachments: readonly MailAttachment[],
  reader: AttachedReader,
): Promise<AttachmentTexts> {
  const texts: string[] = [];
  const unread: string[] = [];
  const notes: string[] = [];
  const seen = new Set<string>();
  for (const attachment of attachments) {
    const file = isPartOfText(attachment) ? null : fileOf(attachment);
    if (file === null) continue;
    const hash = "bytes" in file ? hashOf(file.bytes) : null;
    if (hash !== null && seen.has(hash)) continue;
    if (hash !== null) seen.add(hash);
    const name = nameOf(attachment);
    const loaded = await reader.read(file);
    if ("unreadable" in loaded) {
      unread.push(`${name} (${loaded.unreadable})`);
      continue;
    }
    texts.push(`## ${name}\n\n${belowHeading(loaded)}\n`);
    notes.push(...(loaded.notes ?? []).map((note) => `${name}: ${note}`));
  }
  return { texts, unread, notes };
}

/** A note about files that were not read; none where all were. */
export function unreadNote(unread: readonly string[]): readonly string[] {
  return unread.length === 0 ? [] : [`attached files that were not read: ${firstOf(unread, ", ")}`];
}

/** The first notes about files that were read. */
export function attachmentNotes(notes: readonly string[]): readonly string[] {
  return notes.length === 0 ? [] : [`attached: ${firstOf(notes, "; ")}`];
}

function firstOf(entries: readonly string[], separator: string): string {
  const more = entries.length > FILES_NAMED ? `${separator}and ${entries.length - FILES_NAMED} more` : "";
  return entries.slice(0, FILES_NAMED).join(separator) + more;
}

/** The readable content of an attachment; null for a part of the mail. */
function fileOf({ content, mimeType, filename }: MailAttachment): AttachedFile | AttachedPart | null {
  if (typeof content === "string") return null;
  const name = nameOf({ mimeType, filename });
  if (typeof content === "function") return { name, load: content };
  const bytes = new Uint8Array(content);
  return { name: sourceOf(name, mimeType), bytes, mediaType: filename === null ? mimeType : undefined };
}

/** Whether something is shown within the mail or is about its transport, so that nobody misses it as a file. */
function isPartOfText({ related, mimeType, disposition }: MailAttachment): boolean {
  if (related || TECHNICAL.test(mimeType)) return true;
  return mimeType.startsWith("image/") && disposition !== "attachment";
}

function nameOf({ filename, mimeType }: Pick<MailAttachment, "filename" | "mimeType">): string {
  const written = oneLine(filename ?? "");
  return written !== "" ? written : mimeType === "message/rfc822" ? "attached mail" : mimeType;
}

/** The name that an attached file is read by. A mail is often named after its subject, without an ending. */
function sourceOf(name: string, mimeType: string): string {
  return mimeType === "message/rfc822" && extensionOf(name) !== "eml" ? `${name}.eml` : name;
}

/** A file's text as it stands under its heading: code between fences, headings lower than those above. */
function belowHeading({ text, language }: AttachedText): string {
  const content = text.trim();
  if (!isProse(language)) return fencedCode(content, language);
  return hasMarkdownHeadings(language) ? lowerHeadings(content, LEVELS_ABOVE) : content;
}
