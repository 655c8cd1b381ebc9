import { describe, expect, it } from "vitest";
import { loadedMade, loadMade } from "../load-made.ts";
import { makeOpenDocument, type OpenDocumentOptions } from "./made-office-files.ts";

const text = async (body: string, options: OpenDocumentOptions = {}): Promise<string> =>
  (await loadedMade("a.odt", makeOpenDocument("text", body, options))).text;
const cell = (words: string, rest = ""): string =>
  `<table:table-cell ${rest}><text:p>${words}</text:p></table:table-cell>`;
const valueCell = (type: string, value: string, shown: string): string =>
  cell(
    shown,
    `office:value-type="${type}" office:${type === "date" ? "date-value" : type === "boolean" ? "boolean-value" : "value"}="${value}"`,
  );

describe("OpenDocument texts", () => {
  it("gives headings, paragraphs and the title", async () => {
    const body =
      '<text:p text:style-name="P1">The <text:span>report</text:span></text:p><text:h text:outline-level="2">Part<text:s/>one</text:h>' +
      "<text:section><text:p>Some  snake_case<text:tab/>words<text:line-break/>and <text:a>a link</text:a>.</text:p></text:section>";
    const styles = '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/>';
    const document = await loadedMade(
      "a.odt",
      makeOpenDocument("text", body, { styles, title: "From the properties" }),
    );
    expect(document).toMatchObject({
      language: "odt",
      mediaType: "application/vnd.oasis.opendocument.text",
      title: "The report",
      note: "",
    });
    expect(document.text).toBe("# The report\n\n## Part one\n\nSome snake_case words\nand a link.\n");
    const plain = makeOpenDocument("text", "<text:p>Text.</text:p>", { title: "From the properties" });
    expect((await loadedMade("a.odt", plain)).title).toBe("From the properties");
  });

  it("leaves out what was deleted, comments and the table of contents", async () => {
    const body =
      "<text:tracked-changes><text:changed-region><text:deletion><text:p>DELETED</text:p></text:deletion></text:changed-region></text:tracked-changes>" +
      "<text:table-of-content><text:index-body><text:p>CONTENTS</text:p></text:index-body></text:table-of-content>" +
      '<text:p>Kept<text:change text:change-id="c1"/><office:annotation><dc:creator>ANN</dc:creator><text:p>COMMENT</text:p></office:annotation> and <text:change-start/>added<text:change-end/>.</text:p>';
    expect(await text(body)).toBe("Kept and added.\n");
  });

  it("gives lists with their levels and numbers, and numbered headings as headings", async () => {
    const item = (inside: string): string => `<text:list-item>${inside}</text:list-item>`;
    const body =
      `<text:list text:style-name="L1">${item("<text:p>One</text:p>")}${item(`<text:p>Two</text:p><text:list>${item("<text:p>Inner</text:p>")}</text:list>`)}</text:list>` +
      `<text:list>${item('<text:h text:outline-level="1">Numbered heading</text:h>')}</text:list>`;
    const styles =
      '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1"/><text:list-level-style-bullet text:level="2"/></text:list-style>';
    expect(await text(body, { styles })).toBe("1. One\n2. Two\n  - Inner\n\n# Numbered heading\n");
  });

  it("gives tables, with a rule under a header", async () => {
    const table = `<table:table><table:table-column/><table:table-header-rows><table:table-row>${cell("City")}${cell("People")}</table:table-row></table:table-header-rows><table:table-row>${cell("Paris")}<table:covered-table-cell/></table:table-row></table:table>`;
    expect(await text(table)).toBe("| City | People |\n| --- | --- |\n| Paris |  |\n");
  });

  it("gives footnotes at the end, text in frames, and descriptions of pictures", async () => {
    const body =
      "<text:p>Said<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>A note.</text:p></text:note-body></text:note> here." +
      "<draw:frame><draw:text-box><text:p>In a box.</text:p></draw:text-box></draw:frame><draw:frame><draw:image/><svg:title>Short</svg:title><svg:desc>A red door</svg:desc></draw:frame></text:p><text:p>Next.</text:p>";
    expect(await text(body)).toBe("Said[1] here.\n\nIn a box.\n\nPicture: A red door\n\nNext.\n\n[1] A note.\n");
  });

  it("skips one with a password, and other kinds of OpenDocument", async () => {
    const locked = makeOpenDocument("text", "", {
      extra: {
        "META-INF/manifest.xml": "<m:manifest><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>",
        "content.xml": "scrambled",
      },
    });
    expect(await loadMade("a.odt", locked)).toEqual({
      status: "skipped",
      reason: "encrypted: it needs a password to be opened",
    });
    expect(await loadMade("a.odg", makeOpenDocument("graphics", ""))).toEqual({
      status: "skipped",
      reason: "not supported: OpenDocument graphics",
    });
  });

  it("fails where the content breaks off, and skips what unpacks to too much", async () => {
    const broken = makeOpenDocument("text", "", { extra: { "content.xml": "<office:document-content><office:body>" } });
    expect(await loadMade("a.odt", broken)).toEqual({
      status: "failed",
      reason: "cannot be read as odt: its XML breaks off",
    });
    const bomb = makeOpenDocument("text", `<text:p>${"x".repeat(201_000_000)}</text:p>`);
    expect(await loadMade("a.odt", bomb)).toEqual({ status: "skipped", reason: "too large when unpacked" });
  });
});

