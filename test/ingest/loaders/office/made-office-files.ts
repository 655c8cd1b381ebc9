// Small slides, spreadsheets and OpenDocument files, written as the office programs write them.
import { makePackage } from "../made-files.ts";

type Extra = Readonly<Record<string, string | Uint8Array>>;

const RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const DRAWING = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"';

function relations(entries: readonly (readonly [id: string, type: string, target: string])[]): string {
  const list = entries.map(
    ([id, type, target]) => `<Relationship Id="${id}" Type="${RELATIONS}/${type}" Target="${target}"/>`,
  );
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${list.join("")}</Relationships>`;
}

/** A slide as it is made for {@link makePptx}. */
export interface MadeSlide {
  /** What stands in the tree of shapes. */
  readonly shapes: string;
  /** Text of the speaker's notes. */
  readonly notes?: string;
  readonly isHidden?: boolean;
  /** Relations of the slide besides its notes. */
  readonly relations?: readonly (readonly [id: string, type: string, target: string])[];
}

/** A presentation of these slides. */
export function makePptx(slides: readonly MadeSlide[], extra: Extra = {}): Uint8Array {
  const tree = (shapes: string): string => `<p:cSld><p:spTree><p:nvGrpSpPr/><p:grpSpPr/>${shapes}</p:spTree></p:cSld>`;
  const files: Record<string, string | Uint8Array> = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "_rels/.rels": relations([["rId1", "officeDocument", "ppt/presentation.xml"]]),
    "ppt/presentation.xml": `<p:presentation xmlns:p="p" xmlns:r="${RELATIONS}"><p:sldIdLst>${slides.map((_, index) => `<p:sldId id="${256 + index}" r:id="rId${index + 1}"/>`).join("")}</p:sldIdLst></p:presentation>`,
    // Written the other way round: the order is that of the list above.
    "ppt/_rels/presentation.xml.rels": relations(
      slides
        .map((_, index) => [`rId${index + 1}`, "slide", `slides/slide${slides.length - index}.xml`] as const)
        .toReversed(),
    ),
  };
  for (const [index, { shapes, notes, isHidden = false, relations: own = [] }] of slides.entries()) {
    const number = slides.length - index;
    files[`ppt/slides/slide${number}.xml`] =
      `<p:sld xmlns:p="p" ${DRAWING} xmlns:r="${RELATIONS}"${isHidden ? ' show="0"' : ""}>${tree(shapes)}</p:sld>`;
    const entries =
      notes === undefined
        ? own
        : ([...own, ["rId99", "notesSlide", `../notesSlides/notesSlide${number}.xml`]] as const);
    files[`ppt/slides/_rels/slide${number}.xml.rels`] = relations(entries);
    if (notes === undefined) continue;
    files[`ppt/notesSlides/notesSlide${number}.xml`] =
      `<p:notes xmlns:p="p" ${DRAWING}>${tree(shape(["1"], "sldNum") + shape([notes], "body"))}</p:notes>`;
  }
  return makePackage({ ...files, ...extra });
}

/** A shape with these paragraphs: texts, or their XML. `place` is what it is for; a text box has none. */
export function shape(paragraphs: readonly string[], place?: string): string {
  const mark = place === undefined ? "" : `<p:ph${place === "" ? "" : ` type="${place}"`} idx="1"/>`;
  const body = paragraphs.map((one) =>
    one.startsWith("<a:p>") ? one : `<a:p><a:r><a:rPr lang="en"/><a:t>${one}</a:t></a:r></a:p>`,
  );
  return `<p:sp><p:nvSpPr><p:cNvPr id="2" name="x"/><p:cNvSpPr/><p:nvPr>${mark}</p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/>${body.join("")}</p:txBody></p:sp>`;
}

/** A paragraph of a shape with these properties, such as `lvl="1"`. */
export function slideParagraph(text: string, properties: string): string {
  return `<a:p><a:pPr ${properties}/><a:r><a:t>${text}</a:t></a:r></a:p>`;
}

/** A sheet as it is made for {@link makeXlsx}. */
export interface MadeSheet {
  readonly name: string;
  /** The rows, and what follows them. */
  readonly data: string;
  readonly after?: string;
  readonly state?: string;
}

/** A workbook of these sheets. */
export function makeXlsx(
  sheets: readonly MadeSheet[],
  {
    strings = [],
    formats = [],
    extra = {},
  }: { readonly strings?: readonly string[]; readonly formats?: readonly string[]; readonly extra?: Extra } = {},
): Uint8Array {
  const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
  const files: Record<string, string> = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "_rels/.rels": relations([["rId1", "officeDocument", "xl/workbook.xml"]]),
    "xl/workbook.xml": `<workbook ${main} xmlns:r="${RELATIONS}"><workbookPr/><sheets>${sheets.map(({ name, state }, index) => `<sheet name="${name}" sheetId="${index + 1}"${state === undefined ? "" : ` state="${state}"`} r:id="rId${index + 1}"/>`).join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": relations([
      ...sheets.map((_, index) => [`rId${index + 1}`, "worksheet", `worksheets/sheet${index + 1}.xml`] as const),
      ["rId90", "sharedStrings", "sharedStrings.xml"],
      ["rId91", "styles", "/xl/styles.xml"],
    ]),
    "xl/sharedStrings.xml": `<sst ${main}>${strings.map((one) => `<si>${one.startsWith("<") ? one : `<t>${one}</t>`}</si>`).join("")}</sst>`,
    "xl/styles.xml": `<styleSheet ${main}><numFmts>${formats.map((code, index) => `<numFmt numFmtId="${164 + index}" formatCode="${code.replaceAll('"', "&quot;")}"/>`).join("")}</numFmts><cellXfs><xf numFmtId="0"/>${formats.map((_, index) => `<xf numFmtId="${164 + index}"/>`).join("")}<xf numFmtId="14"/></cellXfs></styleSheet>`,
  };
  for (const [index, { data, after = "" }] of sheets.entries()) {
    files[`xl/worksheets/sheet${index + 1}.xml`] =
      `<worksheet ${main} xmlns:r="${RELATIONS}"><sheetData>${data}</sheetData>${after}</worksheet>`;
  }
  return makePackage({ ...files, ...extra });
}

