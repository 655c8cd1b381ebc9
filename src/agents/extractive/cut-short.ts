const ORDINAL = /(?:^|[^\p{L}\p{N}.,])\d{1,2}\.$/u;
const GERMAN_MONTH =
  /^(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|(?:Jan|Febr?|Apr|Jun|Jul|Aug|Sept?|Okt|Nov|Dez)\b)(?!\p{L})/u;
/** "15. Okt." before a year. */
const SHORT_MONTH = /(?:^|[^\p{L}\p{N}.,])\d{1,2}\. \p{Lu}\p{Ll}{2,3}\.$/u;
const YEAR = /^\d{4}(?!\d)/;
/** German abbreviations that never end a sentence, since what they belong to follows. */
const GERMAN_ABBREVIATION = /(?:^|[^\p{L}])(?:Nr|Abs|Ziff|Rn|bzw|vgl|ggf|inkl|zzgl)\.$/u;

/** Whether a full stop is none of a sentence's: "am 1. Januar 2024", "Abs. 2", as German writes them. */
export function isCutShort(before: string, after: string): boolean {
  if (SHORT_MONTH.test(before) && YEAR.test(after)) return true;
  return (ORDINAL.test(before) && GERMAN_MONTH.test(after)) || GERMAN_ABBREVIATION.test(before);
}
