import type { AttachedPart, AttachedReader } from "../attached-files.ts";
import { encodingOfCodePage } from "../code-pages.ts";
import { type CompoundFolder, damage, openCompoundFile } from "../compound-file.ts";
import { decodeText } from "../decode-text.ts";
import { htmlToMarkdown } from "../html.ts";
import { type LoadedText, tidyTitle } from "../loader.ts";
import { loadRtf } from "../office/rtf.ts";
import type { MailAttachment } from "./attachments.ts";
import { unpackRtf } from "./compressed-rtf.ts";
import { createMailWriter, type MailMessage } from "./mail-text.ts";
import {
  codePageOf,
  HEADER_SIZE,
  internetCodePageOf,
  type OutlookProperties,
  PROPERTY_LIST,
  readOutlookProperties,
} from "./outlook-properties.ts";

/** Numbers of the properties that are read (MS-OXPROPS). */
const ID = {
  subject: 0x0037,
  submitted: 0x0039,
  fromName: 0x0042,
  fromAddress: 0x0065,
  headers: 0x007d,
  receiverKind: 0x0c15,
  senderName: 0x0c1a,
  senderAddress: 0x0c1f,
  copies: 0x0e03,
  receivers: 0x0e04,
  delivered: 0x0e06,
  plainText: 0x1000,
  richText: 0x1009,
  page: 0x1013,
  name: 0x3001,
  address: 0x3003,
  content: 0x3701,
  shortFileName: 0x3704,
  fileName: 0x3707,
  mediaType: 0x370e,
  contentId: 0x3712,
  flags: 0x3714,
  internetAddress: 0x39fe,
  senderInternetAddress: 0x5d01,
  fromInternetAddress: 0x5d02,
  isHidden: 0x7ffe,
} as const;

const RECEIVER = "__recip_version1.0_#";
const ATTACHMENT = "__attach_version1.0_#";
const COPY = 2;
const BLIND_COPY = 3;
/** An attached file that the text shows. */
const SHOWN_IN_TEXT = 4;

/** A message that Outlook saved (`.msg`), as mails are. */
export async function loadOutlookMessage(bytes: Uint8Array, reader: AttachedReader | null): Promise<LoadedText> {
  const file = openCompoundFile(bytes);
  if (!file.has(PROPERTY_LIST)) throw damage("its properties are missing");
  return await loadMessage(file, { headerSize: HEADER_SIZE.message, reader });
}

async function loadMessage(
  folder: CompoundFolder,
  { headerSize, reader }: { readonly headerSize: number; readonly reader: AttachedReader | null },
): Promise<LoadedText> {
  const mail = await readMessage(folder, readOutlookProperties(folder, { headerSize }));
  const writer = createMailWriter(reader);
  await writer.add(mail);
  return { ...writer.finish(), title: tidyTitle(mail.subject) };
}

async function readMessage(folder: CompoundFolder, properties: OutlookProperties): Promise<MailMessage> {
  const codePage = codePageOf(properties);
  const parts = (prefix: string): readonly OutlookProperties[] =>
    folder.names
      .filter((name) => name.startsWith(prefix))
      .flatMap((name) => folder.folder(name) ?? [])
      .map((part) => readOutlookProperties(part, { headerSize: HEADER_SIZE.part, codePage }));
  const receivers = parts(RECEIVER);
  const html = await pageOf(properties);
  const shown = html === "" ? "" : htmlToMarkdown(html).trim();
  return {
    subject: properties.text(ID.subject),
    from: senderOf(properties),
    to: peopleOf(receivers, (kind) => kind !== COPY && kind !== BLIND_COPY) || properties.text(ID.receivers),
    cc: peopleOf(receivers, (kind) => kind === COPY) || properties.text(ID.copies),
    date: dateOf(properties),
    // Outlook makes the plain text from the page, and writes the address behind each link.
    text: shown || tidyLines(properties.text(ID.plainText)) || richTextOf(properties),
    html: "",
    attachments: attachmentsOf(parts(ATTACHMENT), html),
  };
}

async function pageOf(properties: OutlookProperties): Promise<string> {
  const bytes = properties.bytes(ID.page);
  if (bytes === null) return properties.text(ID.page);
  const page = internetCodePageOf(properties);
  return (await decodeText(bytes, { declared: page === null ? null : encodingOfCodePage(page) })).text;
}

function richTextOf(properties: OutlookProperties): string {
  const packed = properties.bytes(ID.richText);
  const rtf = packed === null ? null : unpackRtf(packed);
  return rtf === null ? "" : loadRtf(rtf).text;
}

/** A text with one empty line at most between others; Outlook writes a blank into lines that are to be empty. */
function tidyLines(text: string): string {
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.trimEnd());
  return lines
    .filter((line, index) => line !== "" || lines[index - 1] !== "")
    .join("\n")
    .trim();
}

function senderOf(properties: OutlookProperties): string {
  const { text } = properties;
  const from = person(text(ID.fromName), [text(ID.fromInternetAddress), text(ID.fromAddress)]);
  return from || person(text(ID.senderName), [text(ID.senderInternetAddress), text(ID.senderAddress)]);
}

function peopleOf(receivers: readonly OutlookProperties[], isWanted: (kind: number) => boolean): string {
  return receivers
    .filter(({ number }) => isWanted(number(ID.receiverKind) ?? 0))
    .map(({ text }) => person(text(ID.name), [text(ID.internetAddress), text(ID.address)]))
    .filter((one) => one !== "")
    .join(", ");
}

/** A name with an address of the internet; those within a company's own mail server say nothing to a reader. */
function person(name: string, addresses: readonly string[]): string {
  const address = addresses.find((one) => one.includes("@")) ?? "";
  if (name === "" || address === "") return name || address;
  return name === address ? address : `${name} <${address}>`;
}

/** The sender's own time where the mail came with its headers, else the time in UTC. */
function dateOf(properties: OutlookProperties): string {
  const written = /^date:[ \t]*([^\r\n]+)/im.exec(properties.text(ID.headers))?.[1];
  return written ?? (properties.time(ID.submitted) ?? properties.time(ID.delivered))?.toUTCString() ?? "";
}

function attachmentsOf(parts: readonly OutlookProperties[], html: string): readonly MailAttachment[] {
  const shown = new Set(Array.from(html.matchAll(/cid:([^"'\s>)]+)/gi), ([, id]) => id));
  return parts.map((part) => {
    const { text, number } = part;
    const isShown = ((number(ID.flags) ?? 0) & SHOWN_IN_TEXT) !== 0 || (number(ID.isHidden) ?? 0) % 2 === 1;
    const message = part.folder(ID.content);
    const name = text(ID.fileName) || text(ID.shortFileName) || text(ID.name);
    return {
      filename: name === "" ? null : name,
      mimeType: text(ID.mediaType) || (message === null ? "application/octet-stream" : "message/rfc822"),
      disposition: "attachment",
      related: isShown || shown.has(text(ID.contentId)),
      content: message === null ? (part.bytes(ID.content) ?? Buffer.alloc(0)) : (inner) => loadAttached(message, inner),
    };
  });
}

async function loadAttached(folder: CompoundFolder, reader: AttachedReader): ReturnType<AttachedPart["load"]> {
  if (!folder.has(PROPERTY_LIST)) return { unreadable: "an object of another program" };
  return { ...(await loadMessage(folder, { headerSize: HEADER_SIZE.attachedMessage, reader })), language: "mail" };
}
