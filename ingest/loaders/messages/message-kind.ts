import { asBuffer } from "../as-buffer.ts";
import { extensionOf } from "../languages.ts";
import { isMailbox } from "./mailbox.ts";

/** Which loader reads a file in the format of mails. */
export type MessageKind = "mail" | "web-archive";

const BY_EXTENSION: Readonly<Record<string, MessageKind>> = {
  eml: "mail",
  emlx: "mail",
  mbox: "mail",
  mht: "web-archive",
  mhtml: "web-archive",
};
/**
 * Endings of other programs' files that may hold such a text, such as exports to Word. None of them is used by a
 * mailbox itself.
 */
const DOUBTFUL_EXTENSIONS: ReadonlySet<string> = new Set(["", "doc", "xls", "mbx", "mail", "msg"]);
/** Bytes that the headers are looked for in. */
const HEAD_BYTES = 32_768;
/** Headers that mail programs and servers put in, and hardly anybody else. */
const PROGRAM_HEADER = /^(?:received|return-path|message-id|mime-version|delivered-to|dkim-signature):/im;
const COMMON_HEADER = /^(?:from|date|subject|to|content-type):/im;
const HEADERS_ONLY = /^(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}\r?\n/;

/** Whether a text is a mail, a mailbox or a saved page, by its name or, where that says nothing, its headers; else null. */
export function messageKindOf(bytes: Uint8Array, source: string): MessageKind | null {
  const extension = extensionOf(source);
  const known = Object.hasOwn(BY_EXTENSION, extension) ? BY_EXTENSION[extension] : undefined;
  if (known !== undefined) return known;
  // Mails in a folder of their own are named `1699999999.M1P2.host:2,S`.
  if (!DOUBTFUL_EXTENSIONS.has(extension) && !/:2,[A-Z]*$/.test(source)) return null;
  if (isMailbox(bytes)) return "mail";
  const head = asBuffer(bytes.subarray(0, HEAD_BYTES)).toString("latin1");
  const headers = HEADERS_ONLY.exec(head)?.[0];
  if (headers === undefined || !PROGRAM_HEADER.test(headers) || !COMMON_HEADER.test(headers)) return null;
  return /^content-type:\s*multipart\/related/im.test(headers) && !/^to:/im.test(headers) ? "web-archive" : "mail";
}
