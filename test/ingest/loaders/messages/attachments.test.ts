import { describe, expect, it } from "vitest";
import { createSentenceChunker } from "../../../../ingest/chunking/sentences.ts";
import { createMeasure } from "../../../../ingest/chunking/measure.ts";
import { withHeadings } from "../../../../ingest/chunking/headings.ts";
import { createAttachedReader } from "../../../../ingest/loaders/attached-files.ts";
import { createLoadThread, retryMailsAlone } from "../../../../ingest/loaders/load-apart.ts";
import { lowerHeadings } from "../../../../ingest/loaders/lower-headings.ts";
import { loadMail } from "../../../../ingest/loaders/messages/mail.ts";
import { chunksOf, countWords } from "../../chunking/chunker.contract.ts";
import { loadedMade } from "../load-made.ts";
import { makePdf } from "../made-files.ts";

interface Part {
  readonly name?: string;
  readonly type?: string;
  readonly disposition?: "attachment" | "inline";
  readonly content: string | Uint8Array;
  readonly id?: string;
}

/** A mail with files attached to it. */
function mailWith(parts: readonly Part[], { subject = "Offer", body = "See the files." } = {}): Buffer {
  const lines = [
    "From: Ida <ida@example.org>",
    `Subject: ${subject}`,
    "MIME-Version: 1.0",
    `Content-Type: multipart/mixed; boundary="${subject}-b"`,
    "",
    `--${subject}-b`,
    "Content-Type: text/html",
    "",
    `<p>${body}</p>`,
    ...parts.flatMap(({ name, type = "application/octet-stream", disposition = "attachment", content, id }) => [
      `--${subject}-b`,
      `Content-Type: ${type}`,
      `Content-Disposition: ${disposition}${name === undefined ? "" : `; filename="${name}"`}`,
      ...(id === undefined ? [] : [`Content-ID: <${id}>`]),
      ...(type === "message/rfc822"
        ? ["", Buffer.from(content).toString("latin1")]
        : ["Content-Transfer-Encoding: base64", "", Buffer.from(content).toString("base64")]),
    ]),
    `--${subject}-b--`,
    "",
  ];
  return Buffer.from(lines.join("\r\n"), "latin1");
}

const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 1, 2, 3]);

describe("files attached to mails", () => {
  it("stand below the mail's text, each under its name, read by the loader of its kind", async () => {
    const mail = mailWith([
      { name: "offer.pdf", type: "application/pdf", content: makePdf([["The roof costs 8,400 EUR."]]) },
      { name: "terms.md", content: "# Terms\n\n```sh\n# not a heading\n```\n\n## Payment\n\nWithin 30 days.\n" },
      { name: "costs.csv", content: "part,price\nroof,8400\n" },
      { name: "roof.py", content: "# area\nprint(12)\n" },
      { type: "text/html", content: "<h1>Notes</h1><p>Ring first.</p>" },
    ]);
    const { text, title, language, note } = await loadedMade("offer.eml", mail);
    expect({ title, language, note }).toEqual({ title: "Offer", language: "mail", note: "" });
    expect(text).toBe(
      "# Offer\n\n- From: Ida <ida@example.org>\n- Attachments: offer.pdf, terms.md, costs.csv, roof.py, text/html\n\n" +
        "See the files.\n\n## offer.pdf\n\nThe roof costs 8,400 EUR.\n\n" +
        "## terms.md\n\n### Terms\n\n```sh\n# not a heading\n```\n\n#### Payment\n\nWithin 30 days.\n\n" +
        "## costs.csv\n\n| row 2 | part: roof | price: 8400 |\n\n" +
        "## roof.py\n\n```python\n# area\nprint(12)\n```\n\n## text/html\n\n### Notes\n\nRing first.\n",
    );
  });

  it("are found under the subject of their mail, on the lines of its text", async () => {
    const files = [{ name: "terms.md", content: "# Terms\n\nPay within 30 days.\n" }];
    const { text } = await loadedMade("offer.eml", mailWith(files));
    const chunker = withHeadings(createSentenceChunker({ budget: 20, measure: createMeasure(countWords) }));
    const chunk = chunksOf(chunker, text, "mail").find((one) => one.text.includes("30 days"));
    expect(chunk).toMatchObject({ heading: "Offer > terms.md > Terms" });
    expect(text.split("\n")[(chunk?.lines.end ?? 0) - 1]).toBe("Pay within 30 days.");
    expect(text.slice(chunk?.span.start, chunk?.span.end)).toBe(chunk?.text);
  });

  it("that cannot be read are named with the reason, pictures in the text and signatures are not", async () => {
    const { note } = await loadedMade(
      "offer.eml",
      mailWith(
        [
          { name: "photo.png", type: "image/png", content: PNG },
          { name: "logo.png", type: "image/png", content: PNG.slice(0, 12), disposition: "inline", id: "logo" },
          { name: "smime.p7s", type: "application/pkcs7-signature", content: "signed" },
          { name: "id_rsa", content: "key" },
          { name: "locked.pdf", content: makePdf([["no"]], { isLocked: true }) },
          { name: "half.pdf", content: "%PDF-1.4\n" },
          { name: "empty.txt", content: "" },
        ],
        { body: "<img src='cid:logo'>" },
      ),
    );
    expect(note).toMatch(
      /^attached files that were not read: photo\.png \(binary file: PNG image\), id_rsa \(a file of keys or passwords\), locked\.pdf \(encrypted: .+\), half\.pdf \(cannot be read: .+\), empty\.txt \(no text in it\)$/,
    );
  });

  it("are read once where they come twice, and what is said about them is passed on", async () => {
    const broken = { name: "a.jsonl", content: '{"a":1}\nno json\n' };
    const { text, note } = await loadedMade("offer.eml", mailWith([broken, { ...broken, name: "b.jsonl" }]));
    expect(text.split("no json")).toHaveLength(2);
    expect(note).toBe("attached: a.jsonl: not valid JSON, kept as it is: line 2");
  });

  it("may be mails with files of their own", async () => {
    const inner = mailWith([{ name: "inner.txt", content: "Deep words." }], { subject: "Inner", body: "Forwarded." });
    const { text } = await loadedMade("offer.eml", mailWith([{ type: "message/rfc822", content: inner }]));
    expect(text).toContain(
      "## attached mail\n\n### Inner\n\n- From: Ida <ida@example.org>\n- Attachments: inner.txt\n\nForwarded.\n\n#### inner.txt\n\nDeep words.\n",
    );
  });

  it("are blotted out where they hold secrets, as the mail is", async () => {
    const key = `ghp_${"a1B2c3D4e5F6g7H8i9J0".repeat(2).slice(0, 36)}`;
    const { text, note } = await loadedMade("offer.eml", mailWith([{ name: "a.txt", content: `token ${key}` }]));
    expect(text).not.toContain(key);
    expect(note).toContain("1 secret redacted");
  });
});

