import { describe, expect, it } from "vitest";
import { unpackRtf } from "../../../../ingest/loaders/messages/compressed-rtf.ts";
import { loadMail } from "../../../../ingest/loaders/messages/mail.ts";
import { loadedMade, loadMade } from "../load-made.ts";
import { type CompoundTree, makeCompoundFile } from "../made-compound-files.ts";
import { makePdf } from "../made-files.ts";

type Value = string | Uint8Array | number | Date | CompoundTree;

/** A folder of a message with these properties, by their numbers; a number may have its kind behind it. */
function folder(values: Readonly<Record<string, Value>>, headerSize: number): CompoundTree {
  const streams: Record<string, Uint8Array | CompoundTree> = {};
  const fixed: Buffer[] = [Buffer.alloc(headerSize)];
  const entry = (id: string, type: number): Buffer => {
    const bytes = Buffer.alloc(16);
    bytes.writeUInt16LE(type, 0);
    bytes.writeUInt16LE(Number.parseInt(id, 16), 2);
    fixed.push(bytes);
    return bytes;
  };
  for (const [id, value] of Object.entries(values)) {
    if (typeof value === "number") entry(id, 3).writeInt32LE(value, 8);
    else if (value instanceof Date) {
      entry(id, 0x40).writeBigUInt64LE(BigInt(value.getTime() + 11_644_473_600_000) * 10_000n, 8);
    } else if (typeof value === "string") streams[`__substg1.0_${id}001F`] = Buffer.from(value, "utf16le");
    else if (value instanceof Uint8Array) streams[`__substg1.0_${id.length > 4 ? id : `${id}0102`}`] = value;
    else streams[`__substg1.0_${id}000D`] = value;
  }
  return { "__properties_version1.0": Buffer.concat(fixed), ...streams };
}

interface Message {
  readonly properties: Readonly<Record<string, Value>>;
  readonly receivers?: readonly Readonly<Record<string, Value>>[];
  readonly attachments?: readonly Readonly<Record<string, Value>>[];
}

function message({ properties, receivers = [], attachments = [] }: Message, headerSize = 32): CompoundTree {
  const part = (prefix: string, parts: readonly Readonly<Record<string, Value>>[]): CompoundTree =>
    Object.fromEntries(
      parts.map((one, index) => [`${prefix}${index.toString(16).padStart(8, "0").toUpperCase()}`, folder(one, 8)]),
    );
  return {
    ...folder(properties, headerSize),
    ...part("__recip_version1.0_#", receivers),
    ...part("__attach_version1.0_#", attachments),
  };
}

const msg = (made: Message): Buffer => makeCompoundFile(message(made));
const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 1, 2, 3]);

