import type { Address, Email } from "postal-mime";
import { errorMessage } from "../../../src/errors.ts";
import { asBuffer } from "../as-buffer.ts";
import type { AttachedReader } from "../attached-files.ts";
import { isCompoundFile } from "../file-kind.ts";
import { type LoadedText, tidyTitle } from "../loader.ts";
import { createMailWriter, type MailMessage } from "./mail-text.ts";
import { isMailbox, splitMailbox } from "./mailbox.ts";

/** In Thunderbird's `X-Mozilla-Status`: deleted, but still in the file until the folder is compacted. */
const EXPUNGED = 0x8;

/**
 * A mail (`.eml`, `.emlx`, Outlook's `.msg`) or a mailbox (`.mbox`) as Markdown: a heading with the subject, sender, receivers, date and the
 * names of attachments as a list, then the text, then what is attached, each file under a heading with its name. Without
 * a reader attached files are only named.
 */
export async function loadMail(bytes: Uint8Array, reader: AttachedReader | null = null): Promise<LoadedText> {
  if (isCompoundFile(bytes)) return await (await import("./outlook-message.ts")).loadOutlookMessage(bytes, reader);
  const { default: PostalMime } = await import("postal-mime");
  const hasMany = isMailbox(bytes);
  const mails = hasMany ? splitMailbox(bytes) : [withoutAppleFrame(bytes)];
  const writer = createMailWriter(reader);
  const notes: string[] = [];
  let subject: string | undefined;
  let deleted = 0;
  let number = 0;
  for (const raw of mails) {
    number += 1;
    let mail: Email;
    try {
      mail = await PostalMime.parse(raw, { forceRfc822Attachments: true });
    } catch (error) {
      notes.push(`mail ${number} cannot be read: ${errorMessage(error)}`);
      continue;
    }
    if ((Number.parseInt(headerOf(mail, "x-mozilla-status") ?? "0", 16) & EXPUNGED) !== 0) deleted += 1;
    else {
      subject = mail.subject;
      await writer.add(messageOf(mail));
    }
  }
  if (deleted > 0) notes.push(`${deleted} deleted ${deleted === 1 ? "mail" : "mails"} left out`);
  const written = writer.finish();
  return {
    text: written.text,
    title: hasMany ? null : tidyTitle(subject),
    notes: [...notes, ...written.notes],
  };
}

function messageOf(mail: Email): MailMessage {
  return {
    subject: mail.subject ?? "",
    from: people(mail.from === undefined ? [] : [mail.from]),
    to: people(mail.to),
    cc: people(mail.cc),
    date: headerOf(mail, "date") ?? "",
    text: mail.text ?? "",
    html: mail.html ?? "",
    attachments: mail.attachments.map((one) => ({ ...one, related: one.related ?? false })),
  };
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

/** Apple Mail writes the number of the mail's bytes before it, and a list of properties behind it. */
function withoutAppleFrame(bytes: Uint8Array): Uint8Array {
  const head = asBuffer(bytes.subarray(0, 32)).toString("latin1");
  const [line, digits] = /^(\d+)[ \t]*\r?\n/.exec(head) ?? [];
  if (line === undefined) return bytes;
  return bytes.subarray(line.length, line.length + Number(digits));
}
