import { tidyTitle, type Unreadable } from "../loader.ts";
import { unpack } from "../packed-files.ts";
import {
  childAt,
  childrenOf,
  descendantsOf,
  eachXmlElement,
  readXmlTree,
  textOf,
  type XmlNode,
} from "../xml-elements.ts";

/** An OpenDocument file, opened. */
export interface OpenDocumentFile {
  /** The file's content, still unread: that of a spreadsheet may be too large for a tree. */
  readonly content: Uint8Array;
  /** The title of the properties, else null. */
  readonly title: string | null;
  readonly styles: OpenDocumentStyles;
  /** The body of an embedded chart, table or text by its address; undefined where there is none. */
  readonly objectAt: (address: string) => XmlNode | undefined;
}

/** What of the styles matters for the text. */
export interface OpenDocumentStyles {
  /** The names of a style and of those that it is derived from. */
  familyOf(name: string | undefined): readonly string[];
  /** A property of a style itself, such as `table:display`; undefined where it says nothing. */
  propertyOf(name: string | undefined, property: string): string | undefined;
  /** Whether a list of this style has numbers at this level, from 1. */
  isNumbered(name: string | undefined, level: number): boolean;
}

const READ = /^(?:content|styles|meta|META-INF\/manifest|Object \d+\/content)\.xml$/;
const STYLES: ReadonlySet<string> = new Set(["style", "list-style"]);

/** Opens a file; a sentence says why it cannot be read. Throws where it is damaged. */
export function openDocumentFile(bytes: Uint8Array): OpenDocumentFile | Unreadable {
  const parts = unpack(bytes, (name) => READ.test(name));
  if (parts === null) return { unreadable: "too large when unpacked" };
  const content = parts.get("content.xml");
  const manifest = parts.get("META-INF/manifest.xml");
  if (manifest !== undefined && descendantsOf(readXmlTree(manifest), "encryption-data").length > 0) {
    return { unreadable: "encrypted: it needs a password to be opened" };
  }
  if (content === undefined) throw new Error("it has no content");
  const meta = parts.get("meta.xml");
  const title = meta === undefined ? null : tidyTitle(textOf(descendantsOf(readXmlTree(meta), "title")[0]));
  const objectAt = (address: string): XmlNode | undefined => {
    const object = parts.get(`${address.replaceAll(/^\.\/|\/$/g, "")}/content.xml`);
    return object === undefined ? undefined : childAt(readXmlTree(object), "body");
  };
  return { content, title, objectAt, styles: readStyles([parts.get("styles.xml"), content]) };
}

function readStyles(files: readonly (Uint8Array | undefined)[]): OpenDocumentStyles {
  const styles = new Map<string, XmlNode>();
  const lists = new Map<string, XmlNode>();
  for (const file of files) {
    if (file === undefined) continue;
    eachXmlElement(file, STYLES, (element) => {
      const name = element.attributes["style:name"] ?? "";
      (element.name === "style" ? styles : lists).set(name, element);
    });
  }
  return {
    familyOf(name) {
      const family: string[] = [];
      for (
        let at = name;
        at !== undefined && !family.includes(at);
        at = styles.get(at)?.attributes["style:parent-style-name"]
      ) {
        family.push(at);
      }
      return family;
    },
    propertyOf: (name, property) =>
      childrenOf(styles.get(name ?? ""))
        .map(({ attributes }) => attributes[property])
        .find((value) => value !== undefined),
    isNumbered: (name, level) =>
      childrenOf(lists.get(name ?? ""), "list-level-style-number").some(
        ({ attributes }) => Number(attributes["text:level"]) === level && attributes["style:num-format"] !== "",
      ),
  };
}

/** The body of a file of this kind: `text`, `presentation` or `spreadsheet`. Throws where it has another kind. */
export function bodyOf(content: Uint8Array, kind: "text" | "presentation"): XmlNode {
  const body = childAt(readXmlTree(content), "body", kind);
  if (body === undefined) throw new Error(`its content is no ${kind}`);
  return body;
}
