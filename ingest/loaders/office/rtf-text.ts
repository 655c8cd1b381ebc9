import { tidyTitle } from "../loader.ts";
import { renderGrid } from "./markdown-blocks.ts";

/** Builds the text of a rich text file from its words. */
export interface RtfText {
  add(words: string, into: "text" | "list" | "footnote"): void;
  /** Reads a control word that says where a paragraph, a cell or a row ends, or what a paragraph is. */
  word(name: string, value: number | null, into: string): void;
  /** A style's name ends its definition. */
  nameStyle(words: string): void;
  openFootnote(): void;
  /** A group ended whose words went there. */
  close(into: string): void;
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

/** A text that grows word by word. */
export function createRtfText(): RtfText {
  const blocks: string[] = [];
  const footnotes: string[] = [];
  const outlineOfStyle = new Map<number, number>();
  let style: { number: number | null; outline: number | null; name: string } = {
    number: null,
    outline: null,
    name: "",
  };
  let paragraph = newParagraph();
  let cells: string[] = [];
  let rows: string[][] = [];

  const endTable = (): void => {
    if (rows.length > 0) blocks.push(renderGrid(rows, { hasHeader: false }));
    rows = [];
  };
  const endParagraph = (): void => {
    if (paragraph.isCell) {
      paragraph.text += " ";
      return;
    }
    endTable();
    const outline = paragraph.outline ?? outlineOfStyle.get(paragraph.style ?? -1) ?? null;
    blocks.push(renderParagraph(paragraph, outline));
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
  const wordOfText = (name: string, value: number | null): void => {
    if (name === "par" || name === "sect" || name === "page") endParagraph();
    else if (name === "cell") endCell();
    else if (name === "row") endRow();
    else if (name === "nestcell" || name === "nestrow") paragraph.text += " ";
    else if (name === "pard") paragraph = { ...newParagraph(), text: paragraph.text, marker: paragraph.marker };
    else if (name === "intbl") paragraph.isCell = true;
    else if (name === "ilvl") paragraph.level = Math.min(Math.max(value ?? 0, 0), 8);
    else if (name === "s") paragraph.style = value;
    else if (name === "outlinelevel") paragraph.outline = value;
  };
  return {
    add(words, into) {
      if (into === "footnote") footnotes[footnotes.length - 1] += words;
      else if (into === "list") paragraph.marker += words;
      else paragraph.text += words;
    },
    word(name, value, into) {
      if (into === "text") wordOfText(name, value);
      else if (into === "footnote" && name === "par") footnotes[footnotes.length - 1] += " ";
      else if (into === "styles" && name === "s") style.number = value;
      else if (into === "styles" && name === "outlinelevel") style.outline = value;
    },
    nameStyle(words) {
      style.name += words;
    },
    openFootnote() {
      footnotes.push("");
      paragraph.text += `[${footnotes.length}]`;
    },
    close(into) {
      if (into !== "styles") return;
      const named = /^\s*heading (\d)/i.exec(style.name)?.[1];
      const outline = style.outline ?? (named === undefined ? null : Number(named) - 1);
      if (style.number !== null && outline !== null) outlineOfStyle.set(style.number, outline);
      style = { number: null, outline: null, name: "" };
    },
    firstHeading: () => tidyTitle(blocks.find((block) => block.startsWith("# "))?.slice(2)),
    finish() {
      paragraph.isCell = false;
      endRow();
      endParagraph();
      const notes = footnotes.map((note, index) => `[${index + 1}] ${tidied(note)}`);
      const shown = [...blocks, ...notes].filter((block) => block !== "");
      return shown.length === 0
        ? ""
        : `${shown.join("\n\n").replaceAll(/^( *(?:-|\d+\.) .*)\n\n(?= *(?:-|\d+\.) )/gm, "$1\n")}\n`;
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

function tidied(text: string): string {
  return text
    .replaceAll(/[^\S\n]+/g, " ")
    .replaceAll(/ ?\n ?/g, "\n")
    .trim();
}
