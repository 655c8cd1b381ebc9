import path from "node:path";
import { htmlToMarkdown } from "./html.ts";
import { type LoadedText, tidyTitle, type Unreadable } from "./loader.ts";
import { unpack } from "./packed-files.ts";
import { percentDecoded } from "./percent-decoded.ts";
import { decodeXml, descendantsOf, readXmlTree, textOf, type XmlNode } from "./xml-elements.ts";

const TEXT_PARTS = /^META-INF\/|\.(?:opf|x?html?|xml)$/i;
/** Scrambling of fonts, which leaves the text open. */
const FONT_SCRAMBLING = /idpf\.org\/2008\/embedding|ns\.adobe\.com\/pdf\/enc#RC/;

/** An e-book (`.epub`) as Markdown: its chapters in reading order, without the table of contents. */
export function loadEpub(bytes: Uint8Array): LoadedText | Unreadable {
  const parts = unpack(bytes, (name) => TEXT_PARTS.test(name));
  if (parts === null) return { unreadable: "too large when unpacked" };
  if (isProtected(parts.get("META-INF/encryption.xml"))) return { unreadable: "encrypted: the book is copy-protected" };
  const container = parts.get("META-INF/container.xml");
  const places = container === undefined ? [] : descendantsOf(readXmlTree(container), "rootfile");
  const packagePath = places[0]?.attributes["full-path"] ?? "";
  const packageFile = parts.get(packagePath);
  if (packageFile === undefined) throw new Error("it names no list of its chapters");
  const book = readXmlTree(packageFile);
  const chapters: string[] = [];
  const missing: string[] = [];
  // No chapter may be listed twice; one that is would be repeated without end.
  for (const href of new Set(readingOrder(book))) {
    const name = path.posix.join(path.posix.dirname(packagePath), href);
    const chapter = parts.get(name);
    if (chapter === undefined) missing.push(name);
    else chapters.push(htmlToMarkdown(decodeXml(chapter)));
  }
  return {
    text: chapters.filter((chapter) => chapter !== "").join("\n"),
    title: tidyTitle(textOf(descendantsOf(book, "title")[0])),
    notes: missing.length === 0 ? [] : [`the book lacks ${missing.join(", ")}, which it lists among its chapters`],
  };
}

/** Paths of the chapters, relative to the file that lists them. */
function readingOrder(book: XmlNode): readonly string[] {
  const items = new Map(descendantsOf(book, "item").map(({ attributes }) => [attributes["id"] ?? "", attributes]));
  return descendantsOf(book, "itemref").flatMap((reference) => {
    const { href = "", properties = "" } = items.get(reference.attributes["idref"] ?? "") ?? {};
    const isContents = properties.split(" ").includes("nav");
    return href === "" || isContents ? [] : [percentDecoded(href)];
  });
}

function isProtected(encryption: Uint8Array | undefined): boolean {
  if (encryption === undefined) return false;
  return descendantsOf(readXmlTree(encryption), "EncryptionMethod").some(
    ({ attributes }) => !FONT_SCRAMBLING.test(attributes["Algorithm"] ?? ""),
  );
}
