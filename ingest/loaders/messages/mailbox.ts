import { asBuffer } from "../as-buffer.ts";

const START = "From ";
/** Characters from which the first lines of a mail are told. */
const LOOK_AHEAD = 400;
/** The line before each mail, with the time at which it came, and the first line of the mail. */
const FIRST_LINES = /^From [^\r\n]*\d{4}[^\r\n]*\r?\n>?[!-9;-~]+[: ]/;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Whether bytes are a mailbox: mails one after the other, each below a line that begins with `From `. */
export function isMailbox(bytes: Uint8Array): boolean {
  return beginsMail(asBuffer(bytes), 0);
}

/** The mails of a mailbox, one after the other as they are asked for, without the lines between them. */
export function* splitMailbox(bytes: Uint8Array): Generator<Uint8Array> {
  const buffer = asBuffer(bytes);
  for (let start = nextStart(buffer, 0); start !== -1;) {
    const next = nextStart(buffer, start + START.length);
    const mail = buffer.subarray(buffer.indexOf(LINE_FEED, start) + 1, next === -1 ? buffer.length : next);
    yield withoutQuotedStarts(mail);
    start = next;
  }
}

/** Where the next mail begins: below an empty line, so that a sentence that begins with "From" does not count. */
function nextStart(buffer: Buffer, from: number): number {
  for (let at = buffer.indexOf(START, from); at !== -1; at = buffer.indexOf(START, at + START.length)) {
    if ((at === 0 || isBelowEmptyLine(buffer, at)) && beginsMail(buffer, at)) return at;
  }
  return -1;
}

function isBelowEmptyLine(buffer: Buffer, at: number): boolean {
  if (buffer[at - 1] !== LINE_FEED) return false;
  return buffer[at - 2] === LINE_FEED || (buffer[at - 2] === CARRIAGE_RETURN && buffer[at - 3] === LINE_FEED);
}

function beginsMail(buffer: Buffer, at: number): boolean {
  return FIRST_LINES.test(buffer.toString("latin1", at, at + LOOK_AHEAD));
}

/** A line of the text that begins with `From ` stands there as `>From `. */
function withoutQuotedStarts(mail: Buffer): Buffer {
  if (!mail.includes("\n>From ")) return mail;
  return Buffer.from(mail.toString("latin1").replaceAll(/^>(?=>*From )/gm, ""), "latin1");
}
