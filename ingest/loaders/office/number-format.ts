/** What a number in a spreadsheet stands for, by the format that it is shown in. */
export type NumberKind = "number" | "percent" | "date" | "time" | "duration" | "date and time";

/** How a number is shown. */
export interface NumberFormat {
  readonly kind: NumberKind;
  /** Currency with its place, such as `€`; else empty. */
  readonly currency: string;
}

const PLAIN: NumberFormat = { kind: "number", currency: "" };
/** Excel lets nobody write a longer code, in characters; a file may hold one all the same. */
const LONGEST_CODE = 255;
const DAY_MS = 86_400_000;
/** Days from the beginning of 1900 as Excel counts, with a 29 February that never was, to 1970. */
const DAYS_TO_1970 = 25_569;
const DAYS_FROM_1900_TO_1904 = 1_462;
/** 31 December 9999, the last day that Excel knows. */
const LAST_DAY = 2_958_466;

/** The format of a number in the list that every Excel file relies on; some are dates in East Asian editions only. */
export function builtInFormat(id: number): NumberFormat {
  if (id === 9 || id === 10) return { kind: "percent", currency: "" };
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id === 36 || (id >= 50 && id <= 58)) return of("date");
  if (id === 46) return of("duration");
  if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47)) return of("time");
  return id === 22 ? of("date and time") : PLAIN;
}

/** What a format code such as `yyyy-mm-dd` or `0.0%` says. */
export function readFormatCode(code: string): NumberFormat {
  // The parts are for positive and negative numbers, zero and text.
  const [first = ""] = code.slice(0, LONGEST_CODE).split(";");
  const currency = /\[\$([^\]-]+)/.exec(first)?.[1] ?? /["\s]?([$€£¥₹])/.exec(first)?.[1] ?? "";
  const bare = first
    .replaceAll(/"[^"]*"|\\.|_.|\*./g, "")
    .replaceAll(/\[[^\]]*\]/g, "")
    .replaceAll(/general|standard|a\/p|am\/pm/gi, "");
  if (/\[(?:h+|m+|s+)\]/i.test(first)) return of("duration");
  const hasTime = /[hs]/i.test(bare);
  const hasDate = /[yd]/i.test(bare) || (!hasTime && /m/i.test(bare));
  if (hasDate) return of(hasTime ? "date and time" : "date");
  if (hasTime) return of("time");
  return { kind: bare.includes("%") ? "percent" : "number", currency: currency.trim() };
}

function of(kind: NumberKind): NumberFormat {
  return { kind, currency: "" };
}

/** A number as a reader knows it: dates as `2026-11-20`, times as `14:30`, shares as `12.5%`, else the number itself. */
export function showNumber(
  value: number,
  { kind, currency }: NumberFormat,
  { is1904 = false }: { readonly is1904?: boolean } = {},
): string {
  if (kind === "percent") return `${rounded(value * 100)}%`;
  const isDate = kind === "date" || kind === "date and time";
  const days = isDate && is1904 ? value + DAYS_FROM_1900_TO_1904 : value;
  if (kind === "number" || days < 0 || days >= LAST_DAY)
    return `${rounded(value)}${currency === "" ? "" : ` ${currency}`}`;
  if (kind === "duration" && value >= 1) return `${Math.floor(value * 24 + 1e-9)}:${clock(value).slice(3)}`;
  // The time of a day that is not shown.
  if (kind === "time" || days < 1) return clock(days);
  // Before March 1900 Excel is one day behind.
  const shift = days < 61 ? 1 : 0;
  const [date = "", time = ""] = new Date(Math.round((days + shift - DAYS_TO_1970) * DAY_MS)).toISOString().split("T");
  return kind === "date" || time.startsWith("00:00:00") ? date : `${date} ${clock(days)}`;
}

/** Hours and minutes of a fraction of a day, and seconds where there are any. */
function clock(days: number): string {
  const seconds = Math.round((days % 1) * 86_400) % 86_400;
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return (parts[2] === 0 ? parts.slice(0, 2) : parts).map((part) => String(part).padStart(2, "0")).join(":");
}

/** Digits that a number has without an error of its binary form, and a point. */
const EXACT_LENGTH = 16;

/** Without the last digits, which are an error of the binary form: 0.1 + 0.2 is 0.3. */
function rounded(value: number): string {
  const digits = String(value);
  return digits.length <= EXACT_LENGTH ? digits : String(Number(value.toPrecision(EXACT_LENGTH - 1)));
}
