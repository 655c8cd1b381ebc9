import { DOMParser } from "linkedom";

/** What is used of an XML tree; the library's own types need those of a browser. */
export interface XmlTree {
  getElementsByTagName(name: string): readonly XmlElement[];
}

/** What is used of an element. */
export interface XmlElement extends XmlTree {
  readonly textContent: string | null;
  getAttribute(name: string): string | null;
}

/** The tree of an XML file in UTF-8. */
export function parseXml(bytes: Uint8Array): XmlTree {
  const tree: XmlTree = new DOMParser().parseFromString(new TextDecoder().decode(bytes), "text/xml");
  return tree;
}
