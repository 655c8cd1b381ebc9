import { Parser } from "htmlparser2";

/** An element of an XML file. */
export interface XmlNode {
  /** Without its prefix, since programs choose prefixes as they like. */
  readonly name: string;
  /** With their prefixes. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (XmlNode | string)[];
}

interface OpenNode extends XmlNode {
  readonly children: (XmlNode | string)[];
}

/** Deepest nesting that is read; what real programs write has some 40 levels. */
const MAX_DEPTH = 1_000;
/** Bytes that are decoded at a time, so that a large file is never held as one text. */
const STEP = 1_000_000;
const NOTHING: XmlNode = { name: "", attributes: {}, children: [] };

/**
 * The outermost elements of these names, one after the other with what they stand in, the outermost first; nothing else of
 * the file is kept, and the elements around are empty. Entities of a file's own are not filled in.
 *
 * @throws Error where the file ends within an element, has none, or is nested too deeply.
 */
export function eachXmlElement(
  bytes: Uint8Array,
  names: ReadonlySet<string> | "all",
  visit: (element: XmlNode, around: readonly XmlNode[]) => void,
): void {
  const around: XmlNode[] = [];
  /** The wanted element that is being read, with what is open in it. */
  const kept: OpenNode[] = [];
  let hasRoot = false;
  const parser = new Parser(
    {
      onopentag(qualified, attributes) {
        hasRoot = true;
        const node: OpenNode = { name: qualified.slice(qualified.indexOf(":") + 1), attributes, children: [] };
        if (around.length + kept.length >= MAX_DEPTH) throw new Error("its XML is nested too deeply");
        if (kept.length === 0 && names !== "all" && !names.has(node.name)) {
          around.push(node);
          return;
        }
        kept.at(-1)?.children.push(node);
        kept.push(node);
      },
      ontext(text) {
        const children = kept.at(-1)?.children;
        const last = children?.at(-1);
        if (children === undefined) return;
        if (typeof last === "string") children[children.length - 1] = last + text;
        else children.push(text);
      },
      onclosetag() {
        const ended = kept.pop();
        if (ended === undefined) around.pop();
        else if (kept.length === 0) visit(ended, around);
      },
    },
    { xmlMode: true },
  );
  const decoder = new TextDecoder(encodingOf(bytes));
  for (let start = 0; start < bytes.length; start += STEP) {
    parser.write(decoder.decode(bytes.subarray(start, start + STEP), { stream: true }));
  }
  // The parser would close by itself what is still open.
  if (!hasRoot) throw new Error("a part of it is no XML");
  if (around.length + kept.length > 0) throw new Error("its XML breaks off");
  parser.end();
}

/** The whole tree of an XML file. Throws as {@link eachXmlElement} does. */
export function readXmlTree(bytes: Uint8Array): XmlNode {
  let root = NOTHING;
  eachXmlElement(bytes, "all", (element) => (root = element));
  return root;
}

/** The text of a file, which is in UTF-8 unless its first bytes say that it is in UTF-16. */
export function decodeXml(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
}

/** The elements directly in this one, in order; those of one name, or all. */
export function childrenOf(node: XmlNode | undefined, name?: string): readonly XmlNode[] {
  return (node?.children ?? []).filter(
    (child): child is XmlNode => typeof child !== "string" && (name === undefined || child.name === name),
  );
}

/** The element that a path of names leads to, the first of each; undefined where there is none. */
export function childAt(node: XmlNode | undefined, ...path: readonly string[]): XmlNode | undefined {
  return path.reduce((at, name) => childrenOf(at, name)[0], node);
}

/** All elements of a name at any depth, in order; those inside of one that was found are not looked for. */
export function descendantsOf(node: XmlNode | undefined, name: string): readonly XmlNode[] {
  return childrenOf(node).flatMap((child) => (child.name === name ? [child] : descendantsOf(child, name)));
}

/** All text in an element. */
export function textOf(node: XmlNode | undefined): string {
  return (node?.children ?? []).map((child) => (typeof child === "string" ? child : textOf(child))).join("");
}
