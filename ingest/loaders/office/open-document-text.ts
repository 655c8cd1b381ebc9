import type { OpenDocumentStyles } from "./open-document.ts";
import { joinLines } from "../join-lines.ts";
import { type ListLine, renderDescription, renderGrid, renderLines, tidied } from "./markdown-blocks.ts";
import { childAt, childrenOf, textOf, type XmlNode } from "../xml-elements.ts";

/** What is known while a text is read. */
export interface TextReading {
  readonly styles: OpenDocumentStyles;
  /** The body of a chart, a table or a text that is embedded; undefined for what has none, such as a formula. */
  readonly objectAt: (address: string) => XmlNode | undefined;
  /** Footnotes and endnotes found so far, as Markdown. */
  readonly footnotes: string[];
  /** Whether a list of one item is none, since slides have their texts in lists. */
  readonly isSlide?: boolean;
}

/** Settings and what is not the text itself: deleted passages, comments, tables of contents, fields of forms. */
const NOT_TEXT: ReadonlySet<string> = new Set([
  "tracked-changes",
  "annotation",
  "annotation-end",
  "table-of-content",
  "alphabetical-index",
  "illustration-index",
  "table-index",
  "object-index",
  "user-index",
  "forms",
  "sequence-decls",
  "variable-decls",
  "user-field-decls",
  "event-listeners",
  "ruby-text",
  "script",
  "notes",
  "settings",
  "object-ole",
  "binary-data",
]);
/** What is drawn, and may hold paragraphs of its own. */
const DRAWN: ReadonlySet<string> = new Set([
  "frame",
  "custom-shape",
  "rect",
  "ellipse",
  "circle",
  "line",
  "connector",
  "polygon",
  "polyline",
  "path",
  "caption",
  "g",
]);

/** Whether an element is drawn on the page. */
export function isDrawn({ name }: XmlNode): boolean {
  return DRAWN.has(name);
}

/** The blocks of a text as Markdown, one after the other. */
export function readBlocks(nodes: readonly XmlNode[], reading: TextReading): readonly string[] {
  return nodes.flatMap((node): readonly string[] => {
    if (NOT_TEXT.has(node.name)) return [];
    if (node.name === "h" || node.name === "p") return readParagraph(node, reading);
    if (node.name === "list" || node.name === "numbered-paragraph") return readList(node, reading);
    if (node.name === "table") return readTable(node, reading);
    if (node.name === "object")
      return readBlocks(childrenOf(reading.objectAt(node.attributes["xlink:href"] ?? "")), reading);
    return DRAWN.has(node.name) ? readDrawn(node, reading) : readBlocks(childrenOf(node), reading);
  });
}

/** A paragraph or a heading, and what is drawn in it. */
function readParagraph(node: XmlNode, reading: TextReading): readonly string[] {
  const { text, drawn } = readInline(node, reading);
  const level =
    node.name === "h" ? Number(node.attributes["text:outline-level"] ?? 1) || 1 : isTitle(node, reading) ? 1 : 0;
  const shown = level === 0 || text === "" ? text : `${"#".repeat(Math.min(Math.max(level, 1), 6))} ${joinLines(text)}`;
  return [shown, ...drawn].filter((part) => part !== "");
}

function isTitle({ attributes }: XmlNode, { styles }: TextReading): boolean {
  return styles.familyOf(attributes["text:style-name"]).includes("Title");
}

/** What is drawn: its words, and the description of a picture. */
function readDrawn(node: XmlNode, reading: TextReading): readonly string[] {
  const words = childrenOf(node).filter(({ name }) => name !== "title" && name !== "desc");
  const description = textOf(childAt(node, "desc")) || textOf(childAt(node, "title"));
  return [...readBlocks(words, reading), renderDescription(description)].filter((part) => part !== "");
}

interface Inline {
  readonly text: string;
  /** Blocks of what is drawn within the paragraph. */
  readonly drawn: readonly string[];
}

