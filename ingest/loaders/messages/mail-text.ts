import type { AttachedReader } from "../attached-files.ts";
import { headedEntry } from "../headed-entry.ts";
import { htmlToMarkdown } from "../html.ts";
import { attachedNames, attachmentNotes, type MailAttachment, readAttachments, unreadNote } from "./attachments.ts";
import { oneLine } from "../../../src/domain/one-line.ts";

/** A mail, whatever program wrote it. */
export interface MailMessage {
  readonly subject: string;
  readonly from: string;
  readonly to: string;
  readonly cc: string;
  /** As it was written: the weekday and the sender's own time. */
  readonly date: string;
  /** Plain text; empty where there is none. */
  readonly text: string;
  /** The same text as a page; empty where there is none. */
  readonly html: string;
  readonly attachments: readonly MailAttachment[];
}

/** Writes mails one after the other. */
export interface MailWriter {
  add(mail: MailMessage): Promise<void>;
  /** The text of all mails, and what a reader should know about them. */
  finish(): { readonly text: string; readonly notes: readonly string[] };
}

/**
 * From this length on, a mail's plain text counts as the whole mail; shorter ones often only say that the mail is HTML.
 */
const ENOUGH_TEXT = 200;

/** A writer that reads what is attached as well; without a reader attached files are only named. */
export function createMailWriter(reader: AttachedReader | null): MailWriter {
  const parts: string[] = [];
  const unread: string[] = [];
  const fileNotes: string[] = [];
  return {
    async add(mail) {
      parts.push(renderMail(mail));
      if (reader === null) {
        unread.push(...attachedNames(mail.attachments));
        return;
      }
      const attached = await readAttachments(mail.attachments, reader);
      parts.push(...attached.texts);
      unread.push(...attached.unread);
      fileNotes.push(...attached.notes);
    },
    finish: () => ({ text: parts.join("\n"), notes: [...unreadNote(unread), ...attachmentNotes(fileNotes)] }),
  };
}

function renderMail(mail: MailMessage): string {
  const facts: readonly (readonly [string, string])[] = [
    ["From", mail.from],
    ["To", mail.to],
    ["Cc", mail.cc],
    ["Date", mail.date],
    ["Attachments", attachedNames(mail.attachments).join(", ")],
  ];
  return headedEntry(`# ${oneLine(mail.subject) || "(no subject)"}`, {
    facts: facts.map(([name, value]) => [name, oneLine(value)]),
    body: bodyOf(mail),
  });
}

function bodyOf({ text, html }: MailMessage): string {
  const plain = text.replaceAll("\r\n", "\n").trim();
  if (html === "" || plain.length >= ENOUGH_TEXT) return plain;
  const shown = htmlToMarkdown(html).trim();
  return shown.length > plain.length ? shown : plain;
}
