import path from "node:path";
import { htmlToMarkdown } from "./html.ts";
import { type LoadedText, tidyTitle, type Unreadable } from "./loader.ts";
import { unpack } from "./packed-files.ts";
import { parseXml, type XmlElement, type XmlTree } from "./xml.ts";

const TEXT_PARTS = /^META-INF\/|\.(?:opf|x?html?|xml)$/i;
/** Scrambling of fonts, which leaves the text open. */
const FONT_SCRAMBLING = /idpf\.org\/2008\/embedding|ns\.adobe\.com\/pdf\/enc#RC/;

/** An e-book (`.epub`) as Markdown: its chapters in reading order, without the table of contents. */
export function loadEpub(bytes: Uint8Array): LoadedText | Unreadable {
  const parts = unpack(bytes, (name) => TEXT_PARTS.test(name));
  if (parts === null) return { unreadable: "too large when unpacked" };
  if (isProtected(parts.get("META-INF/encryption.xml"))) return { unreadable: "encrypted: the book is copy-protected" };
  const container = parts.get("META-INF/container.xml");
  const packagePath =
    container === undefined ? null : parseXml(container).getElementsByTagName("rootfile")[0]?.getAttribute("full-path");
  const packageFile = parts.get(packagePath ?? "");
  if (packageFile === undefined) throw new Error("it names no list of its chapters");
  const book = parseXml(packageFile);
  const chapters: string[] = [];
  const missing: string[] = [];
  for (const href of readingOrder(book)) {
    const name = path.posix.join(path.posix.dirname(packagePath ?? ""), href);
    const chapter = parts.get(name);
    if (chapter === undefined) missing.push(name);
    else chapters.push(htmlToMarkdown(new TextDecoder().decode(chapter)));
  }
  return {
    text: chapters.filter((chapter) => chapter !== "").join("\n"),
    title: tidyTitle(book.getElementsByTagName("dc:title")[0]?.textContent),
    notes: missing.length === 0 ? [] : [`the book lacks ${missing.join(", ")}, which it lists among its chapters`],
  };
}

/** Paths of the chapters, relative to the file that lists them. */
function readingOrder(book: XmlTree): readonly string[] {
  const items = new Map<string, XmlElement>();
  for (const item of book.getElementsByTagName("item")) items.set(item.getAttribute("id") ?? "", item);
  return [...book.getElementsByTagName("itemref")].flatMap((reference) => {
    const item = items.get(reference.getAttribute("idref") ?? "");
    const href = item?.getAttribute("href") ?? "";
    const isContents = item?.getAttribute("properties")?.split(" ").includes("nav") === true;
    return href === "" || isContents ? [] : [decodeURIComponent(href)];
  });
}

function isProtected(encryption: Uint8Array | undefined): boolean {
  if (encryption === undefined) return false;
  return [...parseXml(encryption).getElementsByTagName("enc:EncryptionMethod")]
    .concat([...parseXml(encryption).getElementsByTagName("EncryptionMethod")])
    .some((method) => !FONT_SCRAMBLING.test(method.getAttribute("Algorithm") ?? ""));
}
