import { FIELD } from "../../lexical/line-forms.ts";
import { dayOf } from "../../retrieval/asked-date.ts";
import { lastHeading, type PassageSentence } from "./passage-sentence.ts";

/** "In which version was it added", "since which release". */
const ASKS_FOR_VERSION = /\b(?:which|what|welche[rmns]?|quelle|qué) (?:versi[oó]n|release)\b/i;
const ASKS_FOR_TIME =
  /^\s*(?:and )?(?:when (?:was|were|did|has|have)|since when|wann|seit wann|quand|depuis quand|cuándo|desde cuándo)\b/i;
const VERSION = /(?<![\w.,-])v?\d+\.\d+(?:\.\d+)*(?![\w,-])/;
const DATE = /\b\d{4}-\d\d(?:-\d\d)?\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\b(?:19|20)\d{2}\b/;
/** A table's row, or a level of data, is no heading that people read. */
const LONGEST_HEADING = 80;
/** Words that count from the day on which they are said, beside those that tell a time anywhere. */
const REFERS_TO_DAY =
  /\b(?:tomorrow|tonight|just|recently|lately|this (?:morning|afternoon|evening)|last night|heute|gestern|vorgestern|morgen|(?:letzte|diese|nächste|vorige)[nmrs]? \p{L}+|gerade|eben|neulich|kürzlich|hier|aujourd['’]hui|demain|hoy|ayer|mañana)\b/iu;
/** "2025-06-14". */
const DAY_LENGTH = 10;

/**
 * What is quoted in front of a sentence because it says nothing without it: the keys above a line of data; whose field it is
 * in a record; who says it in a chat; and for a question in which version, or when, the heading that tells it where the
 * sentence does not, as in notes about releases.
 */
export function labelOf(question: string, sentence: PassageSentence): string | null {
  const { label = recordOf(sentence), turn } = sentence;
  if (label !== undefined) return label === "" ? null : label;
  const parts = [turn?.speaker, toldAbove(question, sentence)].filter((part) => typeof part === "string");
  return parts.length === 0 ? null : parts.join(", ");
}

/** Whose field a line of a record is, as its first field tells that is the heading: "Name: Mara Quist"; else undefined. */
function recordOf(sentence: PassageSentence): string | undefined {
  const named = sentence.kind === "prose" && FIELD.test(sentence.text) ? FIELD.exec(lastHeading(sentence)) : null;
  return named?.groups?.["value"];
}

function toldAbove(question: string, { kind, text, headings, turn, passage }: PassageSentence): string | null {
  const asksTime = ASKS_FOR_TIME.test(question);
  const wanted = ASKS_FOR_VERSION.test(question) ? VERSION : asksTime ? DATE : null;
  if (wanted === null || kind === "code" || wanted.test(text)) return null;
  const heading = headingWith(wanted, headings);
  if (!asksTime) return heading;
  return turn?.time ?? heading ?? writtenOn(passage.hit);
}

function headingWith(wanted: RegExp, headings: string): string | null {
  const [, ...above] = headings.split("\n");
  return above.findLast((one) => one.length <= LONGEST_HEADING && wanted.test(one)) ?? null;
}

/** The day of a document, as of minutes or a diary. */
function writtenOn(hit: PassageSentence["passage"]["hit"]): string | null {
  const day = dayOf(hit);
  return day?.length === DAY_LENGTH ? day : null;
}

/**
 * Whether a sentence, for a question when, only has the time at which it was said or written, and does not refer to it: "I
 * love my boat" does not say when it was bought.
 */
export function isOnlyDated(question: string, sentence: PassageSentence): boolean {
  const { text, headings, turn, passage } = sentence;
  if (!ASKS_FOR_TIME.test(question) || toldAbove(question, sentence) === null) return false;
  const isOfEvent = turn === undefined && headingWith(DATE, headings) !== null;
  return !isOfEvent && (turn !== undefined || writtenOn(passage.hit) !== null) && !REFERS_TO_DAY.test(text);
}

/** A sentence as it is understood with its label in front. */
export function labelledText(question: string, sentence: PassageSentence): string {
  const label = labelOf(question, sentence);
  return label === null ? sentence.text : `${label}: ${sentence.text}`;
}
