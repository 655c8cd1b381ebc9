import { analyse } from "../../lexical/analyse.ts";
import { tableCells } from "../../lexical/table-cells.ts";
import type { PassageSentence } from "./passage-sentence.ts";

/** "severity 1", "room 12b". */
const NUMBERED = /\b(\p{L}+) (\d+[a-z]?)(?![\w.,]*\d)/giu;

/**
 * Makes the test whether a row is of another number than the question: asked about severity 1, the row with 2 in the column
 * "Severity" is, wherever else in it a 1 stands.
 */
export function createOtherRowTest(question: string): (sentence: PassageSentence) => boolean {
  const asked = [...question.matchAll(NUMBERED)].flatMap(([, noun = "", number = ""]) => {
    const [term] = analyse(noun);
    return term === undefined ? [] : [{ term, number: number.toLowerCase() }];
  });
  if (asked.length === 0) return () => false;
  return ({ kind, text, columns }) => {
    const cells = kind === "table" && columns !== null ? tableCells(text) : null;
    if (cells === null || columns === null || cells.length !== columns.length) return false;
    return asked.some(({ term, number }) =>
      columns.some((name, at) => {
        const terms = analyse(name);
        const cell = (cells[at] ?? "").trim().toLowerCase();
        return terms.length === 1 && terms[0] === term && /\d/.test(cell) && cell !== number;
      }),
    );
  };
}