describe("OpenDocument presentations", () => {
  const frame = (kind: string, inside: string, rest = ""): string =>
    `<draw:frame presentation:class="${kind}" ${rest}><draw:text-box>${inside}</draw:text-box></draw:frame>`;
  const list = (...items: readonly string[]): string =>
    `<text:list>${items.map((item) => `<text:list-item><text:p>${item}</text:p></text:list-item>`).join("")}</text:list>`;

  it("gives a page for each slide, with notes, and says what is hidden", async () => {
    const body =
      `<draw:page draw:name="page1">${frame("title", "<text:p>Welcome</text:p>")}${frame("subtitle", list("To all"))}${frame("footer", "<text:p>FOOTER</text:p>")}<presentation:notes>${frame("page-number", "<text:p>1</text:p>")}${frame("notes", "<text:p>Smile.</text:p>")}</presentation:notes></draw:page>` +
      `<draw:page draw:name="page2" draw:style-name="dp2">${frame("title", "<text:p>Click to add</text:p>", 'presentation:placeholder="true"')}${frame("outline", list("One", "Two"))}<draw:custom-shape><text:p>Shape</text:p></draw:custom-shape></draw:page>`;
    const styles =
      '<style:style style:name="dp2" style:family="drawing-page"><style:drawing-page-properties presentation:visibility="hidden"/></style:style>';
    const document = await loadedMade("a.odp", makeOpenDocument("presentation", body, { styles }));
    expect(document).toMatchObject({ language: "odp", title: "Welcome", note: "read with what is hidden: slide 2" });
    expect(document.pages.map(({ page, start, end }) => [page, document.text.slice(start, end)])).toEqual([
      [1, "# Welcome\n\nTo all\n\n## Speaker notes\n\nSmile.\n"],
      [2, "# Slide 2 (hidden slide)\n\n- One\n- Two\n\nShape\n"],
    ]);
  });

  it("gives tables, and the values of a chart that is embedded", async () => {
    const chart = `<office:document-content><office:body><office:chart><chart:chart><chart:title><text:p>Sales</text:p></chart:title><table:table><table:table-rows><table:table-row>${cell("North")}${cell("4")}</table:table-row></table:table-rows></table:table></chart:chart></office:chart></office:body></office:document-content>`;
    const body = `<draw:page><draw:frame><table:table><table:table-row>${cell("a")}${cell("b")}</table:table-row></table:table></draw:frame><draw:frame><draw:object xlink:href="./Object 1"/></draw:frame></draw:page>`;
    const document = await loadedMade(
      "a.odp",
      makeOpenDocument("presentation", body, { extra: { "Object 1/content.xml": chart } }),
    );
    expect(document.text).toBe("# Slide 1\n\n| a | b |\n\nSales\n\n| North | 4 |\n");
  });
});

describe("OpenDocument spreadsheets", () => {
  const row = (cells: string, rest = ""): string => `<table:table-row ${rest}>${cells}</table:table-row>`;

  it("gives sheets and rows with the names of their columns", async () => {
    const body =
      `<table:table table:name="Cities"><table:table-column/>${row(cell("City") + cell("Founded") + cell("Share") + cell("Open"))}` +
      row(
        cell("Paris") +
          valueCell("date", "2026-11-20T14:30:00", "20 Nov") +
          valueCell("percentage", "0.125", "13 %") +
          valueCell("boolean", "true", "WAHR"),
      ) +
      row('<table:table-cell table:number-columns-repeated="16384"/>', 'table:number-rows-repeated="1000"') +
      row(
        `${cell("Lyon<office:annotation><text:p>COMMENT</text:p></office:annotation>")}${valueCell("currency", "1234.5", "1.234,50 €").replace("office:value=", 'office:currency="EUR" office:value=')}`,
      ) +
      "</table:table>";
    const document = await loadedMade("a.ods", makeOpenDocument("spreadsheet", body));
    expect(document).toMatchObject({ language: "ods", note: "" });
    expect(document.text).toBe(
      "# Cities\n\n| row 2 | City: Paris | Founded: 2026-11-20 14:30 | Share: 12.5% | Open: TRUE |\n| row 1003 | City: Lyon | Founded: 1234.5 EUR |\n",
    );
  });

  it("repeats rows and merged cells, marks hidden sheets, and leaves out copies of other files", async () => {
    const sheet = (name: string, rows: string, style = ""): string =>
      `<table:table table:name="${name}" table:style-name="${style}">${rows}</table:table>`;
    const body =
      sheet(
        "One",
        row(cell("Region") + cell("Sales")) +
          row(cell("North", 'table:number-rows-spanned="2"') + valueCell("float", "1", "1")) +
          row(`<table:covered-table-cell/>${valueCell("float", "2", "2")}`),
      ) +
      sheet("Two", row(cell("same"), 'table:number-rows-repeated="2"'), "ta2") +
      sheet("'file:///x.ods'#S", `<table:table-source/>${row(cell("FOREIGN"))}`);
    const styles =
      '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>';
    const document = await loadedMade("a.ods", makeOpenDocument("spreadsheet", body, { styles }));
    expect(document.text).toBe(
      "# One\n\n| row 2 | Region: North | Sales: 1 |\n| row 3 | Region: North | Sales: 2 |\n\n# Two (hidden sheet)\n\n| row 1 | same |\n| row 2 | same |\n",
    );
    expect(document.note).toBe("read with what is hidden: sheet Two");
  });

  it("says that it was cut where cells are repeated without end", async () => {
    const endless = cell("many words", 'table:number-columns-repeated="16384"');
    const body = `<table:table table:name="S">${row(endless, 'table:number-rows-repeated="1048576"')}</table:table>`;
    const { text: made, note } = await loadedMade("a.ods", makeOpenDocument("spreadsheet", body));
    expect(made.length).toBeLessThanOrEqual(2_000_000);
    expect(note).toMatch(/^cut in sheet S: /);
  });
});
