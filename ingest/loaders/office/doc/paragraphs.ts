import { CHANGE, type Change } from "./changes.ts";
import { type Piece, pieceText } from "./pieces.ts";
import type { ParagraphRun, PropertiesAt, PropertyRun } from "./property-runs.ts";

/** What a text is read from. */
export interface TextSource {
  readonly stream: Buffer;
  readonly pieces: readonly Piece[];
  readonly lookAt: PropertiesAt<CharacterLook>;
  readonly paragraphAt: PropertiesAt<ParagraphRun>;
  /** What the marks of footnotes and endnotes show, by the numbers of their characters. */
  readonly marks: ReadonlyMap<number, string>;
}

/** A paragraph, or a part of one that ends at a page break. */
export interface DocParagraph {
  readonly text: string;
  /** Number of its first character in the whole text. */
  readonly from: number;
  readonly endsCell: boolean;
  /** Null where the file says nothing of it. */
  readonly properties: ParagraphRun | null;
}

/** How characters stand there. */
export interface CharacterLook {
  /** Neither hidden, nor deleted while changes were tracked. */
  readonly isShown: boolean;
  /** They stand for something else, such as a picture or a sign of another font. */
  readonly isSpecial: boolean;
}

const CELL_END = 0x07;
const PAGE_BREAK = 0x0c;
const PARAGRAPH_END = 0x0d;
const FIELD_START = 0x13;
const FIELD_RESULT = 0x14;
const FIELD_END = 0x15;
/** Where a sign of another font was put in, this character stands. */
const SIGN = 0x28;
const NOTE_MARK = 0x02;
/** What other characters that no text has are shown as; those that are missing here are not. */
const SHOWN: ReadonlyMap<number, string> = new Map([
  [0x09, " "],
  [0x0b, "\n"],
  [0x0e, "\n"],
  [0x1e, "-"],
  [0xa0, " "],
]);

/** Says of runs of characters how they look. */
export function looksOf(runs: readonly PropertyRun<readonly Change[]>[]): readonly PropertyRun<CharacterLook>[] {
  return runs.map(({ properties, ...range }) => {
    const isOn = (code: number): boolean => properties.some((one) => one.code === code && (one.value & 1) === 1);
    const isShown = !isOn(CHANGE.isHidden) && !isOn(CHANGE.isDeleted);
    return { ...range, properties: { isShown, isSpecial: isOn(CHANGE.isSpecial) } };
  });
}

/** The paragraphs of a range of characters. Of fields only the results are shown. */
export function* readParagraphs(
  source: TextSource,
  { from, to }: { readonly from: number; readonly to: number },
): Generator<DocParagraph> {
  const fields = createFields();
  let text = "";
  let start = from;
  for (const piece of piecesWithin(source.pieces, { from, to })) {
    const characters = pieceText(piece, source.stream);
    for (let index = 0; index < characters.length; index += 1) {
      const code = characters.charCodeAt(index);
      const at = piece.from + index;
      const offset = piece.offset + index * piece.bytesPerCharacter;
      const { isShown = true, isSpecial = false } = source.lookAt(offset) ?? {};
      const isEnd = code === CELL_END || code === PAGE_BREAK || (code === PARAGRAPH_END && isShown);
      if (isEnd) {
        yield { text, from: start, endsCell: code === CELL_END, properties: source.paragraphAt(offset) };
        text = "";
        start = at + 1;
      } else if (!fields.take(code) && isShown && !fields.isInCode()) {
        text += code === NOTE_MARK ? (source.marks.get(at) ?? "") : shownAs(code, isSpecial);
      }
    }
  }
  if (text !== "") yield { text, from: start, endsCell: false, properties: null };
}

function shownAs(code: number, isSpecial: boolean): string {
  if (code < 0x20 || code === 0xa0) return SHOWN.get(code) ?? "";
  return isSpecial && code === SIGN ? "" : String.fromCharCode(code);
}

function* piecesWithin(
  pieces: readonly Piece[],
  { from, to }: { readonly from: number; readonly to: number },
): Generator<Piece> {
  for (const piece of pieces) {
    const start = Math.max(piece.from, from);
    const end = Math.min(piece.to, to);
    if (start >= end) continue;
    const offset = piece.offset + (start - piece.from) * piece.bytesPerCharacter;
    yield { ...piece, from: start, to: end, offset };
  }
}

interface Fields {
  /** Whether a character is a mark of a field. */
  take(code: number): boolean;
  /** Whether the text is what a field is made of, not what it shows. */
  isInCode(): boolean;
}

function createFields(): Fields {
  const open: boolean[] = [];
  let inCode = 0;
  const close = (): void => {
    if (open.pop() === true) inCode -= 1;
  };
  return {
    take(code) {
      if (code === FIELD_START) {
        open.push(true);
        inCode += 1;
      } else if (code === FIELD_RESULT) {
        close();
        open.push(false);
      } else if (code === FIELD_END) close();
      else return false;
      return true;
    },
    isInCode: () => inCode > 0,
  };
}
