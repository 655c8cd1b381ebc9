import { describe, expect, it } from "vitest";
import { loadBytes } from "../../../../ingest/loaders/load-document.ts";
import { loadMail } from "../../../../ingest/loaders/messages/mail.ts";

const bytesOf = (...lines: readonly string[]): Uint8Array => Buffer.from(lines.join("\r\n"), "latin1");

const OFFER = bytesOf(
  "Received: from mx.example by mail.example; Fri, 6 Mar 2026 10:00:00 +0000",
  "From: =?utf-8?q?J=C3=BCrgen_Gro=C3=9F?= <gross@dach.example>",
  "To: Lena <lena@example.org>, Ute <ute@example.org>",
  "Subject: =?iso-8859-1?q?Angebot_f=FCr_das_Dach?=",
  "Date: Fri, 06 Mar 2026 10:12:00 +0100",
  "MIME-Version: 1.0",
  'Content-Type: multipart/mixed; boundary="b"',
  "",
  "--b",
  "Content-Type: text/plain; charset=iso-8859-1",
  "Content-Transfer-Encoding: quoted-printable",
  "",
  "Das Ger=FCst kostet =",
  "1.200 Euro.",
  "--b",
  "Content-Type: application/pdf",
  'Content-Disposition: attachment; filename="Angebot.pdf"',
  "Content-Transfer-Encoding: base64",
  "",
  "JVBERi0xLjQKJVBERi0xLjQKJVBERi0xLjQK",
  "--b--",
  "",
);

const OFFER_TEXT =
  "# Angebot für das Dach\n\n- From: Jürgen Groß <gross@dach.example>\n" +
  "- To: Lena <lena@example.org>, Ute <ute@example.org>\n- Date: Fri, 06 Mar 2026 10:12:00 +0100\n" +
  "- Attachments: Angebot.pdf\n\nDas Gerüst kostet 1.200 Euro.\n";

const short = (subject: string, text: string, ...headers: readonly string[]): readonly string[] => [
  "From - Fri Mar 06 10:00:00 2026",
  `Subject: ${subject}`,
  ...headers,
  "",
  ...text.split("\n"),
  "",
];

async function textOf(source: string, bytes: Uint8Array): Promise<unknown> {
  const outcome = await loadBytes({ root: "/r", source, bytes });
  if (outcome.status !== "loaded") throw new Error(outcome.reason);
  const { text, title, language } = outcome.document;
  return { text, title, language, note: outcome.note };
}

describe("mails", () => {
  it("shows subject, people, date and text as they are read, and names what is attached", async () => {
    expect(await textOf("offer.eml", OFFER)).toEqual({
      text: OFFER_TEXT,
      title: "Angebot für das Dach",
      language: "mail",
      note: "attached files that were not read: Angebot.pdf (cannot be read: Invalid PDF structure.)",
    });
  });

  it.each(["cur/1699999999.M1P2.host:2,S", "1", "Inbox"])("knows a mail named %s by its headers", async (source) => {
    expect(await textOf(source, OFFER)).toMatchObject({ language: "mail" });
  });

  it("leaves texts that only begin like headers as they are", async () => {
    const note = Buffer.from("From: the kitchen\nSubject: soup\n\nLeeks.\n");
    expect(await textOf("note", note)).toMatchObject({ language: "text" });
    expect(await textOf("mail.txt", OFFER)).toMatchObject({ language: "text" });
  });

  it("takes the HTML where there is no other text", async () => {
    const mail = bytesOf("Subject: Rent", "Content-Type: text/html", "", "<p>It is <b>1,240 EUR</b>.</p>", "");
    expect((await loadMail(mail)).text).toBe("# Rent\n\nIt is **1,240 EUR**.\n");
  });

  it("takes a mail of Apple Mail without what is around it", async () => {
    const mail = "Subject: Hello\r\n\r\nHi Ann.\r\n";
    const bytes = Buffer.from(`${mail.length}      \n${mail}<?xml version="1.0"?><plist></plist>`);
    expect((await loadMail(bytes)).text).toBe("# Hello\n\nHi Ann.\n");
  });

  it("says that a mail has no subject, and keeps an empty one", async () => {
    expect(await loadMail(bytesOf("From: a@b.example", "", ""))).toMatchObject({
      text: "# (no subject)\n\n- From: a@b.example\n",
      title: null,
    });
  });
});

describe("mailboxes", () => {
  it("tells mails from sentences that begin with From, and takes back the mark before such lines", async () => {
    const box = bytesOf(
      ...short("One", "First.\n\nFrom here on 2026 is dry.\n\n>From Rome, Ida"),
      ...short("Two", "Second."),
    );
    expect(await textOf("Inbox", box)).toEqual({
      text: "# One\n\nFirst.\n\nFrom here on 2026 is dry.\n\nFrom Rome, Ida\n\n# Two\n\nSecond.\n",
      title: "Inbox",
      language: "mail",
      note: "",
    });
  });

  it("leaves out what was deleted but is still in the file, and says so", async () => {
    const box = bytesOf(...short("One", "First.", "X-Mozilla-Status: 0009"), ...short("Two", "Second."));
    expect(await loadMail(box)).toMatchObject({ text: "# Two\n\nSecond.\n", notes: ["1 deleted mail left out"] });
  });
});

describe("saved pages", () => {
  const page = bytesOf(
    "From: <Saved by Blink>",
    "Subject: Soup",
    "MIME-Version: 1.0",
    'Content-Type: multipart/related; type="text/html"; boundary="b"',
    "",
    "--b",
    "Content-Type: text/html; charset=utf-8",
    "Content-Transfer-Encoding: quoted-printable",
    "",
    "<html><head><title>Leek soup</title></head><body><h1>Soup</h1><p>Cr=C3=A8me last.</p></body></html>",
    "--b--",
    "",
  );

  it.each(["soup.mhtml", "soup.mht", "exported.doc"])("reads %s as the page in it", async (source) => {
    expect(await textOf(source, page)).toEqual({
      text: "# Soup\n\nCrème last.\n",
      title: "Leek soup",
      language: "web-archive",
      note: "",
    });
  });
});
