import type { Address, Email } from "postal-mime";
import { errorMessage } from "../../../src/errors.ts";
import { headedEntry } from "../headed-entry.ts";
import { htmlToMarkdown } from "../html.ts";
import { type LoadedText, tidyTitle } from "../loader.ts";
import { isMailbox, splitMailbox } from "./mailbox.ts";

/** Length of a plain text from which it is taken for the whole mail; shorter ones often only say that the mail is HTML. */
const ENOUGH_TEXT = 200;
/** Names of files that a note lists. */
const FILES_NAMED = 5;
/** In Thunderbird's `X-Mozilla-Status`: deleted, but still in the file until the folder is compacted. */
const EXPUNGED = 0x8;

/**
 * A mail (`.eml`, `.emlx`) or a mailbox (`.mbox`) as Markdown: a heading with the subject, sender, receivers, date and the
 * names of attachments as a list, then the text. What attached files hold is not read.
 */
export async function loadMail(bytes: Uint8Array): Promise<LoadedText> {
  const { default: PostalMime } = await import("postal-mime");
  const mails = isMailbox(bytes) ? splitMailbox(bytes) : [withoutAppleFrame(bytes)];
  const parts: string[] = [];
  const attached: string[] = [];
  const notes: string[] = [];
  let subject: string | undefined;
  let deleted = 0;
  let number = 0;
  for (const raw of mails) {
    number += 1;
    let mail: Email;
    try {
      mail = await PostalMime.parse(raw);
    } catch (error) {
      notes.push(`mail ${number} cannot be read: ${errorMessage(error)}`);
      continue;
    }
    if ((Number.parseInt(headerOf(mail, "x-mozilla-status") ?? "0", 16) & EXPUNGED) !== 0) deleted += 1;
    else {
      subject = mail.subject;
      const files = attachedFiles(mail);
      attached.push(...files);
      parts.push(renderMail(mail, files));
    }
  }
  if (deleted > 0) notes.push(`${deleted} deleted ${deleted === 1 ? "mail" : "mails"} left out`);
  if (attached.length > 0) notes.push(attachmentNote(attached));
  return { text: parts.join("\n"), title: isMailbox(bytes) ? null : tidyTitle(subject), notes };
}

function renderMail(mail: Email, files: readonly string[]): string {
  const facts: readonly (readonly [string, string])[] = [
    ["From", people(mail.from === undefined ? [] : [mail.from])],
    ["To", people(mail.to)],
    ["Cc", people(mail.cc)],
    // As it was written: the weekday and the sender's own time.
    ["Date", headerOf(mail, "date") ?? ""],
    ["Attachments", files.join(", ")],
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

/** Names of what is attached, without the pictures that the text shows. */
function attachedFiles({ attachments }: Email): readonly string[] {
  return attachments
    .filter(({ related }) => related !== true)
    .map(({ filename, mimeType }) => oneLine(filename ?? mimeType));
}

function attachmentNote(files: readonly string[]): string {
  const more = files.length > FILES_NAMED ? ` and ${files.length - FILES_NAMED} more` : "";
  return `attached files are not read, save them to have them read: ${files.slice(0, FILES_NAMED).join(", ")}${more}`;
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
