import { zipSync } from "fflate";
import { parseHTML } from "linkedom";
import mammoth from "mammoth";
import { htmlToMarkdown } from "../html.ts";
import { type LoadedText, tidyTitle, type Unreadable } from "../loader.ts";
import { unpack } from "../packed-files.ts";
import { descendantsOf, readXmlTree, textOf } from "../xml-elements.ts";

/** The parts of a Word file that hold text and say how it is laid out; pictures and fonts stay packed. */
const TEXT_PARTS = /^(?:\[Content_Types\]\.xml|_rels\/|word\/[^/]+\.xml$|word\/_rels\/|docProps\/core\.xml$)/;
/** Headings of Word that the converter leaves alone. */
const STYLES = ["p.Title => h1:fresh", "p[style-name='Title'] => h1:fresh"];

/**
 * A Word file (`.docx`) as Markdown: headings, lists, tables, footnotes. Its title is the first heading of level one, else
 * that of its properties. Headers, footers, comments and pictures are left out.
 */
export async function loadDocx(bytes: Uint8Array): Promise<LoadedText | Unreadable> {
  const parts = unpack(bytes, (name) => TEXT_PARTS.test(name));
  if (parts === null) return { unreadable: "too large when unpacked" };
  // The converter unpacks without a limit, so it gets what is counted already.
  const buffer = Buffer.from(zipSync(Object.fromEntries(parts), { level: 0 }));
  const noPicture = mammoth.images.imgElement(() => Promise.resolve({ src: "" }));
  const { value: html } = await mammoth.convertToHtml({ buffer }, { styleMap: STYLES, convertImage: noPicture });
  const heading = parseHTML(`<body>${html}</body>`).document.querySelector("h1")?.textContent;
  const core = parts.get("docProps/core.xml");
  const named = core === undefined ? null : textOf(descendantsOf(readXmlTree(core), "title")[0]);
  return { text: htmlToMarkdown(html), title: tidyTitle(heading) ?? tidyTitle(named) };
}
