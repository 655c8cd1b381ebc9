const ORDINAL = /(?:^|[^\p{L}\p{N}.,])\d{1,2}\.$/u;
const GERMAN_MONTH =
  /^(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|(?:Jan|Febr?|Apr|Jun|Jul|Aug|Sept?|Okt|Nov|Dez)\b)(?!\p{L})/u;
/** "15. Okt." before a year. */
const SHORT_MONTH = /(?:^|[^\p{L}\p{N}.,])\d{1,2}\. \p{Lu}\p{Ll}{2,3}\.$/u;
const YEAR = /^\d{4}(?!\d)/;
/** "im 2. OG", "vom 3. Treffen". */
const COUNTED =
  /(?:^|\s)(?:am|an|ab|beim|bis|das|dem|den|der|des|die|eine[mnr]?|im|jede[mnrs]?|vom|zum|zur)\s+\d{1,2}\.$/iu;
/** Abbreviations that never end a sentence, since what they belong to follows. */
const ABBREVIATION =
  /(?:^|[^\p{L}.])(?:Nr|Abs|Ziff|Rn|Rz|Art|bzw|ca|evtl|gem|ggf|inkl|incl|excl|exkl|lt|sog|vgl|zzgl|abzgl|z\.\s?B|d\.\s?h|u\.\s?a|núm|pág|p\.\s?ej)\.$/iu;
/** Those that may end one: "i.H.v.", "e.V.", "max.", "Std.". */
const MAY_END =
  /(?:^|[^\p{L}.])(?:(?:\p{L}{1,3}\.\s?)+\p{L}{1,3}|max|min|std|tel|usw|etc|str|mio|mrd|env|hrs?|approx)\.$/iu;
const GOES_ON = /^[\p{Ll}\d(£$€]/u;

/** The end of a quotation, behind which the sentence around it goes on. */
const ENDS_QUOTED = /^[^"“”]{0,200}["”](?:[,;]|\s+\p{Ll})/u;

/**
 * Whether a mark is none of a sentence's: "am 1. Januar 2024", "Abs. 2", "für ca. 50 Euro", and within a quotation in its
 * middle: `such as "When? Where?", is …`.
 */
export function isCutShort(before: string, after: string): boolean {
  if (isWithinQuotation(before) && ENDS_QUOTED.test(after)) return true;
  if (SHORT_MONTH.test(before) && YEAR.test(after)) return true;
  if ((ORDINAL.test(before) && GERMAN_MONTH.test(after)) || ABBREVIATION.test(before) || COUNTED.test(before))
    return true;
  return MAY_END.test(before) && GOES_ON.test(after);
}

function isWithinQuotation(text: string): boolean {
  const count = (mark: string): number => text.split(mark).length - 1;
  return count('"') % 2 === 1 || count("“") > count("”");
}