/** The words of a paragraph. White space counts as one blank unless it is written as an element. */
export function readInline(paragraph: XmlNode, reading: TextReading): Inline {
  const drawn: string[] = [];
  const read = (node: XmlNode): string => {
    if (NOT_TEXT.has(node.name)) return "";
    if (DRAWN.has(node.name)) {
      drawn.push(...readDrawn(node, reading));
      return "";
    }
    if (node.name === "s" || node.name === "tab") return " ";
    if (node.name === "line-break") return "\n";
    if (node.name === "note") return readNote(node, reading);
    return inside(node);
  };
  const inside = (node: XmlNode): string =>
    node.children.map((child) => (typeof child === "string" ? child.replaceAll(/\s+/g, " ") : read(child))).join("");
  return { text: tidied(inside(paragraph)), drawn };
}

function readNote(note: XmlNode, reading: TextReading): string {
  const place = reading.footnotes.push("");
  const blocks = readBlocks(childrenOf(childAt(note, "note-body")), reading);
  reading.footnotes[place - 1] = `[${place}] ${blocks.join(" ")}`;
  return `[${place}]`;
}

function readList(list: XmlNode, reading: TextReading): readonly string[] {
  const blocks: string[] = [];
  let lines: ListLine[] = [];
  const flush = (): void => {
    const [only, ...others] = lines.filter(({ text }) => text !== "");
    const isNone = reading.isSlide === true && only?.level === 0 && others.length === 0;
    if (only !== undefined) blocks.push(renderLines(isNone ? [{ ...only, level: -1 }] : lines));
    lines = [];
  };
  const readItems = (node: XmlNode, level: number, inherited: string | undefined): void => {
    const style = node.attributes["text:style-name"] ?? inherited;
    const isNumbered = reading.styles.isNumbered(style, level + 1);
    const items = node.name === "numbered-paragraph" ? [node] : childrenOf(node);
    for (const item of items) {
      let isFirst = item.name === "list-item" || item.name === "numbered-paragraph";
      for (const child of childrenOf(item)) {
        if (child.name === "list") readItems(child, level + 1, style);
        else if (child.name === "p") {
          const { text, drawn } = readInline(child, reading);
          lines.push({
            text: isFirst ? text : `${"  ".repeat(level + 1)}${text}`,
            level: isFirst ? level : -1,
            isNumbered,
          });
          isFirst = false;
          for (const block of drawn) lines.push({ text: block, level: -1, isNumbered: false });
        } else {
          // Headings with numbers stand in a list.
          flush();
          blocks.push(...readBlocks([child], reading));
        }
      }
    }
  };
  readItems(list, 0, undefined);
  flush();
  return blocks.filter((block) => block !== "");
}

/** Columns that an empty or repeated cell may fill. */
const MAX_REPEATED = 100;

function readTable(table: XmlNode, reading: TextReading): readonly string[] {
  const rows: string[][] = [];
  let hasHeader = false;
  const readRows = (node: XmlNode, isHeader: boolean): void => {
    for (const child of childrenOf(node)) {
      if (child.name === "table-row") {
        const cells = childrenOf(child).filter(({ name }) => name === "table-cell" || name === "covered-table-cell");
        hasHeader ||= rows.length === 0 && (isHeader || cells.every((cell) => isHeading(cell, reading)));
        rows.push(cells.flatMap((cell) => readCell(cell, reading)));
      } else if (child.name.startsWith("table-") && child.name !== "table-columns") {
        readRows(child, isHeader || child.name === "table-header-rows");
      }
    }
  };
  readRows(table, false);
  return [renderGrid(rows, { hasHeader })].filter((part) => part !== "");
}

function readCell(cell: XmlNode, reading: TextReading): readonly string[] {
  const text = readBlocks(childrenOf(cell), reading).map(joinLines).join(" ");
  const times = Math.min(Number(cell.attributes["table:number-columns-repeated"] ?? 1) || 1, MAX_REPEATED);
  return Array.from({ length: times }, () => text);
}

function isHeading(cell: XmlNode, { styles }: TextReading): boolean {
  const first = childAt(cell, "p");
  return styles.familyOf(first?.attributes["text:style-name"]).includes("Table_20_Heading");
}