/** A row of a workbook from its cells: words as inline strings, numbers as they are; null leaves a cell out. */
export function sheetRow(number: number, cells: readonly (string | number | null)[]): string {
  const made = cells.map((cell, index) => {
    const place = `${String.fromCodePoint(65 + index)}${number}`;
    if (cell === null) return "";
    if (typeof cell === "number") return `<c r="${place}"><v>${cell}</v></c>`;
    return cell.startsWith("<c") ? cell : `<c r="${place}" t="inlineStr"><is><t>${cell}</t></is></c>`;
  });
  return `<row r="${number}">${made.join("")}</row>`;
}

/** Options of {@link makeOpenDocument}. */
export interface OpenDocumentOptions {
  /** The automatic styles of the content. */
  readonly styles?: string;
  readonly title?: string;
  readonly extra?: Extra;
}

/** An OpenDocument file of a kind (`text`, `presentation`, `spreadsheet`) with this body. */
export function makeOpenDocument(
  kind: string,
  body: string,
  { styles = "", title, extra = {} }: OpenDocumentOptions = {},
): Uint8Array {
  const names = ["office", "text", "table", "draw", "presentation", "style", "svg", "dc", "meta"]
    .map((prefix) => `xmlns:${prefix}="urn:oasis:names:tc:opendocument:xmlns:${prefix}:1.0"`)
    .join(" ");
  const named = title === undefined ? "" : `<dc:title>${title}</dc:title>`;
  return makePackage({
    mimetype: `application/vnd.oasis.opendocument.${kind}`,
    "content.xml": `<?xml version="1.0" encoding="UTF-8"?><office:document-content ${names}><office:automatic-styles>${styles}</office:automatic-styles><office:body><office:${kind}>${body}</office:${kind}></office:body></office:document-content>`,
    "styles.xml": `<office:document-styles ${names}><office:styles><style:style style:name="Title" style:family="paragraph"/></office:styles></office:document-styles>`,
    "meta.xml": `<office:document-meta ${names}><office:meta>${named}</office:meta></office:document-meta>`,
    "META-INF/manifest.xml":
      '<manifest:manifest xmlns:manifest="m"><manifest:file-entry manifest:full-path="/"/></manifest:manifest>',
    ...extra,
  });
}
