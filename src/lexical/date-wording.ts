/** The names of the months as people write them, shortened or not, by language. */
const MONTHS: readonly (readonly string[])[] = [
  ["january", "jan", "januar", "jänner", "janvier", "enero"],
  ["february", "feb", "februar", "février", "febrero"],
  ["march", "mar", "märz", "mars", "marzo"],
  ["april", "apr", "avril", "abril"],
  ["may", "mai", "mayo"],
  ["june", "jun", "juni", "juin", "junio"],
  ["july", "jul", "juli", "juillet", "julio"],
  ["august", "aug", "août", "agosto"],
  ["september", "sep", "sept", "septembre", "septiembre"],
  ["october", "oct", "okt", "oktober", "octobre", "octubre"],
  ["november", "nov", "novembre", "noviembre"],
  ["december", "dec", "dez", "dezember", "décembre", "diciembre"],
];

const NAME = MONTHS.flat()
  .toSorted((left, right) => right.length - left.length)
  .join("|");
const YEAR = String.raw`(?<year>(?:19|20)\d{2})(?![\d-])`;
const DAY = String.raw`(?<day>0?[1-9]|[12]\d|3[01])`;

/** Dates in words: "14 June 2025", "June 14th, 2025", "14. Juni 2025", "14 de junio de 2025", "May 2011". */
const IN_WORDS: readonly RegExp[] = [
  String.raw`(?<![\d.-])${DAY}(?:st|nd|rd|th|\.|er)?(?: of| de)? (?<month>${NAME})\.?,?(?: de)? ${YEAR}`,
  String.raw`(?<!\p{L})(?<month>${NAME})\.? ${DAY}(?:st|nd|rd|th)?,? ${YEAR}`,
  String.raw`(?<!\p{L})(?<month>${NAME})\.?,?(?: of| de)? ${YEAR}`,
].map((pattern) => new RegExp(pattern, "iu"));
/**
 * Dates in numbers, the year first or last: "2025-06-14", "2025-06", "20250614" and "2025_06_14" as files are called,
 * "14.6.2025". A month and a day with slashes may be either.
 */
const IN_NUMBERS: readonly RegExp[] = [
  /(?<![\d-])(?<year>(?:19|20)\d{2})(?<mark>[-_. ]?)(?<month>0[1-9]|1[0-2])(?:\k<mark>(?<day>0[1-9]|[12]\d|3[01])|(?<=-..))(?!\d|-\d)/u,
  /(?<![\d.])(?<day>0?[1-9]|[12]\d|3[01])\. ?(?<month>0?[1-9]|1[0-2])\. ?(?<year>(?:19|20)\d{2})(?!\d|\.\d)/u,
];

/** The same without a year; a month alone needs a word in front, since "may" is one as well. */
const WITHOUT_YEAR: readonly RegExp[] = [
  String.raw`(?<![\d.-])${DAY}(?:st|nd|rd|th|\.|er)?(?: of| de)? (?<month>${NAME})(?!\p{L})`,
  String.raw`(?<!\p{L})(?<month>${NAME})\.? ${DAY}(?:st|nd|rd|th)?(?![\d:.]|\s?[ap]m\b)`,
  String.raw`(?<!\p{L})(?:in|during|since|until|im|seit|en) (?<month>${NAME})(?!\p{L})`,
].map((pattern) => new RegExp(pattern, "iu"));

/** A date in a text. */
export interface WrittenDate {
  /** As files and titles have it: "2025-06-14", or "2025-06" where no day is named. */
  readonly iso: string;
  /** As it is written. */
  readonly words: string;
  readonly at: number;
  readonly isInWords: boolean;
}

/** The first date of a text that names a year and a month; null without one. */
export function findDate(text: string): WrittenDate | null {
  return firstOf([...IN_WORDS, ...IN_NUMBERS], text);
}

/** The first day of a year or month without a year, in words: "06-14", or "06" where no day is named. */
export function findYearless(text: string): Pick<WrittenDate, "iso" | "words"> | null {
  return firstOf(WITHOUT_YEAR, text);
}

/** What the first of the forms that a text has says. */
function firstOf(forms: readonly RegExp[], text: string): WrittenDate | null {
  for (const form of forms) {
    const found = form.exec(text);
    if (found === null) continue;
    const { year, month = "", day } = found.groups ?? {};
    const isInWords = !/^\d/.test(month);
    const number = isInWords ? numberOf(month) : Number(month);
    const parts = [year, twoDigits(number), day === undefined ? undefined : twoDigits(Number(day))];
    const iso = parts.filter((part) => part !== undefined).join("-");
    return { iso, words: found[0], at: found.index, isInWords };
  }
  return null;
}

/** From 1. */
function numberOf(month: string): number {
  return MONTHS.findIndex((names) => names.includes(month.toLowerCase())) + 1;
}

/**
 * The question with its date as files and titles have it ("2025-06-14" for "14 June 2025"), or in words where it has that
 * form; null without a year and a month.
 */
export function otherDateWording(question: string): string | null {
  const date = findDate(question);
  if (date === null) return null;
  const other = date.isInWords ? date.iso : inWords(date.iso);
  return `${question.slice(0, date.at)}${other}${question.slice(date.at + date.words.length)}`;
}

function inWords(iso: string): string {
  const [year = "", month = "", day] = iso.split("-");
  const [name = ""] = MONTHS[Number(month) - 1] ?? [];
  return [
    ...(day === undefined ? [] : [String(Number(day))]),
    `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
    year,
  ].join(" ");
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
