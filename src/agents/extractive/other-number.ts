import { analyse } from "../../lexical/analyse.ts";
import { tableCells } from "../../lexical/table-cells.ts";
import type { PassageSentence } from "./passage-sentence.ts";

/** "severity 1", "room 12b", "exit code 3". */
const NUMBERED = /\b(\p{L}+) (\d+(?:\.\d+)*[a-z]?)\b/giu;
/** "7.5", "v1.0.3"; no amount such as "1.5 %" and no part of a name or an address. */
const VERSION = /(?<![\w.,:/$€£-])v?(\d+\.\d+(?:\.\d+)*)(?!\.\d|[\w-]|\s?%)/giu;

/**
 * Makes the test whether a sentence is about another number of something than the question, or about other versions: asked
 * about exit code 3, "exit code 4" is, and the row with 4 in the column "Code"; asked when 1.0 came out, "1.97 (released in
 * July)" is, and what stands under the heading "What is new in 1.97". "1.0" and "1.0.3" are taken for the same.
 */
export function createOtherNumberTest(question: string): (sentence: PassageSentence) => boolean {
  const versions = versionsOf(question);
  const numbers = Array.from(question.toLowerCase().matchAll(NUMBERED), ([pair, noun = "", number = ""]) => {
    const [term] = analyse(noun);
    const other = new RegExp(String.raw`\b${noun}s? \d`, "u");
    return {
      isOtherText: (text: string) => !text.includes(pair) && other.test(text),
      isOtherCell: (column: string, cell: string) =>
        analyse(column).join(" ") === term && /\d/.test(cell) && cell !== number,
    };
  });
  return ({ kind, text, columns, headings }) => {
    const lower = text.toLowerCase();
    const own = versionsOf(text);
    const told = own.length > 0 ? own : versionsOf(headings);
    if (versions.length > 0 && told.length > 0 && !holdsOneOf(versions, told)) return true;
    const cells = kind === "table" ? (tableCells(lower) ?? []) : [];
    const names = columns?.length === cells.length ? columns : [];
    return numbers.some(
      ({ isOtherText, isOtherCell }) =>
        isOtherText(lower) || names.some((name, at) => isOtherCell(name, cells[at] ?? "")),
    );
  };
}

/**
 * Whether one of some sentences tells of a version that a question names, by itself, by what it stands under or by the
 * path of its file; also where the question names none.
 */
export function tellsOfVersion(question: string, sentences: readonly PassageSentence[]): boolean {
  const asked = versionsOf(question);
  return (
    asked.length === 0 ||
    sentences.some(({ text, headings, passage }) =>
      // A folder is called `7.5` or `v7.5`.
      holdsOneOf(asked, versionsOf([text, headings, passage.hit.source.replaceAll("/", " ")].join("\n"))),
    )
  );
}

function versionsOf(text: string): readonly string[] {
  return Array.from(text.matchAll(VERSION), ([, version = ""]) => version);
}

/** Whether one version is among others, or one of its releases, or it is a release of one of them. */
function holdsOneOf(asked: readonly string[], told: readonly string[]): boolean {
  return told.some((one) =>
    asked.some((other) => `${one}.`.startsWith(`${other}.`) || `${other}.`.startsWith(`${one}.`)),
  );
}