describe("the limits of attached files", () => {
  const three = mailWith(["one", "two", "three"].map((word) => ({ name: `${word}.txt`, content: word })));
  const load = async ({ bytes }: { readonly bytes: Uint8Array }) => ({
    text: Buffer.from(bytes).toString(),
    title: null,
    language: "text",
  });

  it("name the files beyond their number", async () => {
    const { notes } = await loadMail(three, createAttachedReader({ load, maxFiles: 1 }));
    expect(notes).toEqual([
      "attached files that were not read: two.txt (more than 1 files), three.txt (more than 1 files)",
    ]);
  });

  it("name the files beyond their length, and take shorter ones", async () => {
    const { text, notes } = await loadMail(three, createAttachedReader({ load, maxLength: 6 }));
    expect(text).toContain("## two.txt");
    expect(notes).toEqual(["attached files that were not read: three.txt (together more than 6 characters)"]);
  });

  it("begin no file when the time is over", async () => {
    const { notes } = await loadMail(three, createAttachedReader({ load, timeLimitMs: -1 }));
    expect(notes?.[0]).toContain("one.txt (the files before it took");
  });

  it("go no deeper than mails within mails", async () => {
    let mail = mailWith([{ name: "core.txt", content: "Core." }], { subject: "L0" });
    for (let level = 1; level <= 6; level += 1) {
      mail = mailWith([{ type: "message/rfc822", content: mail }], { subject: `L${level}` });
    }
    const { text, note } = await loadedMade("deep.eml", mail);
    expect(text).toContain("L1\n");
    expect(text).not.toContain("Core.");
    expect(note).toContain("attached mail (attached 5 levels deep)");
  });

  it("leave the mail readable where its files make the thread fail", async () => {
    const thread = retryMailsAlone({
      load: async ({ loader, isAlone = false }) => {
        if (!isAlone) throw new Error("it took more than 120 s");
        return { text: `${loader} alone`, title: null, notes: ["attached files that were not read: a.pdf"] };
      },
    });
    expect(await thread.load({ loader: "mail", content: three })).toMatchObject({
      text: "mail alone",
      notes: ["attached files that were not read: a.pdf", "with them it took more than 120 s"],
    });
    await expect(thread.load({ loader: "pdf", content: three })).rejects.toThrow("120 s");
    const alone = await createLoadThread().load({ loader: "mail", content: three, isAlone: true });
    expect(alone).toMatchObject({ notes: ["attached files that were not read: one.txt, two.txt, three.txt"] });
  });

  it("only name files where there is no reader", async () => {
    const { text, notes } = await loadMail(three);
    expect(text).not.toContain("## one.txt");
    expect(notes).toEqual(["attached files that were not read: one.txt, two.txt, three.txt"]);
  });
});

describe("lower headings", () => {
  it("stay headings, and code stays as it is", () => {
    expect(lowerHeadings("# A\n\n~~~\n# code\n~~~\n\n###### F\n#tag\n", 2)).toBe(
      "### A\n\n~~~\n# code\n~~~\n\n###### F\n#tag\n",
    );
  });
});
