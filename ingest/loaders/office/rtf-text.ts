import { tidyTitle } from "../loader.ts";
import { renderGrid, tidied } from "./markdown-blocks.ts";
import type { RtfStyles } from "./rtf-styles.ts";

/** Builds the text of a rich text file from its words. */
export interface RtfText {
  add(words: string): void;
  /** Adds to what the program shows in front of an item of a list. */
  addMarker(words: string): void;
  /** Adds to the footnote that was opened last. */
  addNote(words: string): void;
  /** Reads a control word that says where a paragraph, a cell or a row ends, or what a paragraph is. */
  word(name: string, value: number | null): void;
  openNote(): void;
  firstHeading(): string | null;
  /** The whole as Markdown. */
  finish(): string;
}

interface Paragraph {
  text: string;
  /** What the program shows in front of an item of a list. */
  marker: string;
  level: number;
  style: number | null;
  outline: number | null;
  isCell: boolean;
}

/** An item of a list with an empty line before the next one. */
const LOOSE_ITEM = /^( *(?:-|\d+\.) .*)\n\n(?= *(?:-|\d+\.) )/gm;

/** A text that grows word by word; its styles say which paragraphs are headings. */
export function createRtfText(styles: RtfStyles): RtfText {
  const blocks: string[] = [];
  const notes: string[] = [];
  let paragraph = newParagraph();
  let cells: string[] = [];
  let rows: string[][] = [];

  const endParagraph = (): void => {
    if (paragraph.isCell) {
      paragraph.text += " ";
      return;
    }
    if (rows.length > 0) blocks.push(renderGrid(rows, { hasHeader: false }));
    rows = [];
    blocks.push(renderParagraph(paragraph, paragraph.outline ?? styles.outlineOf(paragraph.style)));
    paragraph = { ...paragraph, text: "", marker: "" };
  };
  const endCell = (): void => {
    cells.push(tidied(paragraph.text));
    paragraph = { ...paragraph, text: "", marker: "" };
  };
  const endRow = (): void => {
    if (cells.length > 0) rows.push(cells);
    cells = [];
  };
  return {
    add(words) {
      paragraph.text += words;
    },
    addMarker(words) {
      paragraph.marker += words;
    },
    addNote(words) {
      notes[notes.length - 1] += words;
    },
    word(name, value) {
      if (name === "par" || name === "sect" || name === "page") endParagraph();
      else if (name === "cell") endCell();
      else if (name === "row") endRow();
      else if (name === "nestcell" || name === "nestrow") paragraph.text += " ";
      else if (name === "pard") paragraph = { ...newParagraph(), text: paragraph.text, marker: paragraph.marker };
      else if (name === "intbl") paragraph.isCell = true;
      else if (name === "ilvl") paragraph.level = Math.min(Math.max(value ?? 0, 0), 8);
      else if (name === "s") paragraph.style = value;
      else if (name === "outlinelevel") paragraph.outline = value;
    },
    openNote() {
      notes.push("");
      paragraph.text += `[${notes.length}]`;
    },
    firstHeading: () => tidyTitle(blocks.find((block) => block.startsWith("# "))?.slice(2)),
    finish() {
      paragraph.isCell = false;
      endRow();
      endParagraph();
      const numbered = notes.map((note, index) => `[${index + 1}] ${tidied(note)}`);
      const shown = [...blocks, ...numbered].filter((block) => block !== "");
      return shown.length === 0 ? "" : `${shown.join("\n\n").replaceAll(LOOSE_ITEM, "$1\n")}\n`;
    },
  };
}

function newParagraph(): Paragraph {
  return { text: "", marker: "", level: 0, style: null, outline: null, isCell: false };
}

function renderParagraph({ text, marker, level }: Paragraph, outline: number | null): string {
  const words = tidied(text);
  if (words === "") return "";
  if (outline !== null && outline >= 0 && outline < 6)
    return `${"#".repeat(outline + 1)} ${words.replaceAll("\n", " ")}`;
  if (marker.trim() === "") return words;
  const number = /^\s*\(?(\d+)/.exec(marker)?.[1];
  return `${"  ".repeat(level)}${number === undefined ? "-" : `${number}.`} ${words.replaceAll("\n", " ")}`;
}
