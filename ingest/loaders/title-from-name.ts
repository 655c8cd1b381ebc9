import { isPageAddress } from "../../src/domain/document.ts";
import { tidyTitle } from "./loader.ts";
import { percentDecoded } from "./percent-decoded.ts";

/** Names that programs and habits give to any content. */
const SAYS_NOTHING =
  /^(?:readme|index|default|main|untitled|unnamed|unbenannt|document|new document|file|page|text|scan|img|dsc|image|tmp|temp)[\s\d()]*$/i;
/** What Notion puts behind the name of a page. */
const PAGE_HASH = /[\s-]+[0-9a-f]{32}$/;
/** How Logseq writes the `/` between the parts of a name. */
const PART_MARK = "___";
const DATE = /^(\d{4})[-_.]?(\d\d)[-_.]?(\d\d)$/;

/**
 * A title from the name of a file that has none of its own: in notes the name is the title, and often the only place where
 * a person or a thing is named. A date gets its folder's name in front (`Daily 2026-03-05`). Null for addresses, and for
 * names that say nothing (`index`, `scan 12`, a row of digits).
 */
export function titleFromName(source: string): string | null {
  if (isPageAddress(source)) return null;
  const parts = source.split("/");
  // Programs write so what a file system does not allow.
  const stem = percentDecoded((parts.at(-1) ?? "").replace(/(?<=.)\.[^.\s]{1,10}$/, "").replace(PAGE_HASH, ""));
  const date = DATE.exec(stem);
  if (date !== null) return tidyTitle([spaced(parts.at(-2) ?? ""), date.slice(1).join("-")].join(" "));
  const name = spaced(stem);
  return SAYS_NOTHING.test(name) || !hasWords(name) ? null : tidyTitle(name);
}

/** A day in a file's name: "2025-06-14 Minutes.md", "minutes_2025_06_14.txt". */
const DAY_IN_NAME = /(?<!\d)((?:19|20)\d{2})[-_.](0[1-9]|1[0-2])[-_.](0[1-9]|[12]\d|3[01])(?!\d)/;

/**
 * A title with the day that stands in the file's name only: every minutes of a club are called "Minutes", and which day's
 * they are is in the name. As it is where it has this day, or the name has none.
 */
export function withDayOfName(title: string, source: string): string {
  const day = isPageAddress(source) ? null : DAY_IN_NAME.exec(source.split("/").at(-1) ?? "");
  if (day === null) return title;
  const numbers = new Set(title.match(/\d+/g)?.map(Number));
  const [year = 0, , date = 0] = day.slice(1).map(Number);
  return numbers.has(year) && numbers.has(date) ? title : (tidyTitle(`${title} (${day.slice(1).join("-")})`) ?? title);
}

/** A name whose words are joined by other characters than blanks, with blanks. */
function spaced(name: string): string {
  const parts = name.replaceAll(PART_MARK, " / ");
  return /\s/.test(name) ? parts : parts.replaceAll(/[_+]+|(?<=\p{L})-|-(?=\p{L})/gu, " ");
}

/** Whether a name has a word in it, and is not mainly a number: two letters, or one of a script without an alphabet. */
function hasWords(name: string): boolean {
  const count = (pattern: RegExp): number => (name.match(pattern) ?? []).length;
  const letters = count(/\p{L}/gu);
  const isId = /^[0-9a-f-]{12,}$/i.test(name) || (name.length > 8 && count(/\d/g) > letters);
  return !isId && /\p{L}{2}|\p{Lo}/u.test(name);
}
