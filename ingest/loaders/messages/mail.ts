import type { Address, Email } from "postal-mime";
import { errorMessage } from "../../../src/errors.ts";
import type { AttachedReader } from "../attached-files.ts";
import { headedEntry } from "../headed-entry.ts";
import { htmlToMarkdown } from "../html.ts";
import { type LoadedText, tidyTitle } from "../loader.ts";
import { attachedNames, attachmentNotes, readAttachments, unreadNote } from "./attachments.ts";
import { isMailbox, splitMailbox } from "./mailbox.ts";

/** Length of a plain text from which it is taken for the whole mail; shorter ones often only say that the mail is HTML. */
const ENOUGH_TEXT = 200;
/** In Thunderbird's `X-Mozilla-Status`: deleted, but still in the file until the folder is compacted. */
const EXPUNGED = 0x8;

/**
 * A mail (`.eml`, `.emlx`) or a mailbox (`.mbox`) as Markdown: a heading with the subject, sender, receivers, date and the
 * names of attachments as a list, then the text, then what is attached, each file under a heading with its name. Without
 * a reader attached files are only named.
 */
export async function loadMail(bytes: Uint8Array, reader: AttachedReader | null = null): Promise<LoadedText> {
  const { default: PostalMime } = await import("postal-mime");
  const mails = isMailbox(bytes) ? splitMailbox(bytes) : [withoutAppleFrame(bytes)];
  const found: FoundInMails = { parts: [], unread: [], notes: [], fileNotes: [] };
  let subject: string | undefined;
  let deleted = 0;
  let number = 0;
  for (const raw of mails) {
    number += 1;
    let mail: Email;
    try {
      mail = await PostalMime.parse(raw, { forceRfc822Attachments: true });
    } catch (error) {
      found.notes.push(`mail ${number} cannot be read: ${errorMessage(error)}`);
      continue;
    }
    if ((Number.parseInt(headerOf(mail, "x-mozilla-status") ?? "0", 16) & EXPUNGED) !== 0) deleted += 1;
    else {
      subject = mail.subject;
      await takeMail(found, mail, reader);
    }
  }
  const { parts, notes } = found;
  if (deleted > 0) notes.push(`${deleted} deleted ${deleted === 1 ? "mail" : "mails"} left out`);
  notes.push(...unreadNote(found.unread), ...attachmentNotes(found.fileNotes));
  return { text: parts.join("\n"), title: isMailbox(bytes) ? null : tidyTitle(subject), notes };
}

interface FoundInMails {
  readonly parts: string[];
  /** Attached files that are not read. */
  readonly unread: string[];
  readonly notes: string[];
  /** Notes about attached files that are read. */
  readonly fileNotes: string[];
}

async function takeMail(
  { parts, unread, fileNotes }: FoundInMails,
  mail: Email,
  reader: AttachedReader | null,
): Promise<void> {
  parts.push(renderMail(mail));
  if (reader === null) {
    unread.push(...attachedNames(mail));
    return;
  }
  const attached = await readAttachments(mail, reader);
  parts.push(...attached.texts);
  unread.push(...attached.unread);
  fileNotes.push(...attached.notes);
}

function renderMail(mail: Email): string {
  const facts: readonly (readonly [string, string])[] = [
    ["From", people(mail.from === undefined ? [] : [mail.from])],
    ["To", people(mail.to)],
    ["Cc", people(mail.cc)],
    // As it was written: the weekday and the sender's own time.
    ["Date", headerOf(mail, "date") ?? ""],
    ["Attachments", attachedNames(mail).join(", ")],
  ];
  return headedEntry(`# ${oneLine(mail.subject ?? "") || "(no subject)"}`, {
    facts: facts.map(([name, value]) => [name, oneLine(value)]),
    body: bodyOf(mail),
  });
}

function bodyOf({ text = "", html }: Email): string {
  const plain = text.replaceAll("\r\n", "\n").trim();
  if (html === undefined || plain.length >= ENOUGH_TEXT) return plain;
  const shown = htmlToMarkdown(html).trim();
  return shown.length > plain.length ? shown : plain;
}

function people(addresses: readonly Address[] = []): string {
  return addresses
    .map(({ name, address, group }) => {
      if (group !== undefined) return `${name}: ${people(group)}`;
      return name === "" || name === address ? address : `${name} <${address}>`;
    })
    .join(", ");
}

function headerOf({ headers }: Email, name: string): string | undefined {
  return headers.find(({ key }) => key === name)?.value;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

/** Apple Mail writes the number of the mail's bytes before it, and a list of properties behind it. */
function withoutAppleFrame(bytes: Uint8Array): Uint8Array {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 32)).toString("latin1");
  const [line, digits] = /^(\d+)[ \t]*\r?\n/.exec(head) ?? [];
  if (line === undefined) return bytes;
  return bytes.subarray(line.length, line.length + Number(digits));
}
