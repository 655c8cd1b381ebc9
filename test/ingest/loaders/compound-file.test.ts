import { describe, expect, it } from "vitest";
import { openCompoundFile } from "../../../ingest/loaders/compound-file.ts";
import { loadMade } from "./load-made.ts";
import { makeCompoundFile, numbers } from "./made-compound-files.ts";

const LARGE = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index % 251));

describe("compound files", () => {
  it("give their streams, small ones and large ones, and their folders", () => {
    const file = openCompoundFile(
      makeCompoundFile({
        One: Buffer.from("first"),
        Large: LARGE,
        Empty: Buffer.alloc(0),
        In: { Deep: { Two: LARGE } },
      }),
    );
    expect(file.names).toEqual(["Empty", "In", "Large", "One"]);
    expect(file.stream("ONE")?.toString()).toBe("first");
    expect(file.stream("Large")?.equals(LARGE)).toBe(true);
    expect(file.stream("Empty")?.length).toBe(0);
    expect(file.folder("In")?.folder("Deep")?.stream("Two")?.equals(LARGE)).toBe(true);
    expect([file.stream("None"), file.stream("In"), file.folder("One")]).toEqual([null, null, null]);
  });

  it("read over a table of many sectors that lies beyond what the header names", () => {
    const huge = Buffer.alloc(7_300_000, "x");
    expect(openCompoundFile(withFurtherTables(huge)).stream("Huge")?.equals(huge)).toBe(true);
  });

  it("end where a chain turns back to itself", () => {
    const file = makeCompoundFile({ Large: LARGE });
    const table = (file.readUInt32LE(76) + 1) * 512;
    file.writeUInt32LE(0, table + 4 * 10);
    const read = openCompoundFile(file).stream("Large");
    expect(read?.length).toBe(LARGE.length);
    const list = file.readUInt32LE(48);
    file.writeUInt32LE(list, table + 4 * list);
    expect(openCompoundFile(file).names).toEqual(["Large"]);
  });

  it("fail where a part is missing", () => {
    const file = makeCompoundFile({ Large: LARGE });
    expect(() => openCompoundFile(file.subarray(0, 100_000))).toThrow("it is damaged: its list of");
    const table = (file.readUInt32LE(76) + 1) * 512;
    file.writeUInt32LE(0xfffffffe, table + 4 * 10);
    expect(() => openCompoundFile(file).stream("Large")).toThrow("it is damaged: a part of it is missing");
    expect(() => openCompoundFile(file.subarray(0, 100))).toThrow("it is damaged");
  });

  it("fail where many streams lie over each other, which would make a small file endless", () => {
    const tree = Object.fromEntries(
      Array.from({ length: 50 }, (_, index) => [`Large${index}`, LARGE.subarray(0, 8_000)]),
    );
    const file = makeCompoundFile(tree);
    const list = (file.readUInt32LE(48) + 1) * 512;
    for (let entry = 1; entry <= 50; entry += 1) {
      file.writeUInt32LE(0, list + 128 * entry + 116);
      file.writeUInt32LE(400_000, list + 128 * entry + 120);
    }
    const table = (file.readUInt32LE(76) + 1) * 512;
    for (let sector = 0; sector < 790; sector += 1) file.writeUInt32LE(sector + 1, table + 4 * sector);
    const opened = openCompoundFile(file);
    expect(() => opened.names.map((name) => opened.stream(name)?.length)).toThrow("its parts lie over each other");
  });

  it.each([
    ["a.docx", "EncryptedPackage", "encrypted: an Office file with a password; save it without one"],
    ["a.ppt", "PowerPoint Document", "not supported: old PowerPoint presentation (.ppt); save it as .pptx"],
    ["a.vsd", "VisioDocument", "not supported: Visio drawing; export it as PDF"],
    ["a.pub", "Quill", "not supported: Publisher document; export it as PDF"],
    ["Thumbs.db", "Catalog", "not supported: a file of an old Windows program; export it as text or PDF"],
  ])("that nobody reads are skipped with what they are: %s", async (source, stream, reason) => {
    expect(await loadMade(source, makeCompoundFile({ [stream]: LARGE }))).toEqual({ status: "skipped", reason });
  });

  it.each(["a.doc", "a.dot", "a.XLS", "a.msg"])("fail when half of %s is there", async (source) => {
    const half = makeCompoundFile({ WordDocument: LARGE }).subarray(0, 100_000);
    expect(await loadMade(source, half)).toEqual({
      status: "failed",
      reason: "a damaged old Office file or Outlook message: its list of parts is missing or broken",
    });
    expect(await loadMade("thumbs.db", half)).toMatchObject({ status: "skipped" });
  });
});

/** A file whose table has more sectors than the header has places for: the rest stands in a list behind it. */
function withFurtherTables(content: Buffer): Buffer {
  const sector = 512;
  const count = Math.ceil(content.length / sector);
  const tables = Math.ceil((count + 200) / 128);
  const list = count;
  const more = count + 1;
  const firstTable = count + 2;
  const small = makeCompoundFile({ Huge: Buffer.alloc(5_000) });
  const header = Buffer.from(small.subarray(0, sector));
  const entries = Buffer.from(
    small.subarray((small.readUInt32LE(48) + 1) * sector, (small.readUInt32LE(48) + 2) * sector),
  );
  entries.writeUInt32LE(0, 128 + 116);
  entries.writeUInt32LE(content.length, 128 + 120);
  header.writeUInt32LE(tables, 44);
  header.writeUInt32LE(list, 48);
  header.writeUInt32LE(more, 68);
  const places = Array.from({ length: tables }, (_, index) => firstTable + index);
  header.set(numbers(places.slice(0, 109)), 76);
  const further = Buffer.alloc(sector, 0xff);
  further.set(numbers(places.slice(109)));
  further.writeUInt32LE(0xfffffffe, sector - 4);
  const chain = Array.from({ length: count }, (_, index) => (index + 1 < count ? index + 1 : 0xfffffffe));
  const table = Buffer.alloc(tables * sector, 0xff);
  table.set(numbers([...chain, 0xfffffffe, 0xfffffffc]));
  const body = Buffer.alloc(count * sector);
  body.set(content);
  return Buffer.concat([header, body, entries, further, table]);
}
