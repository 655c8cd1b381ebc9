/** Longest heading in characters. */
const LONGEST = 100;
/** "2.5. Quorum", "2.5.1.", "3 Officers"; a number alone is a page's, unless it has a dot. */
const NUMBERED = /^[ \t]*(\d{1,3}(?:\.\d{1,3})+|\d{1,3}(?=\.[ \t]*$|\.?[ \t]+\S))\.?(?:[ \t]+(\S.*))?$/u;
/** "CHAPTER 2 - GENERAL MEETINGS", "Part 3: Staff". */
const NAMED = /^[ \t]*\p{Lu}\p{L}+[ \t]+(\d{1,3})(?:[ \t]*[-–—:.][ \t]*|[ \t]+)(\S.*)$/u;
const CAPITAL = /^["'“‘«(]*[\p{Lu}\p{Lt}\p{Lo}]/u;
/** The end of a sentence or of a part of one, the number of a page, which is no year, or the dots in front of one. */
export const NO_HEADING_END: RegExp = /(?:[.,;:!?…]|[\s.](?!(?:19|20)\d\d)\d{1,4})["'”’»)\]]*$/u;

/** A line that begins with a number. */
interface NumberedLine {
  /** Which line of the text it is. */
  readonly at: number;
  /** `[2, 5]` for 2.5. */
  readonly path: readonly number[];
  readonly words: string;
  /** Whether it is a whole number without a word such as "Chapter" in front of it. */
  readonly isPlain: boolean;
}

/**
 * Lines in which numbered headings have marks as in Markdown. Such texts have no other sign of them: "2.5. Quorum" is one
 * if the next number is 2.5.0 or 2.5.1, and "CHAPTER 2 - MEETINGS" if 2.0 or 2.1 follows. Where there are such headings,
 * a line that stands apart and counts on from the last one is a heading as well. A line of a table of contents has a page
 * behind it, or comes again. All other lines stay as they are.
 */
export function markNumberedHeadings(lines: readonly string[]): readonly string[] {
  const numbered = lines.flatMap((line, at) => readNumber(line, at) ?? []);
  const titles = numbered.filter(({ words }) => isTitle(words));
  const chapters = new Set(titles.flatMap(({ path }) => (path.length === 1 ? path : [])));
  const proven = numbered.filter((line, index) => {
    const next = numbered[index + 1];
    return next !== undefined && isTitle(line.words) && leadsTo(line, next, lines) && isCounted(line, chapters);
  });
  if (proven.length === 0) return lines;
  const last = new Map(proven.map((heading) => [keyOf(heading), heading]));
  const marks = new Map<number, string>();
  let open: readonly number[] = [];
  for (const title of titles) {
    const { at, path } = title;
    const isApart = (isEmpty(lines[at - 1]) || marks.has(at - 1)) && isEmpty(lines[at + 1]);
    if (last.get(keyOf(title)) !== title && !(isApart && goesOn(open, path))) continue;
    open = path;
    marks.set(at, "#".repeat(Math.min(6, path.length + 1)));
  }
  return lines.map((line, at) => (marks.has(at) ? `${marks.get(at)} ${line.trim()}` : line));
}

function readNumber(line: string, at: number): NumberedLine | null {
  const [, digits, words = ""] = NUMBERED.exec(line) ?? [];
  if (digits !== undefined) {
    const path = digits.split(".").map(Number);
    return { at, path, words: words.trim(), isPlain: path.length === 1 };
  }
  const [, number, name = ""] = NAMED.exec(line) ?? [];
  return number === undefined ? null : { at, path: [Number(number)], words: name.trim(), isPlain: false };
}

function isTitle(words: string): boolean {
  return words.length <= LONGEST && CAPITAL.test(words) && !NO_HEADING_END.test(words);
}

/** Whether the next number is the first one below that of a line. */
function leadsTo({ at, path }: NumberedLine, next: NumberedLine, lines: readonly string[]): boolean {
  if (next.path.length !== path.length + 1 || (next.path.at(-1) ?? 0) > 1) return false;
  // A clause goes on in the next line, or its parts complete it.
  if (/^\p{Ll}/u.test(next.words)) return false;
  return path.every((number, depth) => next.path[depth] === number) && (next.at === at + 1 || isEmpty(lines[at + 1]));
}

/** Whether a number follows another one: 2.6, 3 or 2.5.1 behind 2.5. */
function goesOn(open: readonly number[], path: readonly number[]): boolean {
  const [number = 0, depth] = [path.at(-1), path.length - 1];
  if (open.length < depth || path.slice(0, depth).some((one, index) => open[index] !== one)) return false;
  return open.length === depth ? depth > 0 && number <= 1 : number === (open[depth] ?? 0) + 1;
}

/** Whether a line has nothing on it, or is none. */
export function isEmpty(line: string | undefined): boolean {
  return (line ?? "").trim() === "";
}

/** Whether the number before or behind a plain one has words as well: numbers in tables seldom count. */
function isCounted({ isPlain, path: [number = 0] }: NumberedLine, chapters: ReadonlySet<number>): boolean {
  return !isPlain || chapters.has(number - 1) || chapters.has(number + 1);
}

function keyOf({ path, words }: NumberedLine): string {
  return `${path.join(".")} ${words.toLowerCase()}`;
}
