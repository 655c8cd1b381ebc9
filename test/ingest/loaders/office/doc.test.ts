import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { openCompoundFile } from "../../../../ingest/loaders/compound-file.ts";
import { readChanges } from "../../../../ingest/loaders/office/doc/changes.ts";
import { createDocText } from "../../../../ingest/loaders/office/doc/doc-text.ts";
import { readPieces } from "../../../../ingest/loaders/office/doc/pieces.ts";
import { loadedMade, loadMade } from "../load-made.ts";
import { makeCompoundFile } from "../made-compound-files.ts";

const LETTER = new URL("../../../fixtures/letter.doc", import.meta.url);
const LETTER_TEXT = `# Tenancy

The rent is 1250 €, “due” on the third day — Größe naïve.[1] More.[2]

## Дом 家 😀

Seen and kept
here, by a link.

3. Third
  - inner
4. Fourth

| Room | Area |
| Kitchen with hall | 12 m² |

After the table.

Last.

In a text box.

[1] Working days only.

[2] See the annex.
`;

describe("Word 97 to 2003", () => {
  let letter: Buffer;
  /** The streams of the letter, to be changed and packed anew. */
  let streams: { main: Buffer; table: Buffer };
  beforeAll(async () => {
    letter = await readFile(LETTER);
    const file = openCompoundFile(letter);
    streams = {
      main: file.stream("WordDocument") ?? Buffer.alloc(0),
      table: file.stream("1Table") ?? file.stream("0Table") ?? Buffer.alloc(0),
    };
  });
  const packed = ({ main, table }: typeof streams): Buffer =>
    makeCompoundFile({ WordDocument: main, "1Table": table, "0Table": table });

  it("gives headings, lists, tables, text boxes and notes, and the title, without what is hidden or deleted", async () => {
    expect(await loadedMade("old/letter.doc", letter)).toMatchObject({
      title: "Tenancy",
      language: "doc",
      mediaType: "application/msword",
      pages: [],
      note: "",
      text: LETTER_TEXT,
    });
  });

  it("is known by its content, and titled by its properties where it has no heading", async () => {
    const { main, table } = streams;
    const withoutStyles = Buffer.from(main);
    withoutStyles.writeUInt32LE(0, 0x9a + 8 * 1 + 4);
    const properties = openCompoundFile(letter).stream("\u0005SummaryInformation") ?? Buffer.alloc(0);
    const file = makeCompoundFile({
      WordDocument: withoutStyles,
      "1Table": table,
      "0Table": table,
      "\u0005SummaryInformation": properties,
    });
    expect(await loadedMade("scan.bin", file)).toMatchObject({ title: "Of the properties", language: "doc" });
  });

  it("is skipped where it has a password, or is older", async () => {
    const locked = Buffer.from(streams.main);
    locked.writeUInt16LE(locked.readUInt16LE(0x0a) | 0x0100, 0x0a);
    expect(await loadMade("a.doc", packed({ ...streams, main: locked }))).toEqual({
      status: "skipped",
      reason: "encrypted: a Word file with a password; save it without one",
    });
    const older = Buffer.from(streams.main);
    older.writeUInt16LE(0xa5dc, 0);
    expect(await loadMade("a.doc", packed({ ...streams, main: older }))).toEqual({
      status: "skipped",
      reason: "not supported: a file of Word 95 or older; save it as .docx",
    });
  });

  it("fails where a part is missing, whatever is cut off", async () => {
    expect(await loadedMade("a.doc", packed(streams))).toMatchObject({ text: LETTER_TEXT });
    expect(await loadMade("a.doc", makeCompoundFile({ WordDocument: streams.main }))).toEqual({
      status: "failed",
      reason: "cannot be read as doc: it is damaged: its tables are missing",
    });
    for (const [what, changed] of [
      ["the beginning", { ...streams, main: streams.main.subarray(0, 100) }],
      ["the text", { ...streams, main: streams.main.subarray(0, 1_600) }],
      ["the tables", { ...streams, table: streams.table.subarray(0, 10) }],
    ] as const) {
      expect([what, (await loadMade("a.doc", packed(changed))).status]).toEqual([what, "failed"]);
    }
  });

  it("refuses pieces that show the same place again and again", () => {
    const count = 100;
    const table = Buffer.alloc(5 + 12 * count + 4);
    table.writeUInt8(2, 0);
    table.writeUInt32LE(table.length - 5, 1);
    for (let index = 0; index <= count; index += 1) table.writeUInt32LE(index * 400, 5 + 4 * index);
    for (let index = 0; index < count; index += 1) table.writeUInt32LE(0x40000000, 5 + 4 * (count + 1) + 8 * index + 2);
    expect(() => readPieces(table, Buffer.alloc(500))).toThrow("a part of its text is missing");
    expect(readPieces(table, Buffer.alloc(10_000))).toHaveLength(count);
  });

  it("shows a frame of one cell around a text as the text, and leaves out empty rows", () => {
    const text = createDocText({ styles: [], listOf: () => null });
    const add = (words: string, isRowEnd = false, endsCell = isRowEnd): void => {
      const changes = [
        { code: 0x2416, value: 1 },
        { code: 0x2417, value: isRowEnd ? 1 : 0 },
      ];
      text.add({ text: words, from: 0, endsCell, properties: { style: 0, changes } });
    };
    add("One.");
    add("Two.", false, true);
    add("", true);
    text.add({ text: "Between.", from: 0, endsCell: false, properties: null });
    for (const words of ["a", "b"]) add(words, false, true);
    add("", true);
    for (const words of [" ", ""]) add(words, false, true);
    add("", true);
    add("never closed");
    expect(text.finish()).toBe("One.\n\nTwo.\n\nBetween.\n\n| a | b |\n| never closed |");
  });

  it("reads lists of properties as far as they go", () => {
    const list = Buffer.from("16240115c6ff020102030405060708010102034026020b460300", "hex");
    expect(readChanges(list)).toEqual([
      { code: 0x2416, value: 1 },
      { code: 0x2640, value: 2 },
      { code: 0x460b, value: 3 },
    ]);
    expect(readChanges(list.subarray(0, -1))).toHaveLength(2);
    expect(readChanges(Buffer.from("08d6ffff", "hex"))).toEqual([]);
  });
});
