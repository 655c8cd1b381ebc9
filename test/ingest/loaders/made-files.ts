// Small files of packed formats, built here so that the repository holds no foreign ones.
import { crc32, deflateRawSync } from "node:zlib";
import { strToU8, Zip, type ZipInputFile } from "fflate";

/** Options of {@link makePdf}. */
export interface PdfOptions {
  readonly title?: string;
  /** Adds a lock whose password nobody knows. */
  readonly isLocked?: boolean;
  /** How far a line is below the one before; letters are 12 high. @default 14 */
  readonly lineDistance?: number;
  /** Lines in letters 16 high. */
  readonly largeLines?: readonly string[];
}

/** Width of what stands between two tabs in a PDF, in points. */
const COLUMN_WIDTH = 120;

/** A PDF whose pages hold these lines; an empty line is a gap between paragraphs, a tab one between columns. Texts are of ASCII. */
export function makePdf(
  pages: readonly (readonly string[])[],
  { title, isLocked = false, lineDistance = 14, largeLines = [] }: PdfOptions = {},
): Uint8Array {
  const objects: string[] = [];
  const add = (body: string): number => objects.push(body);
  add("<< /Type /Catalog /Pages 2 0 R >>");
  add(`<< /Type /Pages /Count ${pages.length} /Kids [${pages.map((_, index) => `${4 + index * 2} 0 R`).join(" ")}] >>`);
  add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
  for (const lines of pages) {
    const shown = lines
      .map((line) => {
        const cells = line.split("\t").map((cell) => `(${cell.replaceAll(/[\\()]/g, String.raw`\$&`)}) Tj`);
        const size = largeLines.includes(line) ? 16 : 12;
        return `/F1 ${size} Tf ${cells.join(` ${COLUMN_WIDTH} 0 Td `)} ${COLUMN_WIDTH * (1 - cells.length)} -${lineDistance} Td`;
      })
      .join("\n");
    const stream = `BT 72 720 Td\n${shown}\nET`;
    add(
      "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> " +
        `/Contents ${objects.length + 2} 0 R >>`,
    );
    add(`<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`);
  }
  const info = title === undefined ? "" : ` /Info ${add(`<< /Title (${title}) >>`)} 0 R`;
  const lock = isLocked
    ? ` /Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O <${"ab".repeat(32)}> /U <${"cd".repeat(32)}> >> /ID [<${"01".repeat(16)}> <${"01".repeat(16)}>]`
    : "";
  let file = "%PDF-1.4\n";
  const offsets = objects.map((body, index) => {
    const offset = file.length;
    file += `${index + 1} 0 obj\n${body}\nendobj\n`;
    return String(offset).padStart(10, "0");
  });
  const table = offsets.map((offset) => `${offset} 00000 n \n`).join("");
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}`;
  const start = file.indexOf("xref\n");
  return strToU8(
    `${file}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R${info}${lock} >>\nstartxref\n${start}\n%%EOF\n`,
  );
}

/** A ZIP package of files by name. Packed by zlib: a file of 200 million characters takes fflate seconds. */
export function makePackage(files: Readonly<Record<string, string | Uint8Array>>): Uint8Array {
  const parts: Uint8Array[] = [];
  const zip = new Zip((error, part) => {
    if (error !== null) throw error;
    parts.push(part);
  });
  for (const [filename, content] of Object.entries(files)) {
    const bytes = Buffer.from(content);
    const file: ZipInputFile = { filename, size: bytes.length, crc: crc32(bytes), compression: 8 };
    zip.add(file);
    file.ondata?.(null, deflateRawSync(bytes), true);
  }
  zip.end();
  return new Uint8Array(Buffer.concat(parts));
}

/** A Word file whose body is this WordprocessingML. */
export function makeDocx(body: string, extra: Readonly<Record<string, string>> = {}): Uint8Array {
  return makePackage({
    "[Content_Types].xml":
      '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">' +
      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
      '<Default Extension="xml" ContentType="application/xml"/>' +
      '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    "_rels/.rels":
      '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">' +
      '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
    "word/document.xml":
      '<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">' +
      `<w:body>${body}</w:body></w:document>`,
    ...extra,
  });
}

/** A paragraph of a Word file. */
export function paragraph(text: string, style?: string): string {
  const look = style === undefined ? "" : `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>`;
  return `<w:p>${look}<w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;
}

/** An e-book with these chapters, each the inside of a `<body>`; a table of contents comes first. */
export function makeEpub(
  chapters: readonly string[],
  { title, extra = {} }: { readonly title: string; readonly extra?: Readonly<Record<string, string | Uint8Array>> },
): Uint8Array {
  const items = chapters.map((_, index) => `<item id="c${index}" href="text/c%20${index}.xhtml"/>`).join("");
  const order = chapters.map((_, index) => `<itemref idref="c${index}"/>`).join("");
  const page = (body: string): string =>
    `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body>${body}</body></html>`;
  return makePackage({
    mimetype: "application/epub+zip",
    "META-INF/container.xml":
      '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>',
    "OPS/book.opf":
      '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">' +
      `<metadata><dc:title>${title}</dc:title></metadata><manifest><item id="nav" properties="nav" href="nav.xhtml"/>${items}</manifest>` +
      `<spine><itemref idref="nav"/>${order}</spine></package>`,
    "OPS/nav.xhtml": page("<nav><ol><li>Contents</li></ol></nav>"),
    ...Object.fromEntries(chapters.map((body, index) => [`OPS/text/c ${index}.xhtml`, page(body)])),
    ...extra,
  });
}
