import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createLoadThread } from "../../../ingest/loaders/load-apart.ts";
import { loadBytes, type LoadOutcome } from "../../../ingest/loaders/load-document.ts";
import { loadPptx } from "../../../ingest/loaders/office/pptx.ts";
import { unpack } from "../../../ingest/loaders/packed-files.ts";
import type { LoadedDocument } from "../../../src/domain/document.ts";
import { makeDocx, makeEpub, makePackage, makePdf, paragraph } from "./made-files.ts";
import { makeCompoundFile } from "./made-compound-files.ts";

const load = (source: string, bytes: Uint8Array): Promise<LoadOutcome> => loadBytes({ root: "/r", source, bytes });

async function loaded(source: string, bytes: Uint8Array): Promise<LoadedDocument & { readonly note: string }> {
  const outcome = await load(source, bytes);
  if (outcome.status !== "loaded") throw new Error(outcome.reason);
  return { ...outcome.document, note: outcome.note };
}

describe("PDF", () => {
  it("gives the text of each page with its place, and the title of the properties", async () => {
    const pages = [["First line of a page that goes", "on in the next one.", "", "New paragraph."], ["Second page."]];
    const document = await loaded("paper.pdf", makePdf(pages, { title: "My paper" }));
    expect(document).toMatchObject({ language: "pdf", mediaType: "application/pdf", title: "My paper", note: "" });
    expect(document.pages.map(({ page, start, end }) => [page, document.text.slice(start, end)])).toEqual([
      [1, "First line of a page that goes\non in the next one.\n\nNew paragraph."],
      [2, "Second page."],
    ]);
    expect(document.text).toBe(
      "First line of a page that goes\non in the next one.\n\nNew paragraph.\n\nSecond page.\n",
    );
  });

  it.each(["Untitled", "(anonymous)", "PowerPoint Presentation", "Slide 1", "report.docx"])(
    "takes the title %s for none",
    async (title) => {
      expect((await loaded("a.pdf", makePdf([["Text."]], { title }))).title).toBeNull();
    },
  );

  it("keeps the lines of a paragraph together that stand far apart", async () => {
    const wrapped = [
      "The keeper of the",
      "lamp walks to the",
      "pier at dusk, and",
      "then along it to",
      "the very end, and",
      "back home by the",
      "road.",
    ];
    const wide = makePdf([[...wrapped, "", ...wrapped]], { lineDistance: 24 });
    const text = wrapped.join("\n");
    expect((await loaded("a.pdf", wide)).text).toBe(`${text}\n\n${text}\n`);
    // Where no sentence goes on in a next line, each line is an item by itself.
    const items = makePdf([["Lamps", "Oil", "Rope"]], { lineDistance: 24 });
    expect((await loaded("a.pdf", items)).text).toBe("Lamps\n\nOil\n\nRope\n");
  });

  it("goes on with a sentence over the page, without the lines that repeat on each", async () => {
    const words = ["The gate is", "shut at dusk unless the", "keeper is away."];
    const pages = words.map((line, index) => ["By-laws of Lindmouth", line, `Page ${String(index + 1)}`]);
    const document = await loaded("a.pdf", makePdf([...pages, ["By-laws of Lindmouth", "Lamps are lit.", "Page 4"]]));
    expect(document.text).toBe(
      "By-laws of Lindmouth\nThe gate is\nPage 1\nshut at dusk unless the\nkeeper is away.\n\nLamps are lit.\n",
    );
    expect(document.pages.map(({ start, end }) => document.text.slice(start, end)).slice(1)).toEqual([
      "shut at dusk unless the",
      "keeper is away.",
      "Lamps are lit.",
    ]);
  });

  it("has numbered headings over all its pages, and no other line for a heading", async () => {
    const pages = [
      ["1.0. Tolls", "1.0.1. A barge pays.", "# a comment"],
      ["1.1. Fairs", "1.1.1. They are in June."],
    ];
    const document = await loaded("a.pdf", makePdf(pages));
    expect(document.pages.map(({ start, end }) => document.text.slice(start, end))).toEqual([
      "### 1.0. Tolls\n1.0.1. A barge pays.\n    # a comment",
      "### 1.1. Fairs\n1.1.1. They are in June.",
    ]);
  });

  it("has a heading where a line in larger letters counts on, right above its text", async () => {
    const terms = [
      "Terms of the ferry",
      "It crosses by day.",
      "1 Tolls",
      "A barge pays a shilling,",
      "a punt half of it.",
    ];
    const pages = [[...terms, "2 Fairs", "They are in June."]];
    const largeLines = ["Terms of the ferry", "1 Tolls", "2 Fairs"];
    expect((await loaded("a.pdf", makePdf(pages, { largeLines }))).text).toBe(
      "Terms of the ferry\n\nIt crosses by day.\n\n" +
        "## 1 Tolls\n\nA barge pays a shilling,\na punt half of it.\n\n## 2 Fairs\n\nThey are in June.\n",
    );
    // A sentence goes on in smaller letters, and items of a list are no headings.
    const notice = makePdf([["Mind the ferry", "and its wake."]], { largeLines: ["Mind the ferry"] });
    expect((await loaded("a.pdf", notice)).text).toBe("Mind the ferry\nand its wake.\n");
    const list = makePdf([["1 Rope", "", "2 Lamp", "", "3 Oil"]]);
    expect((await loaded("a.pdf", list)).text).toBe("1 Rope\n\n2 Lamp\n\n3 Oil\n");
  });

  it("keeps the columns of a table apart", async () => {
    const lines = ["Tolls of the mill", "", "Boat\tDay\tWeek", "Punt\t4\t20", "Sea barge\t9\t45"];
    expect((await loaded("a.pdf", makePdf([lines]))).text).toBe(
      "Tolls of the mill\n\n| Boat | Day | Week |\n| --- | --- | --- |\n| Punt | 4 | 20 |\n| Sea barge | 9 | 45 |\n",
    );
  });

  it("is called after its file however long it is, unlike other texts", async () => {
    const long = Array.from(
      { length: 600 },
      (_, index) => `Clause ${String(index)} of the lease of the mill by the weir.`,
    );
    expect((await loaded("Lindmouth lease.pdf", makePdf([long]))).title).toBe("Lindmouth lease");
    expect((await loaded("Lindmouth lease.txt", new TextEncoder().encode(long.join("\n")))).title).toBeNull();
  });

  it("knows a PDF whatever its name is", async () => {
    expect((await loaded("paper", makePdf([["Text."]]))).language).toBe("pdf");
  });

  it("says which pages hold no text", async () => {
    const { note, pages } = await loaded("a.pdf", makePdf([["Text."], [], []]));
    expect(note).toBe("no text on pages 2, 3 of 3: scanned, or empty");
    expect(pages.map(({ page }) => page)).toEqual([1]);
  });

  it.each<[string, Uint8Array, LoadOutcome]>([
    [
      "one without text as scanned",
      makePdf([[], []]),
      {
        status: "skipped",
        reason: "no text in it: it seems to be scanned; a program for text recognition (OCR) can add the text",
      },
    ],
    [
      "one with a password as encrypted",
      makePdf([["Text."]], { isLocked: true }),
      { status: "skipped", reason: "encrypted: it needs a password to be opened; save it without one" },
    ],
    [
      "a damaged one as failed",
      new TextEncoder().encode("%PDF-1.4\nnothing \u0000 more"),
      { status: "failed", reason: expect.stringMatching(/^cannot be read as pdf: .+/) },
    ],
    [
      "half of one as failed",
      makePdf([["Text."]]).subarray(0, 300),
      { status: "failed", reason: expect.stringMatching(/^cannot be read as pdf: .+/) },
    ],
  ])("reports %s", async (_name, bytes, outcome) => {
    expect(await load("a.pdf", bytes)).toEqual(outcome);
  });
});

