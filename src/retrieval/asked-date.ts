import { analyse } from "../lexical/analyse.ts";
import { findDate, findYearless } from "../lexical/date-wording.ts";

/** What may tell of which day a part of a document is: its headings, the document's title, the name of the file. */
export interface Dated {
  readonly heading?: string | null;
  readonly title: string | null;
  readonly source: string;
}

/** The day or month that a question names. */
export interface AskedDate {
  /** Its terms as they are written in the question. */
  readonly terms: ReadonlySet<string>;
  /** Whether a part of a document is dated by it, as in a diary. */
  readonly isDateOf: (part: Dated) => boolean;
}

const YEAR_LENGTH = "2025-".length;

/** Reads the date of a question; null without a month. One without a year is that of any year. */
export function readAskedDate(question: string): AskedDate | null {
  const dated = findDate(question);
  const asked = dated ?? findYearless(question);
  if (asked === null) return null;
  return {
    terms: new Set(analyse(asked.words)),
    isDateOf: (part) => dayOf(part)?.startsWith(asked.iso, dated === null ? YEAR_LENGTH : 0) === true,
  };
}

/** The day of a part of a document, nearest first: "2025-06-14", or "2025-06"; null where nothing tells it. */
export function dayOf({ heading, title, source }: Dated): string | null {
  const name = source.slice(source.lastIndexOf("/") + 1);
  const days = [heading, title, name].map((text) => findDate(text ?? "")?.iso);
  return days.find((day) => day !== undefined) ?? null;
}
