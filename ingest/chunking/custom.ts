import { CitewellError } from "../../src/errors.ts";
import type { Chunker, CutDocument } from "./chunker.ts";
import { trimmedSpan } from "./text-unit.ts";

/** Cuts a text into pieces, which are parts of the text in the text's order. Neighbours may overlap. */
export type CustomTextSplit = (text: string) => readonly string[] | Promise<readonly string[]>;

/** How many characters of a piece an error quotes. */
const QUOTED = 60;

/**
 * Cuts every text with a function of the caller's, and finds each piece's place in the text. Sizes are not checked. Text
 * that no piece holds is named in the report.
 *
 * Cutting throws CitewellError `usage_invalid` for a piece that does not stand in the text, and TypeError for what is no
 * list of texts.
 */
export function createCustomChunker(split: CustomTextSplit): Chunker {
  const prepared = new WeakMap<CutDocument, readonly string[]>();
  return {
    async prepare(document) {
      prepared.set(document, listOf(await split(document.text)));
    },
    *cut(document, note) {
      const { text } = document;
      let covered = 0;
      let from = 0;
      let lost = 0;
      for (const piece of prepared.get(document) ?? listOf(split(text))) {
        const wanted = piece.trim();
        if (wanted === "") continue;
        const start = find(text, wanted, { covered, from });
        if (start > covered) lost += lengthOf(text, covered, start);
        const end = start + wanted.length;
        yield { span: { start, end }, symbol: null };
        from = start + 1;
        covered = Math.max(covered, end);
      }
      lost += lengthOf(text, covered, text.length);
      if (lost > 0) note?.(`customTextSplitFunction left out ${lost.toLocaleString("en")} characters`);
    },
  };
}

function listOf(pieces: unknown): readonly string[] {
  if (Array.isArray(pieces) && pieces.every((piece) => typeof piece === "string")) return pieces;
  throw new TypeError("customTextSplitFunction must return a list of texts.");
}

/** Finds a piece in the text: right behind the pieces before it, else overlapping them, else further on. */
function find(
  text: string,
  wanted: string,
  { covered, from }: { readonly covered: number; readonly from: number },
): number {
  const next = trimmedSpan(text, { start: covered, end: text.length })?.start ?? text.length;
  if (text.startsWith(wanted, next)) return next;
  const found = text.indexOf(wanted, from);
  if (found !== -1) return found;
  throw new CitewellError(
    "usage_invalid",
    `customTextSplitFunction returned a piece that does not stand in the text after character ${from}: ` +
      `${JSON.stringify(wanted.slice(0, QUOTED))}. Return parts of the text unchanged and in its order, so that citations can name their lines.`,
  );
}

function lengthOf(text: string, start: number, end: number): number {
  return text.slice(start, end).replaceAll(/\s/g, "").length;
}