describe("Word", () => {
  it("gives Markdown with headings, lists and tables", async () => {
    const cell = (text: string): string => `<w:tc>${paragraph(text)}</w:tc>`;
    const document = await loaded(
      "report.docx",
      makeDocx(
        paragraph("The report", "Title") +
          paragraph("Part one", "Heading2") +
          paragraph("Some snake_case words.") +
          `<w:tbl><w:tr>${cell("a")}${cell("b")}</w:tr><w:tr>${cell("1")}${cell("2")}</w:tr></w:tbl>`,
      ),
    );
    expect(document).toMatchObject({ language: "docx", title: "The report", note: "", pages: [] });
    expect(document.text).toBe("# The report\n\n## Part one\n\nSome snake_case words.\n\n| a | b |\n| 1 | 2 |\n");
  });

  it("takes the title of the properties where there is no heading", async () => {
    const core =
      '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>From the core</dc:title></cp:coreProperties>';
    const document = await loaded("a.docx", makeDocx(paragraph("Text."), { "docProps/core.xml": core }));
    expect(document.title).toBe("From the core");
  });

  it("reports a damaged one as failed", async () => {
    expect(await load("a.docx", makeDocx("<w:p"))).toMatchObject({
      status: "failed",
      reason: expect.stringMatching(/^cannot be read as docx: /),
    });
  });

  it("skips one with a password", async () => {
    const locked = makeCompoundFile({ EncryptedPackage: Buffer.from("locked"), EncryptionInfo: Buffer.alloc(8) });
    expect(await load("a.docx", locked)).toEqual({
      status: "skipped",
      reason: "encrypted: an Office file with a password; save it without one",
    });
  });

  it("skips one that unpacks to too much", async () => {
    const bomb = makeDocx(paragraph("x".repeat(201_000_000)));
    expect(bomb.length).toBeLessThan(1_000_000);
    expect(await load("a.docx", bomb)).toEqual({ status: "skipped", reason: "too large when unpacked" });
    // The same parts are counted for slides and workbooks.
    expect(loadPptx(bomb)).toEqual({ unreadable: "too large when unpacked" });
  });
});

