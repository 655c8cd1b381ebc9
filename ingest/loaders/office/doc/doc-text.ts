import { joinLines } from "../../join-lines.ts";
import { tidyTitle } from "../../loader.ts";
import { renderGrid, tidied } from "../markdown-blocks.ts";
import { CHANGE, type Change } from "./changes.ts";
import type { DocList } from "./lists.ts";
import type { DocParagraph } from "./paragraphs.ts";
import type { DocStyle } from "./styles.ts";

/** Builds Markdown from paragraphs. */
export interface DocText {
  add(paragraph: DocParagraph): void;
  firstHeading(): string | null;
  finish(): string;
}

/** What the text is built with. */
export interface DocLooks {
  readonly styles: readonly (DocStyle | null)[];
  readonly listOf: (use: number) => DocList | null;
}

/** What a style and the paragraph itself say, null where neither says it. */
interface Look {
  readonly outline: number | null;
  readonly list: number;
  readonly listLevel: number;
  readonly isInTable: boolean;
  readonly isRowEnd: boolean;
  readonly isContents: boolean;
}

interface Block {
  readonly text: string;
  readonly isItem: boolean;
}

const PLAIN: Look = {
  outline: null,
  list: 0,
  listLevel: 0,
  isInTable: false,
  isRowEnd: false,
  isContents: false,
};
/** Numbers of styles that every Word has: headings from 1 to 9, lines of a table of contents, the title. */
const HEADINGS = 9;
const FIRST_CONTENTS = 19;
const LAST_CONTENTS = 27;
const TITLE = 62;
/** The lines of a table of contents end so; its styles are used for headings, too. */
const PAGE_AT_END = /[\s.](?:\d+|[ivxlc]+)$/i;
const DEEPEST_HEADING = 6;
/** Styles that a style is based on, one after the other. */
const MOST_BASES = 20;

/** A text that grows paragraph by paragraph. */
export function createDocText({ styles, listOf }: DocLooks): DocText {
  const blocks: Block[] = [];
  const looks = new Map<number, Look>();
  const markerOf = createNumbers(listOf);
  let cell = "";
  let cells: string[] = [];
  let rows: string[][] = [];

  const lookOf = (style: number): Look => {
    const known = looks.get(style) ?? styleLook(styles, style);
    looks.set(style, known);
    return known;
  };
  const push = (text: string, isItem = false): void => {
    if (text !== "") blocks.push({ text, isItem });
  };
  const endTable = (): void => {
    if (cell !== "") cells.push(cell);
    cell = "";
    if (cells.length > 0) rows.push(cells);
    // A frame around a text is no table.
    if (rows.every((row) => row.length === 1))
      for (const line of rows.flat().join("\n").split("\n")) push(tidied(line));
    else push(renderGrid(rows, { hasHeader: false }));
    cells = [];
    rows = [];
  };
  const addToTable = (text: string, look: Look, endsCell: boolean): void => {
    if (look.isRowEnd) {
      rows.push(cells);
      cells = [];
      return;
    }
    cell += text;
    if (!endsCell) cell += "\n";
    else {
      cells.push(cell.trim());
      cell = "";
    }
  };
  return {
    add({ text, endsCell, properties }) {
      const look = changed(lookOf(properties?.style ?? 0), properties?.changes ?? []);
      if (look.isInTable || endsCell) {
        addToTable(text, look, endsCell);
        return;
      }
      endTable();
      const words = tidied(text);
      if (words === "" || (look.isContents && PAGE_AT_END.test(words))) return;
      const level = (look.outline ?? HEADINGS) + 1;
      if (level <= DEEPEST_HEADING) push(`${"#".repeat(level)} ${joinLines(words)}`);
      else {
        const marker = markerOf(look.list, look.listLevel);
        push(marker === "" ? words : marker + joinLines(words), marker !== "");
      }
    },
    firstHeading: () => tidyTitle(blocks.find(({ text }) => text.startsWith("# "))?.text.slice(2)),
    finish() {
      endTable();
      return blocks
        .map(({ text, isItem }, index) => {
          const before = blocks[index - 1];
          return before === undefined ? text : `${isItem && before.isItem ? "\n" : "\n\n"}${text}`;
        })
        .join("");
    },
  };
}

/** Counts the items of lists. A list goes on behind other paragraphs. */
function createNumbers(listOf: DocLooks["listOf"]): (use: number, level: number) => string {
  const counts = new Map<number, (number | undefined)[]>();
  return (use, level) => {
    const marker = listOf(use)?.markerOf(level) ?? null;
    if (marker === null) return "";
    const indent = "  ".repeat(level);
    if (marker === "bullet") return `${indent}- `;
    const own = (counts.get(use) ?? []).slice(0, level + 1);
    own[level] = (own[level] ?? marker - 1) + 1;
    counts.set(use, own);
    return `${indent}${own[level]}. `;
  };
}

/** How paragraphs of a style look, with what it takes over from the styles that it is based on. */
function styleLook(styles: readonly (DocStyle | null)[], number: number): Look {
  const chain: DocStyle[] = [];
  for (let at: number | null = number; at !== null && chain.length < MOST_BASES;) {
    const style: DocStyle | null = styles[at] ?? null;
    if (style === null) break;
    chain.unshift(style);
    at = style.base;
  }
  return chain.reduce((look, style) => changed(named(look, style), style.changes), PLAIN);
}

/** What a style is by its number or name, whatever its properties say. */
function named(look: Look, { builtIn, name }: DocStyle): Look {
  const heading = builtIn >= 1 && builtIn <= HEADINGS ? builtIn : Number(/^heading (\d)$/i.exec(name)?.[1] ?? 0);
  const isTitle = builtIn === TITLE || name === "Title";
  const outline = heading > 0 ? heading - 1 : isTitle ? 0 : look.outline;
  const isContents = (builtIn >= FIRST_CONTENTS && builtIn <= LAST_CONTENTS) || /^toc \d$/i.test(name);
  return { ...look, outline, isContents: look.isContents || isContents };
}

function changed(look: Look, changes: readonly Change[]): Look {
  let result = look;
  for (const { code, value } of changes) {
    const isOn = value !== 0;
    if (code === CHANGE.outlineLevel) result = { ...result, outline: value };
    else if (code === CHANGE.list) result = { ...result, list: value };
    else if (code === CHANGE.listLevel) result = { ...result, listLevel: Math.min(value, HEADINGS - 1) };
    else if (code === CHANGE.isInTable) result = { ...result, isInTable: isOn };
    else if (code === CHANGE.isRowEnd) result = { ...result, isRowEnd: isOn };
  }
  return result;
}