describe("messages of Outlook", () => {
  it("are shown as mails are, with who wrote to whom and when", async () => {
    const file = msg({
      properties: {
        "0037": "Roof repair",
        "0042": "Ida Berg",
        "0065": "/O=FIRM/CN=IDA",
        "5D02": "ida@example.org",
        "0039": new Date("2026-11-16T09:30:00Z"),
        "1000": "Dear Tom,\r\n \r\n \r\nThe roof costs 8,400 EUR.\r\n",
      },
      receivers: [
        { "3001": "Tom", "39FE": "tom@example.org", "0C15": 1 },
        { "3001": "Office", "3003": "/O=FIRM/CN=OFFICE", "0C15": 2 },
        { "3001": "Hidden", "3003": "hidden@example.org", "0C15": 3 },
      ],
    });
    expect(await loadedMade("roof.msg", file)).toMatchObject({
      title: "Roof repair",
      language: "mail",
      mediaType: "application/vnd.ms-outlook",
      note: "",
      text: `# Roof repair

- From: Ida Berg <ida@example.org>
- To: Tom <tom@example.org>
- Cc: Office
- Date: Mon, 16 Nov 2026 09:30:00 GMT

Dear Tom,

The roof costs 8,400 EUR.
`,
    });
  });

  it("are read from their page, and dated by the sender's own time, where they have these", async () => {
    const page = '<p>Größe: <a href="https://example.org">see here</a></p><table><tr><td>a</td><td>b</td></tr></table>';
    const file = msg({
      properties: {
        // In the code page of the message.
        "0037001E": Buffer.from("Größe", "latin1"),
        "3FFD": 65_001,
        "3FDE": 1_252,
        "007D": "Received: x\r\nDate: Mon, 16 Nov 2026 10:30:00 +0100\r\nTo: Tom\r\n",
        "0039": new Date("2026-11-16T09:30:00Z"),
        "0E04": "Tom; Ida",
        "1000": "see here <https://example.org> and much more of the same",
        "1013": Buffer.from(page, "latin1"),
      },
    });
    expect((await loadedMade("a.bin", file)).text).toBe(
      "# Größe\n\n- To: Tom; Ida\n- Date: Mon, 16 Nov 2026 10:30:00 +0100\n\nGröße: see here\n\n| a | b |\n",
    );
  });

  it("are read from their rich text where they have nothing else", async () => {
    const rtf = Buffer.from(String.raw`{\rtf1\ansi Only \b rich\b0  text.\par}`);
    const stored = Buffer.concat([Buffer.alloc(16), rtf]);
    stored.writeUInt32LE(rtf.length, 4);
    stored.write("MELA", 8);
    expect((await loadedMade("a.msg", msg({ properties: { "1009": stored } }))).text).toBe(
      "# (no subject)\n\nOnly rich text.\n",
    );
  });

  it("are followed by what is attached, messages in messages too, without pictures in the text", async () => {
    const inner = message(
      {
        properties: { "0037": "Inner", "1000": "Deep words." },
        attachments: [{ "3707": "c.txt", "3701": Buffer.from("deepest") }],
      },
      24,
    );
    const file = msg({
      properties: { "0037": "Offer", "1013": Buffer.from('<p>See below.<img src="cid:logo@x"></p>') },
      attachments: [
        { "3707": "offer.pdf", "3704": "OFFER~1.PDF", "3701": makePdf([["The roof costs 8,400 EUR."]]) },
        { "3707": "logo.png", "3712": "logo@x", "370E": "image/png", "3701": PNG },
        { "3707": "hidden.png", "3714": 4, "3701": PNG },
        { "3001": "Forwarded", "3705": 5, "3701": inner },
        { "3001": "Drawing", "3705": 6, "3701": { Contents: PNG } },
        { "3707": "photo.png", "370E": "image/png", "3701": PNG },
      ],
    });
    const { text, note } = await loadedMade("offer.msg", file);
    expect(text).toBe(`# Offer

- Attachments: offer.pdf, Forwarded, Drawing, photo.png

See below.

## offer.pdf

The roof costs 8,400 EUR.

## Forwarded

### Inner

- Attachments: c.txt

Deep words.

#### c.txt

deepest
`);
    expect(note).toBe(
      "attached files that were not read: Drawing (an object of another program), photo.png (binary file: PNG image)",
    );
    expect((await loadMail(file)).notes).toEqual([
      "attached files that were not read: offer.pdf, Forwarded, Drawing, photo.png",
    ]);
  });

  it("fail where a part of them is missing", async () => {
    const file = msg({ properties: { "1000": "x".repeat(9_000) } });
    const table = (file.readUInt32LE(76) + 1) * 512;
    file.writeUInt32LE(0xfffffffe, table);
    expect(await loadMade("a.msg", file)).toEqual({
      status: "failed",
      reason: "cannot be read as mail: it is damaged: a part of it is missing",
    });
  });
});

describe("packed rich text", () => {
  const packed = (length: number, ...bytes: readonly number[]): Buffer => {
    const file = Buffer.concat([Buffer.alloc(16), Buffer.from(bytes)]);
    file.writeUInt32LE(length, 4);
    file.write("LZFu", 8);
    return file;
  };

  it("is unpacked with words from its own beginning and those that every text knows", () => {
    // "{\rtf1" lies at the beginning of the window; "ab" is written, then repeated to its end.
    const bytes = [0b00001001, 0x00, 0x04, 0x61, 0x62, 0x0d, 0x54, 0x7d];
    expect(unpackRtf(packed(15, ...bytes))?.toString()).toBe("{\\rtf1abababab}");
  });

  it("ends where its data or its length do", () => {
    expect(unpackRtf(packed(1_000_000_000, 0, 0x61, 0x62))?.toString()).toBe("ab");
    expect(unpackRtf(packed(1, 0, 0x61, 0x62))?.toString()).toBe("a");
    expect(unpackRtf(packed(9, 0b10, 0x61, 0x0d, 0x00))?.toString()).toBe("a");
    expect(unpackRtf(Buffer.alloc(20))).toBeNull();
    expect(unpackRtf(Buffer.alloc(3))).toBeNull();
  });
});