describe("e-books", () => {
  it("gives the chapters in reading order, without the table of contents", async () => {
    const book = makeEpub(["<h1>One</h1><p>First <b>chapter</b>.</p>", "<h1>Two</h1><p>Second.</p>"], {
      title: "The book",
    });
    const document = await loaded("a.epub", book);
    expect(document).toMatchObject({ language: "epub", title: "The book", note: "" });
    expect(document.text).toBe("# One\n\nFirst **chapter**.\n\n# Two\n\nSecond.\n");
  });

  it("reads the chapters of an e-book whose addresses hold a percent sign that escapes nothing", async () => {
    const list =
      '<package><metadata><title>B</title></metadata><manifest><item id="a" href="100%.xhtml"/><item id="b" href="c%200.xhtml"/></manifest>' +
      '<spine><itemref idref="a"/><itemref idref="b"/></spine></package>';
    const chapter = (words: string): string => `<html><body><p>${words}</p></body></html>`;
    const extra = { "OPS/book.opf": list, "OPS/100%.xhtml": chapter("All of it."), "OPS/c 0.xhtml": chapter("More.") };
    const document = await loaded("a.epub", makeEpub([], { title: "B", extra }));
    expect(document).toMatchObject({ text: "All of it.\n\nMore.\n", note: "" });
  });

  it("reads chapters in UTF-16, which e-books may be in", async () => {
    const list =
      '<package><metadata><title>B</title></metadata><manifest><item id="a" href="a.xhtml"/></manifest><spine><itemref idref="a"/></spine></package>';
    const chapter = Buffer.from("\ufeff<html><body><p>Größe und Maß.</p></body></html>", "utf16le");
    const extra = { "OPS/book.opf": list, "OPS/a.xhtml": chapter };
    expect((await loaded("a.epub", makeEpub([], { title: "B", extra }))).text).toBe("Größe und Maß.\n");
  });

  it("skips a book that is copy-protected", async () => {
    const encryption =
      '<encryption xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData><enc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/></enc:EncryptedData></encryption>';
    const book = makeEpub(["<p>x</p>"], { title: "B", extra: { "META-INF/encryption.xml": encryption } });
    expect(await load("a.epub", book)).toEqual({
      status: "skipped",
      reason: "encrypted: the book is copy-protected",
    });
  });

  it("reports a book without a list of chapters as failed", async () => {
    const book = makePackage({ mimetype: "application/epub+zip", "META-INF/container.xml": "<container/>" });
    expect(await load("a.epub", book)).toEqual({
      status: "failed",
      reason: "cannot be read as epub: it names no list of its chapters",
    });
  });
});

