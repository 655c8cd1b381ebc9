import { damage, openCompoundFile } from "../../compound-file.ts";
import type { LoadedText, Unreadable } from "../../loader.ts";
import { summaryTitle } from "../summary-title.ts";
import { createDocText, type DocText } from "./doc-text.ts";
import { type FileInformation, readFileInformation } from "./file-information.ts";
import { readLists } from "./lists.ts";
import { looksOf, readParagraphs, type TextSource } from "./paragraphs.ts";
import { readPieces } from "./pieces.ts";
import { createLookUp, readCharacterRuns, readParagraphRuns } from "./property-runs.ts";
import { readStyles } from "./styles.ts";
import { oneLine } from "../../../../src/domain/one-line.ts";

/**
 * A file of Word 97 to 2003 (`.doc`) as Markdown: headings, lists, rows of tables, text boxes, footnotes at the end. Its
 * title is the first heading of level one, else that of its properties. Headers, footers, comments, pictures, tables of
 * contents, and hidden and deleted text are left out.
 */
export function loadDoc(bytes: Uint8Array): LoadedText | Unreadable {
  const file = openCompoundFile(bytes);
  const stream = file.stream("WordDocument");
  if (stream === null) throw damage("its text is missing");
  const information = readFileInformation(stream);
  if (information === null) {
    return { unreadable: "not supported: a file of Word 95 or older; save it as .docx" };
  }
  if (information.isEncrypted) return { unreadable: "encrypted: a Word file with a password; save it without one" };
  const table = file.stream(information.tableStream);
  if (table === null) throw damage("its tables are missing");
  const part = (name: Parameters<FileInformation["table"]>[0]): Buffer => {
    const { start, end } = information.table(name);
    return table.subarray(start, end);
  };
  const notes = readNotes(information, part);
  const source: TextSource = {
    stream,
    pieces: readPieces(part("pieces"), stream),
    lookAt: createLookUp(looksOf(readCharacterRuns(part("characterPages"), stream))),
    paragraphAt: createLookUp(readParagraphRuns(part("paragraphPages"), stream)),
    marks: new Map(notes.flatMap(({ marks }) => marks.map(({ at, number }) => [at, `[${number}]`] as const))),
  };
  const levels = table.subarray(information.table("lists").end);
  const listOf = readLists({ lists: part("lists"), levels, uses: part("listUses") });
  const text = createDocText({ styles: readStyles(part("styles")), listOf });
  const { main } = information.stories;
  addRange(text, source, { from: 0, to: main });
  addRange(text, source, textBoxesOf(information));
  const blocks = [text.finish(), ...notes.flatMap((one) => renderNotes(source, one))].filter((block) => block !== "");
  return {
    text: blocks.length === 0 ? "" : `${blocks.join("\n\n")}\n`,
    title: text.firstHeading() ?? summaryTitle(file),
  };
}

interface Range {
  readonly from: number;
  readonly to: number;
}

function addRange(text: DocText, source: TextSource, range: Range): void {
  for (const paragraph of readParagraphs(source, range)) text.add(paragraph);
}

function textBoxesOf({ stories }: FileInformation): Range {
  const from =
    stories.main + stories.footnotes + stories.headers + stories.macros + stories.comments + stories.endnotes;
  return { from, to: from + stories.textBoxes };
}

/** Footnotes, or endnotes. */
interface Notes {
  /** Where their marks stand in the text. */
  readonly marks: readonly { readonly at: number; readonly number: number }[];
  /** Where the text of each begins. */
  readonly starts: readonly number[];
  readonly range: Range;
}

function readNotes(information: FileInformation, part: (name: NotesTable) => Buffer): readonly Notes[] {
  const { main, footnotes, headers, macros, comments, endnotes } = information.stories;
  const kinds: readonly (readonly [marks: NotesTable, texts: NotesTable, from: number, length: number])[] = [
    ["footnoteMarks", "footnoteTexts", main, footnotes],
    ["endnoteMarks", "endnoteTexts", main + footnotes + headers + macros + comments, endnotes],
  ];
  let count = 0;
  return kinds.map(([marks, texts, from, length]) => {
    // Behind each mark stands a number of two bytes, and the last place is the end of the text.
    const places = numbersOf(part(marks), Math.floor((part(marks).length - 4) / 6));
    const starts = numbersOf(part(texts), places.length).map((start) => start + from);
    const numbered = places.map((at, index) => ({ at, number: count + index + 1 }));
    count += places.length;
    return { marks: numbered, starts, range: { from, to: from + length } };
  });
}

type NotesTable = "footnoteMarks" | "footnoteTexts" | "endnoteMarks" | "endnoteTexts";

function numbersOf(bytes: Buffer, count: number): readonly number[] {
  const length = Math.max(0, Math.min(count, Math.floor(bytes.length / 4)));
  return Array.from({ length }, (_, index) => bytes.readUInt32LE(4 * index));
}

function renderNotes(source: TextSource, { marks, starts, range }: Notes): readonly string[] {
  const texts = starts.map(() => "");
  let index = 0;
  for (const { text, from } of readParagraphs(source, range)) {
    while (index + 1 < starts.length && (starts[index + 1] ?? 0) <= from) index += 1;
    if (index < texts.length) texts[index] += ` ${text}`;
  }
  return texts.map((text, note) => `[${marks[note]?.number ?? note + 1}] ${oneLine(text)}`);
}