describe("other packages", () => {
  it.each([
    ["binary Excel workbook (.xlsb); save it as .xlsx", { "xl/workbook.bin": "x" }],
    ["OpenDocument graphics", { mimetype: "application/vnd.oasis.opendocument.graphics", "content.xml": "<x/>" }],
    ["Java archive", { "META-INF/MANIFEST.MF": "x" }],
    [
      "Apple Pages, Numbers or Keynote document; export it as .docx, .xlsx or .pptx",
      { "Index/Document.iwa": "x", "preview.jpg": "x" },
    ],
    ["ZIP archive; unpack it to have its files read", { "a.txt": "text" }],
  ])("skips an %s and names it", async (kind, files) => {
    expect(await load("a.docx", makePackage(files))).toEqual({ status: "skipped", reason: `not supported: ${kind}` });
  });

  it.each([
    ["xlsx", { "xl/workbook.xml": "<x/>" }],
    ["pptx", { "ppt/presentation.xml": "<x/>" }],
    ["odt", { mimetype: "application/vnd.oasis.opendocument.text", "content.xml": "<x/>" }],
  ])("reports one as failed that only looks as %s", async (language, files) => {
    expect(await load("a.zip", makePackage(files))).toMatchObject({
      status: "failed",
      reason: expect.stringContaining(`cannot be read as ${language}: `),
    });
  });

  it("counts what comes out, whatever the package says of its sizes", () => {
    const bytes = makePackage({ "a.xml": "x".repeat(100_000) });
    // Every place that names the size says 10 bytes.
    const lying = Buffer.from(bytes);
    for (
      let at = lying.indexOf(Uint8Array.of(0xa0, 0x86, 1, 0));
      at !== -1;
      at = lying.indexOf(Uint8Array.of(0xa0, 0x86, 1, 0))
    )
      lying.writeUInt32LE(10, at);
    expect(unpack(lying, () => true, { maxBytes: 99_999 })).toBeNull();
    expect(unpack(bytes, () => true, { maxBytes: 100_000 })?.get("a.xml")).toHaveLength(100_000);
  });
});

describe("the thread that loads", () => {
  it("gives up a source that takes too long, and goes on with the next one", async () => {
    const thread = createLoadThread({ timeLimitMs: 1 });
    await expect(thread.load({ loader: "docx", content: makeDocx(paragraph("x")) })).rejects.toThrow(
      /more than 0.001 s/,
    );
    const patient = createLoadThread();
    expect(await patient.load({ loader: "json", content: "{}" })).toMatchObject({ text: "{}" });
    await expect(patient.load({ loader: "notebook", content: "no" })).rejects.toThrow(/JSON/);
    expect(await patient.load({ loader: "json", content: "[]" })).toMatchObject({ text: "[]" });
  });

  it("gives up a source that unpacks to too much, and goes on with the next one", async () => {
    const zeros = deflateSync(Buffer.alloc(150_000_000), { level: 1 });
    const head = `%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Count 1 /Kids [3 0 R] >>\nendobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>\nendobj\n4 0 obj\n<< /Filter /FlateDecode /Length ${zeros.length} >>\nstream\n`;
    const bomb = Buffer.concat([
      Buffer.from(head),
      zeros,
      Buffer.from("\nendstream\nendobj\ntrailer\n<< /Size 5 /Root 1 0 R >>\n%%EOF\n"),
    ]);
    const thread = createLoadThread({ maxMemoryMb: 64 });
    await expect(thread.load({ loader: "pdf", content: bomb })).rejects.toThrow("more than 64 MB of memory");
    expect(await thread.load({ loader: "json", content: "{}" })).toMatchObject({ text: "{}" });
  });

  it("passes the reason of an abort on", async () => {
    const reason = new Error("enough");
    const controller = new AbortController();
    const loading = createLoadThread().load({ loader: "json", content: "{}" }, { signal: controller.signal });
    controller.abort(reason);
    await expect(loading).rejects.toBe(reason);
  });
});
